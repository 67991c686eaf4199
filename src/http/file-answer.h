/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A large file as an answer: piece by piece, each read on a pool thread once the one before is on its way, so that main
 * waits for no disk and memory holds one piece. Main thread, but for what it says. */
#pragma once

#include <gio/gio.h>
#include <libsoup/soup.h>

#include "base/pool.h"

G_BEGIN_DECLS

/* What of a file is asked for. */
typedef struct
{
  gint64 from;
  gint64 length;
  gboolean part; /* 206 rather than 200 */
} GrFilePart;

/* Reads a Range header (NULL: none) for a file of @bytes; several ranges, and what is no range of bytes, mean the whole
 * (RFC 9110, section 14.2). FALSE when it lies outside (416). Any thread. */
gboolean gr_file_part_parse (const char *range, gint64 bytes, GrFilePart *part);

/* Answers @message with @length bytes of @stream, which is where they begin. Its status and headers are set already,
 * but for the length. */
void gr_file_answer (SoupServerMessage *message, GInputStream *stream, gint64 length, GrPool *pool);

G_END_DECLS
