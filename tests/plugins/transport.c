/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of how plugins/hubtransport knows its peers (STUN) and how it sends (GrBatch), without the thread. */
#include <string.h>
#include <unistd.h>

#include "plane-scene.h"
#include "plugins/hubtransport/hmac.h"
#include "plugins/hubtransport/transport.h"

#define PASSWORD "a password of some length"

typedef struct
{
  Scene scene;
  int fd;
  GrAddress here; /* of the test's socket */
} Door;

static void
set_up (Door *door, gconstpointer data)
{
  socklen_t length = sizeof door->here.v4;

  scene_open (&door->scene, scene_open_socket (), G_USEC_PER_SEC);
  door->fd = scene_open_socket ();
  getsockname (door->fd, &door->here.any, &length);
}

static void
tear_down (Door *door, gconstpointer data)
{
  close (door->fd);
  scene_close (&door->scene);
}

static GrPeer *
add_peer (Door *door, GrHubPeerId id, const char *ufrag)
{
  g_autoptr (GrHubSource) source = g_object_ref_sink (g_object_new (GR_TYPE_HUB_SOURCE, NULL));
  GrCredentials *credentials = g_new0 (GrCredentials, 1);
  GrCommand add = { .kind = GR_COMMAND_ADD_PEER, .peer = id, .object = gr_peer_new (id, source) };
  GrCommand name = { .kind = GR_COMMAND_CREDENTIALS, .peer = id, .object = credentials };

  g_strlcpy (credentials->ufrag, ufrag, sizeof credentials->ufrag);
  g_strlcpy (credentials->password, PASSWORD, sizeof credentials->password);
  gr_plane_obey (door->scene.plane, &add);
  gr_plane_obey (door->scene.plane, &name);
  return gr_plane_peer (door->scene.plane, id);
}

/* A check as a browser sends it; @ports are added to the address it comes from. */
static void
knock (Door *door, const char *username, const char *password, gboolean nominates, guint16 ports)
{
  guint8 bytes[128] = { 0x00, 0x01, 0, 0, 0x21, 0x12, 0xa4, 0x42 };
  gsize length = strlen (username);
  gsize at = 20;
  GrAddress from = door->here;
  GrHmac hmac;

  from.v4.sin_port = htons (ntohs (from.v4.sin_port) + ports);
  gr_write_u16 (bytes + at, 0x0006);
  gr_write_u16 (bytes + at + 2, length);
  memcpy (bytes + at + 4, username, length);
  at += 4 + ((length + 3) & ~(gsize) 3);
  if (nominates)
    {
      gr_write_u16 (bytes + at, 0x0025);
      at += 4;
    }
  gr_write_u16 (bytes + 2, at - 20 + 24);
  gr_write_u16 (bytes + at, 0x0008);
  gr_write_u16 (bytes + at + 2, GR_HMAC_BYTES);
  gr_hmac_init (&hmac, (const guint8 *) password, strlen (password));
  gr_hmac_digest (&hmac, bytes, at, NULL, 0, bytes + at + 4);
  gr_transport_receive_stun (door->scene.plane, &from, bytes, at + 24);
  gr_plane_flush (door->scene.plane);
}

/* The type of what came back, 0 for nothing. */
static guint
answer (Door *door)
{
  guint8 bytes[256];

  return recv (door->fd, bytes, sizeof bytes, MSG_DONTWAIT) >= 20 ? gr_read_u16 (bytes) : 0;
}

static guint
count_nominations (Door *door)
{
  GrNotice notice;
  guint n = 0;

  while (gr_mailbox_take (door->scene.notices, &notice))
    n += notice.nominated;
  return n;
}

