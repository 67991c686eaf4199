/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the files of queries share: each fills its part of the port's table, and reaches the database behind it. */
#pragma once

#include "domain/ports/picture-store.h"
#include "domain/ports/store.h"
#include "domain/ports/studio-store.h"
#include "store/database.h"

G_BEGIN_DECLS

GrDatabase *gr_store_get_database (GrStore *store);

/* Turns a query that changes rows into success, and a query that changed none into GR_ERROR_NOT_FOUND with @message
 * (NULL: none is fine). Takes @rows, which may be NULL with @error set. */
gboolean gr_store_changed (GrRows *rows, const char *message, GError **error);

/* Reads the first row with @read; GR_ERROR_NOT_FOUND with @message when there is none. Takes @rows likewise. */
gpointer gr_store_read_one (GrRows *rows, gpointer (*read) (GrRows *rows), const char *message, GError **error);

/* Reads all rows into an array that frees its items. Takes @rows likewise. */
GPtrArray *gr_store_read_all (GrRows *rows, gpointer (*read) (GrRows *rows), GDestroyNotify free_item);

/* Reads the yes or no in the first column. Takes @rows likewise. */
gboolean gr_store_read_answer (GrRows *rows, gboolean *answer);

/* Whether @sql counts fewer than @most for @owner; CONFLICT with @sentence otherwise. Within a transaction. */
gboolean gr_store_check_count (
    GrConnection *connection, const char *sql, const char *owner, gint64 most, const char *sentence, GError **error);

/* Where a page of a list that runs from the newest id to the oldest begins. */
#define GR_PAGE_BEFORE(after) GR_TEXT ((after) != NULL ? (after) : "~")

void gr_store_implement_accounts (GrStoreInterface *iface);
void gr_store_implement_sessions (GrStoreInterface *iface);
void gr_store_implement_rooms (GrStoreInterface *iface);
void gr_store_implement_invites (GrStoreInterface *iface);
void gr_store_implement_seats (GrStoreInterface *iface);
void gr_store_implement_bans (GrStoreInterface *iface);
void gr_store_implement_messages (GrStoreInterface *iface);
void gr_store_implement_housekeeping (GrStoreInterface *iface);
void gr_store_implement_broadcasts (GrStudioStoreInterface *iface);
void gr_store_implement_destinations (GrStudioStoreInterface *iface);
void gr_store_implement_recordings (GrStudioStoreInterface *iface);
void gr_store_implement_pictures (GrPictureStoreInterface *iface);

/* Shared by accounts.c and sessions.c, as by invites.c and seats.c: the columns of a row from @first on. */
#define GR_ACCOUNT_COLUMNS                                                                                             \
  "accounts.id, accounts.email, accounts.name, accounts.password_hash, accounts.role, accounts.created_at"
#define GR_INVITE_COLUMNS "code, room_id, role, uses, used, created_at, expires_at"

gpointer gr_store_read_account (GrRows *rows);
gpointer gr_store_read_invite (GrRows *rows);

/* Whether @invite still works; GR_ERROR_INVITE_EXPIRED otherwise. */
gboolean gr_store_check_invite (const GrInvite *invite, gint64 now, GError **error);

G_END_DECLS
