/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ctl/output.h"

#include <json-glib/json-glib.h>
#include <stdio.h>

#define GAP 2

struct _GrTable
{
  const char *const *titles;
  guint n_columns;
  GPtrArray *cells;
};

static gboolean
is_hidden (gunichar c)
{
  GUnicodeType type = g_unichar_type (c);

  /* The joiner of emoji. Other formats can turn a line around (U+202E), so they are no more welcome than escapes. */
  if (c == 0x200d)
    return FALSE;

  return type == G_UNICODE_CONTROL || type == G_UNICODE_FORMAT || type == G_UNICODE_LINE_SEPARATOR
         || type == G_UNICODE_PARAGRAPH_SEPARATOR;
}

/* Cells of a terminal that @text fills. */
static guint
text_width (const char *text)
{
  guint width = 0;

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (!g_unichar_iszerowidth (c))
        width += g_unichar_iswide (c) ? 2 : 1;
    }

  return width;
}

static void
print_row (GString *line, const char *const *cells, const guint *widths, guint n_columns)
{
  g_string_truncate (line, 0);

  for (guint column = 0; column < n_columns; column++)
    {
      g_string_append (line, cells[column]);

      for (guint i = text_width (cells[column]); i < widths[column] + GAP; i++)
        g_string_append_c (line, ' ');
    }

  while (line->len > 0 && line->str[line->len - 1] == ' ')
    g_string_truncate (line, line->len - 1);

  puts (line->str);
}

GrTable *
gr_table_new (const char *const *titles)
{
  GrTable *table = g_new0 (GrTable, 1);

  table->titles = titles;
  table->n_columns = g_strv_length ((char **) titles);
  table->cells = g_ptr_array_new_with_free_func (g_free);

  return table;
}

void
gr_table_free (GrTable *table)
{
  g_ptr_array_unref (table->cells);
  g_free (table);
}

void
gr_table_add (GrTable *table, const char *text)
{
  g_ptr_array_add (table->cells, gr_printable (text != NULL ? text : ""));
}

void
gr_table_add_format (GrTable *table, const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  gr_table_add (table, text);
}

void
gr_table_print (GrTable *table)
{
  const char *const *cells = (const char *const *) table->cells->pdata;
  g_autofree guint *widths = g_new0 (guint, table->n_columns);
  g_autoptr (GString) line = g_string_new (NULL);

  for (guint column = 0; column < table->n_columns; column++)
    widths[column] = text_width (table->titles[column]);

  for (guint i = 0; i < table->cells->len; i++)
    {
      guint column = i % table->n_columns;

      widths[column] = MAX (widths[column], text_width (cells[i]));
    }

  print_row (line, table->titles, widths, table->n_columns);

  for (guint i = 0; i + table->n_columns <= table->cells->len; i += table->n_columns)
    print_row (line, cells + i, widths, table->n_columns);
}

void
gr_print_fact (const char *name, const char *format, ...)
{
  g_autofree char *text = NULL;
  g_autofree char *printable = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);

  printable = gr_printable (text);
  printf ("%-12s  %s\n", name, printable);
}

void
gr_print_json (GVariant *value)
{
  g_autoptr (GVariant) sunk = g_variant_ref_sink (value);
  g_autoptr (JsonNode) node = json_gvariant_serialize (sunk);
  g_autofree char *text = json_to_string (node, TRUE);

  puts (text);
}

char *
gr_printable (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  GString *printable = g_string_new (NULL);

  for (const char *p = valid; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      g_string_append_unichar (printable, is_hidden (c) ? 0xfffd : c);
    }

  return g_string_free (printable, FALSE);
}

const char *
gr_member_text (GVariant *dictionary, const char *name)
{
  const char *text = "";

  g_variant_lookup (dictionary, name, "&s", &text);

  return text;
}

guint64
gr_member_number (GVariant *dictionary, const char *name)
{
  guint64 wide = 0;
  guint32 narrow = 0;

  if (g_variant_lookup (dictionary, name, "u", &narrow))
    return narrow;

  g_variant_lookup (dictionary, name, "t", &wide);

  return wide;
}

gboolean
gr_member_flag (GVariant *dictionary, const char *name)
{
  gboolean flag = FALSE;

  g_variant_lookup (dictionary, name, "b", &flag);

  return flag;
}
