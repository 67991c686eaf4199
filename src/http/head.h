/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GrHead: an incremental framer of HTTP/1.1 request heads (RFC 9112). It decides where a head ends and how many body
 * bytes follow, and refuses everything two parsers could read differently: bare LF, folded lines, Transfer-Encoding,
 * repeated Content-Length. No I/O; owned by GrGuardStream; any thread, one at a time. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define GR_HEAD_MAX_BYTES (16 * 1024)
#define GR_HEAD_MAX_LINES 100

typedef struct
{
  GByteArray *bytes; /* the head as received, without an Expect line, up to and including the empty line */
  gboolean complete;

  /* Valid once complete. */
  char *method;           /* a token, such as "GET" */
  char *path;             /* still percent-encoded, without the query */
  guint64 content_length; /* bytes of body after the head; 0 without a Content-Length */
  gboolean websocket;     /* asks to switch to the websocket protocol */
  gboolean continues;     /* the client waits for "100 Continue" before it sends the body */

  /* Valid once its line was read, NULL without one. */
  char *origin;

  gsize line_start;
  guint lines;
  guint hosts;
  gboolean http_1_0;
  gboolean has_length;
} GrHead;

void gr_head_init (GrHead *head);
void gr_head_clear (GrHead *head);

/* Makes @head ready for the next request of the same connection. */
void gr_head_reset (GrHead *head);

/* Takes bytes up to the end of the head at most and returns how many it took, or -1 with GR_ERROR_MALFORMED,
 * GR_ERROR_METHOD, GR_ERROR_LENGTH_REQUIRED or GR_ERROR_HEADERS_TOO_LARGE; after that only reset helps. */
gssize gr_head_feed (GrHead *head, const guint8 *bytes, gsize length, GError **error);

G_END_DECLS
