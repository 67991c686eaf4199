/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GrSockets: everybody who is connected by WebSocket, and the seats they hold in live rooms. Owned by the composition
 * root. Main thread.
 *
 * sockets.c is their coming and going, seat.c what a seat is sent, also while its socket is away, feed.c turns what
 * happens in a room into frames, frames.c writes these, dispatch.c finds the handler of a message. */
#pragma once

#include <libsoup/soup.h>

#include "base/config.h"
#include "domain/rooms/house.h"
#include "domain/rooms/switchboard.h"
#include "domain/studio/shows.h"

G_BEGIN_DECLS

#define GR_TYPE_SOCKETS (gr_sockets_get_type ())
G_DECLARE_FINAL_TYPE (GrSockets, gr_sockets, GR, SOCKETS, GObject)

GrSockets *gr_sockets_new (GrHouse *house, GrSwitchboard *board, GrStudio *studio, GrShows *shows, GrConfig *config);

/* Answers a WebSocket handshake from the client at @address; @error says why it did not and has written nothing. */
gboolean gr_sockets_upgrade (GrSockets *sockets, SoupServerMessage *message, const char *address, GError **error);

guint gr_sockets_count (GrSockets *sockets);

/* Tells everybody to come back in @after_ms milliseconds, and closes. */
void gr_sockets_drain (GrSockets *sockets, guint after_ms);

G_END_DECLS