static void
test_answers_friends (Door *door, gconstpointer data)
{
  GrPeer *peer = add_peer (door, 1, "friend");

  g_test_summary ("Only who knows the password is answered, and its first pair counts until another is nominated");
  knock (door, "stranger:x", PASSWORD, TRUE, 0);
  g_assert_cmphex (answer (door), ==, 0);
  g_assert_cmpuint (door->scene.plane->counters.unknown_ufrag, ==, 1);
  knock (door, "friend:x", "another password", TRUE, 0);
  g_assert_cmphex (answer (door), ==, 0);
  g_assert_cmpuint (door->scene.plane->counters.stun_refused, ==, 1);
  g_assert_null (g_hash_table_lookup (door->scene.plane->by_address, &door->here));

  knock (door, "friend:x", PASSWORD, FALSE, 0);
  g_assert_cmphex (answer (door), ==, 0x0101);
  g_assert_true (g_hash_table_lookup (door->scene.plane->by_address, &door->here) == peer);
  g_assert_true (peer->nominated);
  knock (door, "friend:x", PASSWORD, FALSE, 1);
  g_assert_true (gr_address_equal (&peer->to, &door->here));
  knock (door, "friend:x", PASSWORD, TRUE, 1);
  g_assert_cmpuint (gr_address_get_port (&peer->to), ==, gr_address_get_port (&door->here) + 1);
  knock (door, "friend:x", PASSWORD, TRUE, 0);
  g_assert_true (gr_address_equal (&peer->to, &door->here));
  g_assert_cmpuint (count_nominations (door), ==, 1);
}

static void
test_moves (Door *door, gconstpointer data)
{
  GrPeer *peer = add_peer (door, 1, "friend");

  g_test_summary ("A peer may move; the last few of its addresses are remembered");
  for (guint i = 0; i < 10; i++)
    knock (door, "friend:x", PASSWORD, TRUE, i);
  g_assert_cmpuint (g_hash_table_size (door->scene.plane->by_address), ==, GR_PEER_ADDRESSES);
  g_assert_cmpuint (gr_address_get_port (&peer->to), ==, gr_address_get_port (&door->here) + 9);
  g_assert_null (g_hash_table_lookup (door->scene.plane->by_address, &door->here));
}

/* An empty receiver report under the peer's keys; @ports are added to the address it comes from. */
static void
report (Door *door, GrSrtp *keys, guint16 ports)
{
  guint8 bytes[64] = { 0x80, 201, 0, 1, 0, 0, 0, 7 };
  gssize length = gr_srtp_protect (keys, bytes, 8, sizeof bytes);
  GrAddress from = door->here;

  g_assert_cmpint (length, >, 0);
  from.v4.sin_port = htons (ntohs (from.v4.sin_port) + ports);
  gr_transport_receive (door->scene.plane, &from, bytes, length);
}

static void
test_stays_with_whom_it_knows (Door *door, gconstpointer data)
{
  static const guint8 key[32] = { 1, 2, 3 };
  GrPeer *peer = add_peer (door, 1, "friend");
  g_autoptr (GrSrtp) keys = gr_srtp_new (GR_SRTP_AES_CM_128_HMAC_SHA1_80, GR_SRTP_SENDER, key, 16);

  g_test_summary ("Who repeats a peer's check from elsewhere gets nothing of it; the peer itself may move");
  knock (door, "friend:x", PASSWORD, TRUE, 0);
  gr_transport_set_keys (door->scene.plane, peer,
                         gr_srtp_new (GR_SRTP_AES_CM_128_HMAC_SHA1_80, GR_SRTP_RECEIVER, key, 16),
                         gr_srtp_new (GR_SRTP_AES_CM_128_HMAC_SHA1_80, GR_SRTP_SENDER, key, 16));
  for (guint i = 1; i <= 2 * GR_PEER_ADDRESSES; i++)
    knock (door, "friend:x", PASSWORD, TRUE, i);
  g_assert_true (gr_address_equal (&peer->to, &door->here));
  g_assert_true (g_hash_table_lookup (door->scene.plane->by_address, &door->here) == peer);

  /* What it sends from where it is confirms nothing else. */
  report (door, keys, 0);
  g_assert_true (gr_address_equal (&peer->to, &door->here));
  report (door, keys, 2 * GR_PEER_ADDRESSES);
  g_assert_cmpuint (gr_address_get_port (&peer->to), ==, gr_address_get_port (&door->here) + 2 * GR_PEER_ADDRESSES);

  /* One that has nothing to send moves when its old place is silent. */
  door->scene.plane->now += 4 * G_USEC_PER_SEC;
  knock (door, "friend:x", PASSWORD, TRUE, 0);
  g_assert_false (gr_address_equal (&peer->to, &door->here));
  door->scene.plane->now += 2 * G_USEC_PER_SEC;
  knock (door, "friend:x", PASSWORD, TRUE, 0);
  g_assert_true (gr_address_equal (&peer->to, &door->here));
}

