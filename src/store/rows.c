/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GrRows: the result of a statement, copied out of the engine so that its connection is free at once. */
#include "store/engine.h"

struct _GrRows
{
  GStringChunk *texts;
  GPtrArray *cells;
  guint n_columns;
  gint64 changed;
  gint64 row; /* -1 before the first */
};

GrRows *
gr_rows_new (guint n_columns)
{
  GrRows *rows = g_new0 (GrRows, 1);

  rows->texts = g_string_chunk_new (512);
  rows->cells = g_ptr_array_new ();
  rows->n_columns = n_columns;
  rows->row = -1;
  return rows;
}

void
gr_rows_add (GrRows *rows, const char *text)
{
  g_ptr_array_add (rows->cells, text != NULL ? g_string_chunk_insert (rows->texts, text) : NULL);
}

void
gr_rows_set_changed (GrRows *rows, gint64 changed)
{
  rows->changed = changed;
}

gboolean
gr_rows_next (GrRows *rows)
{
  if ((rows->row + 1) * rows->n_columns >= rows->cells->len)
    return FALSE;

  rows->row++;
  return TRUE;
}

const char *
gr_rows_text (GrRows *rows, guint column)
{
  g_assert (rows->row >= 0 && column < rows->n_columns);

  return g_ptr_array_index (rows->cells, rows->row * rows->n_columns + column);
}

char *
gr_rows_dup (GrRows *rows, guint column)
{
  return g_strdup (gr_rows_text (rows, column));
}

gint64
gr_rows_integer (GrRows *rows, guint column)
{
  const char *text = gr_rows_text (rows, column);

  return text != NULL ? g_ascii_strtoll (text, NULL, 10) : 0;
}

/* EXISTS and comparisons are t or f in PostgreSQL, 1 or 0 in SQLite. */
gboolean
gr_rows_boolean (GrRows *rows, guint column)
{
  const char *text = gr_rows_text (rows, column);

  return text != NULL && (text[0] == 't' || text[0] == '1');
}

gint64
gr_rows_changed (GrRows *rows)
{
  return rows->changed;
}

void
gr_rows_free (GrRows *rows)
{
  g_string_chunk_free (rows->texts);
  g_ptr_array_unref (rows->cells);
  g_free (rows);
}
