/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GrHandshake: takes the SRTP keys out of a webrtcbin's DTLS elements and hands them on only if the peer's certificate
 * is the one it announced (RFC 8122, section 6.2), which webrtcbin itself never checks. Main makes it; webrtcbin's
 * threads bring the keys. Shared by both. */
#pragma once

#include <gst/gst.h>

#include "plugins/hubtransport/srtp.h"

G_BEGIN_DECLS

typedef struct _GrHandshake GrHandshake;

/* Called once, from any thread. Both are NULL if the certificate is another one,
 * else the function owns them. */
typedef void (*GrHandshakeFunc) (GrSrtp *in, GrSrtp *out, gpointer user_data);

GrHandshake *gr_handshake_new (GrHandshakeFunc function, gpointer user_data, GDestroyNotify destroy);
GrHandshake *gr_handshake_ref (GrHandshake *handshake);
void gr_handshake_unref (GrHandshake *handshake);

/* Watches @webrtcbin, before it has any transport. The signals keep a reference of the handshake. */
void gr_handshake_watch (GrHandshake *handshake, GstElement *webrtcbin);

/* "AB:CD:…", 32 bytes. FALSE if it is not that. */
gboolean gr_handshake_expect (GrHandshake *handshake, const char *sha256);

G_END_DECLS
