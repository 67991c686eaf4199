/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the store's tests share: each test is one body that runs on an empty SQLite file and on an empty PostgreSQL
 * database (of tests/lib/with-postgres.sh), and helpers that make things with sensible values. */
#pragma once

#include "base/error.h"
#include "base/id.h"
#include "domain/ports/studio-store.h"
#include "store/database.h"
#include "store/store.h"

#define NOW G_GINT64_CONSTANT (1800000000000000)
#define HOUR G_TIME_SPAN_HOUR

typedef struct
{
  char *url; /* NULL: SQLite */
  char *folder;
  GrStore *store;
} StoreFixture;

typedef void (*StoreTest) (StoreFixture *fixture, gconstpointer engine);

void add_store_test (const char *name, StoreTest test);

/* The tests of a file. */
void add_account_tests (void);
void add_session_tests (void);
void add_room_tests (void);
void add_seat_tests (void);
void add_database_tests (void);
void add_studio_tests (void);

/* Opens the database behind the store, without its tables being touched. */
GrDatabase *open_database (StoreFixture *fixture);
gboolean is_postgresql (StoreFixture *fixture);

/* Runs one statement on the database. */
void execute (StoreFixture *fixture, const char *sql);

/* Seats taken now. */
gint count_seats (StoreFixture *fixture, const char *room_id);

/* The id of a new account, room. The caller's. */
char *make_account (StoreFixture *fixture, const char *name, GrRole role);
char *make_room (StoreFixture *fixture, const char *slug, const char *owner_id, GrVisibility visibility, gint capacity);
void make_invite (
    StoreFixture *fixture, const char *code, const char *room_id, GrRoomRole role, gint uses, gint64 expires_at);
char *make_message (StoreFixture *fixture, const char *room_id, const char *text);

/* A join with new ids by whoever has @account_id. Its strings are interned. */
GrJoin join_as (const char *room_id, const char *account_id, const char *invite);

/* Checks that @error is @code at @field (or NULL) and clears it. */
void expect_error (GError **error, GrErrorCode code, const char *field);

/* Runs @work in @n_threads at once, each with its number; how many of them returned TRUE. */
typedef gboolean (*Work) (StoreFixture *fixture, guint number, gpointer data);
guint run_at_once (StoreFixture *fixture, guint n_threads, Work work, gpointer data);
