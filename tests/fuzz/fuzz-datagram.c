/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Fuzz target: whatever comes in at the hub's port, in its order. An input is a line of steps, each a head of two
 * bytes (who sends and how it is made, its length) and the datagram. Two peers have keys and see each other, a third
 * shakes hands; what a stranger would have to guess (passwords, keys) is put right here. The socket is none: what the
 * hub answers is encrypted, queued and refused by the kernel. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "plugins/hubtransport/feedback.h"
#include "plugins/hubtransport/forward.h"
#include "plugins/hubtransport/hmac.h"
#include "plugins/hubtransport/snapshot.h"
#include "plugins/hubtransport/transport.h"

#define LIVENESS (8 * G_USEC_PER_SEC)
#define N_PEERS 3
/* Their ports; those after them are strangers'. */
#define FIRST_PORT 40000
#define N_PORTS 6
#define PASSWORD "a password of some length"
#define SLOT 1

typedef enum
{
  AS_IT_IS,
  AS_RTP, /* encrypted, with the sender's keys */
  AS_RTCP,
  AS_STUN,  /* with the sender's name and integrity */
  AS_BEFORE /* what was sent before, again */
} Making;
#define N_MAKINGS (AS_BEFORE + 1)

typedef struct
{
  GrPlane *plane;
  GrMailbox *commands;
  GrMailbox *notices;
  GrSrtp *senders[N_PEERS];
  guint8 before[GR_PLANE_RECEIVE_BYTES];
  gsize before_length;
} Scene;

int LLVMFuzzerTestOneInput (const guint8 *bytes, gsize length);

static const guint8 key[32] = { 1, 2, 3, 4, 5, 6, 7, 8 };

static void
obey (Scene *scene, GrCommand command)
{
  gr_plane_obey (scene->plane, &command);
}

static void
give_streams (Scene *scene, GrHubPeerId id)
{
  GrHubTrack camera = { .media = GR_HUB_VIDEO, .ssrc = id * 100, .rtx_ssrc = id * 100 + 1 };
  GrHubTrack microphone = { .media = GR_HUB_AUDIO, .mid = "0" };
  GrHubSlot picture = { .media = GR_HUB_VIDEO, .ssrc = id * 1000, .rtx_ssrc = id * 1000 + 1, .mid = "v7" };
  GrHubSlot sound = { .media = GR_HUB_AUDIO, .ssrc = id * 1000 + 2, .mid = "a7" };

  obey (scene,
        (GrCommand){ .kind = GR_COMMAND_PUBLISH, .peer = id, .track = id, .object = gr_track_new (id, &camera) });
  obey (scene,
        (GrCommand){
            .kind = GR_COMMAND_PUBLISH, .peer = id, .track = id + 10, .object = gr_track_new (id + 10, &microphone) });
  obey (scene,
        (GrCommand){ .kind = GR_COMMAND_ADD_SLOT, .peer = id, .value = SLOT, .object = gr_slot_new (SLOT, &picture) });
  obey (scene,
        (GrCommand){
            .kind = GR_COMMAND_ADD_SLOT, .peer = id, .value = SLOT + 1, .object = gr_slot_new (SLOT + 1, &sound) });
}

static void
add_peer (Scene *scene, GrHubPeerId id)
{
  g_autoptr (GrHubSource) source = g_object_ref_sink (g_object_new (GR_TYPE_HUB_SOURCE, NULL));
  GrCredentials *credentials = g_new0 (GrCredentials, 1);
  GrHubSession session = {
    .payloads = { { 96, 97, 1, GR_HUB_VP8, 90000 },
                  { 98, 99, 3, GR_HUB_H264, 90000 },
                  { 100, 101, 4, GR_HUB_VP9, 90000 },
                  { 102, 103, 5, GR_HUB_AV1, 90000 },
                  { 111, 0, 2, GR_HUB_OPUS, 48000 } },
    .n_payloads = 5,
    .extensions = { 4, 1, 3, id == 1 ? 12 : 0 },
  };

  g_snprintf (credentials->ufrag, sizeof credentials->ufrag, "peer%u", id);
  g_strlcpy (credentials->password, PASSWORD, sizeof credentials->password);
  obey (scene, (GrCommand){ .kind = GR_COMMAND_ADD_PEER, .peer = id, .object = gr_peer_new (id, source) });
  obey (scene, (GrCommand){ .kind = GR_COMMAND_CREDENTIALS, .peer = id, .object = credentials });
  obey (scene, (GrCommand){ .kind = GR_COMMAND_SESSION, .peer = id, .object = g_memdup2 (&session, sizeof session) });
  scene->senders[id - 1] = gr_srtp_new (GR_SRTP_AES_CM_128_HMAC_SHA1_80, GR_SRTP_SENDER, key, 16);
  if (id == N_PEERS)
    return;

  obey (scene, (GrCommand){ .kind = GR_COMMAND_KEYS,
                            .peer = id,
                            .object = gr_srtp_new (GR_SRTP_AES_CM_128_HMAC_SHA1_80, GR_SRTP_RECEIVER, key, 16),
                            .other = gr_srtp_new (GR_SRTP_AES_CM_128_HMAC_SHA1_80, GR_SRTP_SENDER, key, 16) });
  give_streams (scene, id);
}

