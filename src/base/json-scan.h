/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The strict pre-scan that every JSON text from outside passes before json-glib sees it (which recurses without
 * bound, takes comments, single quotes, hex and duplicate names, and truncates at \u0000). RFC 8259 to the letter,
 * and bounded. Allocates only for member names. Any thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  gsize max_size;    /* bytes of text */
  guint max_depth;   /* nested arrays and objects, at most 64 */
  guint max_values;  /* values of any kind, containers included */
  guint max_members; /* of one object */
} GrJsonLimits;

/* 1 MiB, depth 32, 16384 values, 512 members. */
extern const GrJsonLimits gr_json_default_limits;

/* Whether @text is one JSON value within @limits (NULL: the default ones). GR_ERROR_MALFORMED names the byte offset;
 * GR_ERROR_TOO_LARGE if it is longer than max_size. */
gboolean gr_json_scan (const char *text, gsize length, const GrJsonLimits *limits, GError **error);

G_END_DECLS
