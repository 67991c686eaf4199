/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GrRtmpUrl: where a show can go, as people write it: rtmps://host:443/app?more, without the stream key. One reading
 * for all who judge such an address and who connect to it, so that nobody connects to what another one did not look at.
 * Values; any thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Bytes; a longer one is refused. */
#define GR_RTMP_URL_MAX 2048

typedef struct
{
  gboolean secure; /* rtmps */
  char *host;      /* a name, or an address without brackets */
  guint16 port;
  char *application; /* the path without its first slash, with the query: as the server gets it */
  char *user;        /* NULL: none; likewise below */
  char *password;
} GrRtmpUrl;

/* INVALID_INPUT (@field) says what is wrong, without the address. Names are not looked up. */
GrRtmpUrl *gr_rtmp_url_parse (const char *text, const char *field, GError **error);
void gr_rtmp_url_free (GrRtmpUrl *url);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GrRtmpUrl, gr_rtmp_url_free)

G_END_DECLS
