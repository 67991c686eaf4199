/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What an engine (sqlite.c, postgresql.c) does for GrDatabase. Used by database.c and migrations.c only. A connection
 * is used by one thread at a time. */
#pragma once

#include "store/database.h"

G_BEGIN_DECLS

typedef struct
{
  const char *name;       /* also the folder of its migrations */
  gboolean single_writer; /* reads and writes have connections of their own, and one writes */
  const char *begin_read;
  const char *begin_write;
  const char *begin_migration; /* waits as long as it takes until no other process migrates */

  GrConnection *(*connect) (const char *location, GrAccess access, GError **error);
  void (*close) (GrConnection *connection);

  /* Whether an idle connection is still good; FALSE has it replaced. */
  gboolean (*is_alive) (GrConnection *connection);

  GrRows *(*query) (GrConnection *connection, const char *sql, const GrValue *values, gsize n_values, GError **error);

  /* Several statements without values and results. */
  gboolean (*run_script) (GrConnection *connection, const char *script, GError **error);
} GrEngine;

extern const GrEngine gr_sqlite_engine;
extern const GrEngine gr_postgresql_engine;

/* The head of an engine's own structure. */
struct _GrConnection
{
  const GrEngine *engine;
  gboolean again;  /* set with an error: the same transaction may succeed when run again */
  gboolean lost;   /* set with an error: the connection is of no more use */
  gint64 patience; /* µs that a statement may take */
};

/* For engines: rows are filled cell by cell, row by row. */
GrRows *gr_rows_new (guint n_columns);
void gr_rows_add (GrRows *rows, const char *text);
void gr_rows_set_changed (GrRows *rows, gint64 changed);

/* Lends a connection; UNAVAILABLE when none comes free or can be made. */
GrConnection *gr_database_acquire (GrDatabase *database, GrAccess access, GError **error);
void gr_database_release (GrDatabase *database, GrAccess access, GrConnection *connection);

G_END_DECLS
