/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The lines of a session description, one after the other, and the words of a line, without copying either. Belongs to
 * the parser. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A piece of the text that is being read. */
typedef struct
{
  const char *at;
  gsize length;
} GrSdpText;

typedef struct
{
  GrSdpText rest;
  guint number;        /* of the line, from 1 */
  char type;           /* 'a' of "a=mid:0" */
  GrSdpText value;     /* "mid:0" */
  GrSdpText attribute; /* "mid" of an a= line that we know, for messages; else empty */
} GrSdpReader;

void gr_sdp_reader_init (GrSdpReader *reader, const char *text, gsize length);

/* Reads the next line, which ends with CRLF, LF or the text. FALSE at the end, with no error, and for a line that is
 * none. */
gboolean gr_sdp_reader_next (GrSdpReader *reader, GError **error);

/* Sets GR_ERROR_INVALID_INPUT with "Line 12 (a=mid): " before @message. Always FALSE. */
gboolean gr_sdp_reader_fail (const GrSdpReader *reader, GError **error, const char *message);

/* Cuts what stands before @delimiter off @rest, and the delimiter; all of it if there is none. */
GrSdpText gr_sdp_text_cut (GrSdpText *rest, char delimiter);

gboolean gr_sdp_text_is (GrSdpText text, const char *literal);
gboolean gr_sdp_text_is_nocase (GrSdpText text, const char *literal);

/* Decimal digits only, no sign, at most @maximum. */
gboolean gr_sdp_text_number (GrSdpText text, guint64 maximum, guint64 *number);

/* Copies between 1 and @size - 1 bytes, all of them letters, digits or of @others. FALSE, and nothing, otherwise. */
gboolean gr_sdp_text_copy (GrSdpText text, const char *others, char *copy, gsize size);

G_END_DECLS
