/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GrDatabase: connections to one SQLite file or PostgreSQL database, and transactions on them. Owned by the store; any
 * thread, every call blocks. The SQL is the same for both engines, with $1 … $n for values.
 *
 * A GrConnection is lent to one transaction at a time. Statements are prepared once per connection and found again by
 * their text, so the text must be a constant.
 *
 * Errors: GR_ERROR_UNAVAILABLE while the database is away or overloaded; GR_ERROR_NOT_FOUND when a row refers to one
 * that is gone; GR_ERROR_CONFLICT for a key that exists; otherwise GR_ERROR_INTERNAL. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _GrDatabase GrDatabase;
typedef struct _GrConnection GrConnection;
typedef struct _GrRows GrRows;

typedef enum
{
  GR_READ,
  GR_WRITE,
} GrAccess;

typedef enum
{
  GR_VALUE_TEXT,
  GR_VALUE_INTEGER,
} GrValueKind;

/* A value for a $n; text may be NULL. */
typedef struct
{
  GrValueKind kind;
  const char *text;
  gint64 integer;
} GrValue;

#define GR_MAX_VALUES 16

#define GR_TEXT(value) ((GrValue){ .kind = GR_VALUE_TEXT, .text = (value) })
#define GR_INTEGER(value) ((GrValue){ .kind = GR_VALUE_INTEGER, .integer = (value) })

/* The two arguments `values, n_values` of a query. */
#define GR_VALUES(...) (const GrValue[]){ __VA_ARGS__ }, sizeof ((const GrValue[]){ __VA_ARGS__ }) / sizeof (GrValue)
#define GR_NO_VALUES NULL, 0

/* What is done in a transaction. It may be run several times, so it has no effect but through @connection and on
 * what it fills in @data afresh each time. TRUE commits, FALSE rolls back. */
typedef gboolean (*GrTransaction) (GrConnection *connection, gpointer data, GError **error);

/* @url: NULL or "" for the file greenroom.db in @data_dir (made if need be, for our eyes only), or
 * "postgresql://…". At most @pool_size connections, plus the one that writes to SQLite. GR_ERROR_INVALID_INPUT for a
 * URL that is neither. */
GrDatabase *gr_database_open (const char *url, const char *data_dir, gint pool_size, GError **error);

/* No transaction may be under way. */
void gr_database_free (GrDatabase *database);

/* Runs @transaction, again when another one was in its way. GR_READ promises not to write. */
gboolean
gr_database_transact (GrDatabase *database, GrAccess access, GrTransaction transaction, gpointer data, GError **error);

/* One statement that is a transaction of its own. */
GrRows *gr_database_query (
    GrDatabase *database, GrAccess access, const char *sql, const GrValue *values, gsize n_values, GError **error);

/* One statement within a transaction. */
GrRows *
gr_connection_query (GrConnection *connection, const char *sql, const GrValue *values, gsize n_values, GError **error);

/* Moves to the next row, at first to the first one; FALSE when there is none. */
gboolean gr_rows_next (GrRows *rows);

/* The columns of the row, counted from 0. Text belongs to @rows and is NULL for NULL. */
const char *gr_rows_text (GrRows *rows, guint column);
char *gr_rows_dup (GrRows *rows, guint column);
gint64 gr_rows_integer (GrRows *rows, guint column);
gboolean gr_rows_boolean (GrRows *rows, guint column);

/* How many rows the statement inserted, updated or deleted. */
gint64 gr_rows_changed (GrRows *rows);

void gr_rows_free (GrRows *rows);

/* Brings the tables to version @last, or to the newest for 0. GR_ERROR_CONFLICT when the database was made by a newer
 * Greenroom. Several processes may do this at once. */
gboolean gr_database_migrate (GrDatabase *database, guint last, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GrDatabase, gr_database_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GrRows, gr_rows_free)

G_END_DECLS
