/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What greenroomctl prints: aligned tables for people, JSON for programs, UTF-8 in either. One thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _GrTable GrTable;

/* @titles: the heads of the columns, NULL-terminated; constants. */
GrTable *gr_table_new (const char *const *titles);
void gr_table_free (GrTable *table);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GrTable, gr_table_free)

/* The next cell, from left to right, row by row. NULL is empty. Control characters do not reach the terminal. */
void gr_table_add (GrTable *table, const char *text);
void gr_table_add_format (GrTable *table, const char *format, ...) G_GNUC_PRINTF (2, 3);

void gr_table_print (GrTable *table);

/* "name: text", for a handful of facts. */
void gr_print_fact (const char *name, const char *format, ...) G_GNUC_PRINTF (2, 3);

/* @value, which is not consumed unless it floats, as indented JSON. */
void gr_print_json (GVariant *value);

/* @text with U+FFFD for each control character: titles and names come from strangers. */
char *gr_printable (const char *text);

/* Members of a dictionary a{sv}: "" , 0 and FALSE for what is not there. */
const char *gr_member_text (GVariant *dictionary, const char *name);
guint64 gr_member_number (GVariant *dictionary, const char *name);
gboolean gr_member_flag (GVariant *dictionary, const char *name);

G_END_DECLS
