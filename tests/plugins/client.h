/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Client: a participant for tests: a webrtcbin on libnice in a pipeline of its own, that publishes a small VP8 picture
 * or watches one, and the hub's webrtcbin that it talks to. Main thread; its packets are counted by streaming threads.
 */
#pragma once

#include "plugins/hubtransport/hub.h"

G_BEGIN_DECLS

#define CLIENT_FORMAT 1
#define CLIENT_PAYLOAD_TYPE 96

typedef enum
{
  CLIENT_PUBLISHES,
  CLIENT_WATCHES
} ClientRole;

typedef struct
{
  GrHub *hub;
  GrHubPeerId id;
  ClientRole role;
  const char *address;

  GstElement *pipeline;
  GstElement *webrtcbin;
  GstElement *room; /* pipeline of the hub's half */
  GstElement *hub_half;

  /* From the offer of one who publishes. */
  guint32 ssrc;
  guint32 rtx_ssrc;
  guint8 rtx_payload_type;

  gboolean negotiation_needed; /* atomic */
  gint packets;                /* atomic: RTP that came out of webrtcbin */
  gint keyframe_requests;      /* atomic: that reached the encoder */
  gint drop;                   /* atomic: so many of the next encrypted packets that come get lost */
  guint16 last_sequence;       /* on the wire, of the streaming thread */
  gboolean started;
  gint gaps; /* atomic */
} Client;

/* @address: of the loopback interface, "127.0.0.1" or "::1". */
Client *client_new (GrHub *hub, GrHubPeerId id, ClientRole role, const char *address);

/* Brings both halves to NULL, after gr_hub_remove_peer(), and drains their buses. */
void client_free (Client *client);

/* Offer and answer. @fingerprint: what the hub is told to expect, NULL: the right one. @ssrc is of the slot that one
 * who watches gets, @rtx_ssrc of its retransmissions. */
void client_negotiate (Client *client, const char *fingerprint, guint32 ssrc, guint32 rtx_ssrc);

/* The element as if its cable were cut: sends nothing any more. */
void client_vanish (Client *client);

/* One who watches asks for a keyframe. */
void client_ask_for_keyframe (Client *client);

G_END_DECLS