/* Returns the new length; the name and the integrity are behind whatever @datagram says. */
static gsize
make_stun (guint8 *datagram, gsize length, GrHubPeerId id)
{
  gsize at = MAX (20, (length + 3) & ~(gsize) 3);
  g_autofree char *username = g_strdup_printf ("peer%u:x ", id);
  GrHmac hmac;

  memset (datagram + length, 0, MAX (at, length) - length);
  gr_write_u16 (datagram, 0x0001);
  gr_write_u32 (datagram + 4, 0x2112a442);
  gr_write_u16 (datagram + at, 0x0006);
  gr_write_u16 (datagram + at + 2, 7);
  memcpy (datagram + at + 4, username, 8);
  at += 12;
  gr_write_u16 (datagram + 2, at - 20 + 24);
  gr_write_u16 (datagram + at, 0x0008);
  gr_write_u16 (datagram + at + 2, GR_HMAC_BYTES);
  gr_hmac_init (&hmac, (const guint8 *) PASSWORD, strlen (PASSWORD));
  gr_hmac_digest (&hmac, datagram, at, NULL, 0, datagram + at + 4);
  return at + 4 + GR_HMAC_BYTES;
}

static gsize
make (Scene *scene, guint who, Making making, guint8 *datagram, gsize length)
{
  gssize protected = -1;

  if (making == AS_STUN)
    return make_stun (datagram, length, who + 1);
  if (making == AS_BEFORE)
    {
      memcpy (datagram, scene->before, scene->before_length);
      return scene->before_length;
    }
  if (making != AS_IT_IS && length > 1)
    {
      datagram[0] = 0x80 | (datagram[0] & 0x3f);
      datagram[1] = making == AS_RTCP ? 200 + datagram[1] % 8 : datagram[1];
      protected = gr_srtp_protect (scene->senders[who], datagram, length, GR_PLANE_RECEIVE_BYTES);
    }
  return protected > 0 ? (gsize) protected : length;
}

static void
take_step (Scene *scene, guint8 head, const guint8 *bytes, gsize length)
{
  guint who = head % N_PORTS;
  Making making = head / N_PORTS % N_MAKINGS;
  GrAddress from = { .v4 = { AF_INET, htons (FIRST_PORT + who), { htonl (INADDR_LOOPBACK) }, { 0 } } };
  guint8 *datagram = scene->plane->received[0];

  memcpy (datagram, bytes, length);
  length = make (scene, who % N_PEERS, making, datagram, length);
  memcpy (scene->before, datagram, length);
  scene->before_length = length;
  gr_transport_receive (scene->plane, &from, datagram, length);
  gr_forward_all (scene->plane);
  scene->plane->now += head * G_GINT64_CONSTANT (1000);
  gr_feedback_check (scene->plane);
  gr_transport_check (scene->plane);
  gr_feedback_report (scene->plane);
  gr_snapshot_tell_levels (scene->plane);
  gr_plane_flush (scene->plane);
}

static void
set_up (Scene *scene)
{
  int fd = open ("/dev/null", O_WRONLY | O_CLOEXEC);

  scene->commands = gr_mailbox_new (sizeof (GrCommand), 16);
  scene->notices = gr_mailbox_new (sizeof (GrNotice), 16);
  scene->plane = gr_plane_new (&fd, 1, scene->commands, scene->notices, LIVENESS);
  for (GrHubPeerId id = 1; id <= N_PEERS; id++)
    add_peer (scene, id);
  for (GrHubPeerId id = 1; id < N_PEERS; id++)
    {
      const guint8 nominates[] = { 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x25, 0, 0 };

      take_step (scene, AS_STUN * N_PORTS + id - 1, nominates, sizeof nominates);
      obey (scene, (GrCommand){ .kind = GR_COMMAND_SUBSCRIBE, .peer = id, .value = SLOT, .track = N_PEERS - id });
      obey (scene,
            (GrCommand){ .kind = GR_COMMAND_SUBSCRIBE, .peer = id, .value = SLOT + 1, .track = N_PEERS - id + 10 });
    }
}

int
LLVMFuzzerTestOneInput (const guint8 *bytes, gsize length)
{
  Scene scene = { 0 };

  gst_init (NULL, NULL);
  set_up (&scene);
  while (length >= 2)
    {
      gsize taken = MIN (bytes[1], length - 2);

      take_step (&scene, bytes[0], bytes + 2, taken);
      bytes += 2 + taken;
      length -= 2 + taken;
    }

  /* Who has no keys gets nothing but STUN. */
  if (gr_plane_peer (scene.plane, N_PEERS)->stats.packets_out > 0)
    abort ();
  gr_plane_free (scene.plane);
  gr_mailbox_unref (scene.commands);
  gr_mailbox_unref (scene.notices);
  for (guint i = 0; i < N_PEERS; i++)
    gr_srtp_free (scene.senders[i]);
  return 0;
}
