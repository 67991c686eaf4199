/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GrLink: the transport of a peer that is a process of ours (a program): a SOCK_SEQPACKET socket instead of ICE, DTLS
 * and SRTP (link-wire.h says what goes over it). Owned by its peer; made by main. Hub thread.
 *
 * A reader that is slow or dead costs nothing but what it misses: nothing waits for it, nothing is kept for it, and it
 * asks again for what it lost (NACK) like any other subscriber. */
#pragma once

#include <gio/gio.h>

#include "plugins/hubtransport/link-wire.h"

G_BEGIN_DECLS

typedef struct _GrPlane GrPlane;
typedef struct _GrPeer GrPeer;
typedef struct _GrLink GrLink;

/* Takes over @fd. */
GrLink *gr_link_new (int fd);
void gr_link_free (GrLink *link);

/* FALSE once the other end has gone. */
gboolean gr_link_is_open (const GrLink *link);

/* Never NULL, for packets as they are forwarded. */
guint8 *gr_link_reserve (GrLink *link);
void gr_link_commit (GrLink *link, gsize length);

/* @record is said now and with each report, since it may be lost. NULL: nothing any more. */
void gr_link_set_record (GrLink *link, GBytes *record);
void gr_link_repeat_record (GrLink *link);

const GrLinkCounters *gr_link_get_counters (const GrLink *link);

/* Of a peer with a link, when it comes and when it goes. */
void gr_link_add (GrPlane *plane, GrPeer *peer);
void gr_link_remove (GrPlane *plane, GrPeer *peer);

/* Takes what has come on all links, and forwards it. */
void gr_link_receive_all (GrPlane *plane);
/* Sends what was queued on all links. */
void gr_link_send_all (GrPlane *plane);

G_END_DECLS