static void
test_takes_over (Door *door, gconstpointer data)
{
  GrPeer *before = add_peer (door, 1, "before");
  GrPeer *after = add_peer (door, 2, "after");
  GrCommand remove = { .kind = GR_COMMAND_REMOVE_PEER, .peer = 1 };

  g_test_summary ("An address belongs to who proved it last: a page that was loaded again");
  for (guint i = 0; i < 3; i++)
    knock (door, "before:x", PASSWORD, TRUE, i);
  knock (door, "before:x", PASSWORD, TRUE, 0);
  knock (door, "after:x", PASSWORD, TRUE, 0);
  g_assert_true (g_hash_table_lookup (door->scene.plane->by_address, &door->here) == after);
  g_assert_false (before->nominated);
  g_assert_cmpuint (before->n_addresses, ==, 2);

  gr_plane_obey (door->scene.plane, &remove);
  g_assert_cmpuint (g_hash_table_size (door->scene.plane->by_address), ==, 1);
  knock (door, "before:x", PASSWORD, TRUE, 0);
  g_assert_true (g_hash_table_lookup (door->scene.plane->by_address, &door->here) == after);
}

static void
test_joins_runs (Door *door, gconstpointer data)
{
  static const gsize lengths[] = { 1200, 1200, 1200, 700, 1200, 90 };
  GrBatch *batch = gr_batch_new (door->fd);
  guint8 bytes[GR_BATCH_PACKET_BYTES];

  g_test_summary ("Packets of one size to one peer leave as one message, and come as they were");
  for (guint i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      memset (gr_batch_reserve (batch), i, lengths[i]);
      gr_batch_commit (batch, lengths[i], &door->here);
    }
  gr_batch_flush (batch);
  for (guint i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      g_assert_cmpint (recv (door->fd, bytes, sizeof bytes, MSG_DONTWAIT), ==, lengths[i]);
      g_assert_cmpuint (bytes[lengths[i] - 1], ==, i);
    }
  g_assert_cmpuint (gr_batch_get_counters (batch)->packets, ==, 6);
  g_assert_cmpuint (gr_batch_get_counters (batch)->messages, ==, 2);
  g_assert_cmpuint (gr_batch_get_counters (batch)->dropped, ==, 0);
  gr_batch_free (batch);
}

static void
test_bounds_mailbox (Door *door, gconstpointer data)
{
  GrMailbox *mailbox = gr_mailbox_new (sizeof (guint), 4);
  guint value;

  g_test_summary ("A full mailbox takes nothing more, and gives in order what it has");
  for (guint round = 0; round < 3; round++)
    {
      for (guint i = 0; i < 4; i++)
        g_assert_true (gr_mailbox_post (mailbox, &i));
      g_assert_false (gr_mailbox_post (mailbox, &round));
      for (guint i = 0; i < 4; i++)
        {
          g_assert_true (gr_mailbox_take (mailbox, &value));
          g_assert_cmpuint (value, ==, i);
        }
      g_assert_false (gr_mailbox_take (mailbox, &value));
    }
  gr_mailbox_close (mailbox);
  g_assert_false (gr_mailbox_post (mailbox, &value));
  gr_mailbox_unref (mailbox);
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);

#define ADD(path, function) g_test_add ("/transport/" path, Door, NULL, set_up, function, tear_down)
  ADD ("answers-friends", test_answers_friends);
  ADD ("moves", test_moves);
  ADD ("stays-with-whom-it-knows", test_stays_with_whom_it_knows);
  ADD ("takes-over", test_takes_over);
  ADD ("joins-runs", test_joins_runs);
  ADD ("bounds-mailbox", test_bounds_mailbox);
#undef ADD

  return g_test_run ();
}
