/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GrOutbound: what becomes of a connection that GStreamer makes for us. GIO tells of each step of every GSocketClient
 * of the process; so an address is checked right before it is connected to, after DNS, whatever the name was (no other
 * lookup can slip in between); and afterwards the kernel says how the connection fares. Owned by a destination. Any
 * thread. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _GrOutbound GrOutbound;

typedef enum
{
  GR_OUTBOUND_WAITING, /* nobody has begun to connect */
  GR_OUTBOUND_RESOLVING,
  GR_OUTBOUND_CONNECTING,
  GR_OUTBOUND_SECURING, /* TLS handshake */
  GR_OUTBOUND_OPEN,     /* what follows is the protocol's */
} GrOutboundPhase;

typedef struct
{
  GrOutboundPhase phase;
  gboolean kept_out;      /* the name led inside, and nothing else answered */
  double round_trip_ms;   /* below 0: unknown */
  guint64 acknowledged;   /* bytes that the other side's kernel has confirmed */
  guint64 unacknowledged; /* bytes that we sent, or that wait for being sent, beyond that */
} GrOutboundFacts;

/* Takes the next connection of this process to @host and @port for its own. NULL while another one waits for the same:
 * try again soon. Once there is one, connections that nobody took go inside only while somebody's may. */
GrOutbound *gr_outbound_new (const char *host, guint16 port, gboolean allow_private);
void gr_outbound_free (GrOutbound *outbound);

void gr_outbound_get_facts (GrOutbound *outbound, GrOutboundFacts *facts);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GrOutbound, gr_outbound_free)

G_END_DECLS
