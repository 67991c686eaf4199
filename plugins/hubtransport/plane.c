/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plugins/hubtransport/plane.h"

#include <sys/epoll.h>
#include <unistd.h>

#include "plugins/hubtransport/forward.h"
#include "plugins/hubtransport/link.h"
#include "plugins/hubtransport/snapshot.h"
#include "plugins/hubtransport/transport.h"

/* Seconds from 1900 to 1970. */
#define NTP_EPOCH G_GINT64_CONSTANT (2208988800)

static void
free_peer (gpointer peer)
{
  gr_peer_free (peer);
}

GrPlane *
gr_plane_new (const int *fds, guint n_fds, GrMailbox *commands, GrMailbox *notices, gint64 liveness)
{
  GrPlane *plane = g_new0 (GrPlane, 1);

  for (guint i = 0; i < n_fds; i++)
    plane->sockets[plane->n_sockets++] = (GrPlaneSocket){ fds[i], gr_batch_new (fds[i]) };
  plane->link_epoll = epoll_create1 (EPOLL_CLOEXEC);
  plane->linked = g_ptr_array_new ();
  plane->commands = gr_mailbox_ref (commands);
  plane->notices = gr_mailbox_ref (notices);
  plane->liveness = liveness;
  plane->peers = g_hash_table_new_full (NULL, NULL, NULL, free_peer);
  plane->by_ufrag = g_hash_table_new (g_str_hash, g_str_equal);
  plane->by_address = g_hash_table_new (gr_address_hash, gr_address_equal);
  plane->tracks = g_hash_table_new (NULL, NULL);
  plane->now = g_get_monotonic_time ();
  plane->ntp_base = g_get_real_time () + NTP_EPOCH * G_USEC_PER_SEC - plane->now;
  return plane;
}

void
gr_plane_free (GrPlane *plane)
{
  g_hash_table_unref (plane->tracks);
  g_hash_table_unref (plane->by_address);
  g_hash_table_unref (plane->by_ufrag);
  g_hash_table_unref (plane->peers);
  for (guint i = 0; i < plane->n_sockets; i++)
    {
      gr_batch_free (plane->sockets[i].batch);
      close (plane->sockets[i].fd);
    }
  g_ptr_array_unref (plane->linked);
  if (plane->link_epoll >= 0)
    close (plane->link_epoll);
  gr_mailbox_unref (plane->commands);
  gr_mailbox_unref (plane->notices);
  g_free (plane);
}

void
gr_command_clear (GrCommand *command)
{
  if (command->object == NULL)
    return;

  switch (command->kind)
    {
    case GR_COMMAND_ADD_PEER:
      gr_peer_free (command->object);
      break;
    case GR_COMMAND_KEYS:
      gr_srtp_free (command->object);
      gr_srtp_free (command->other);
      break;
    case GR_COMMAND_DTLS:
    case GR_COMMAND_RECORD:
      g_bytes_unref (command->object);
      break;
    case GR_COMMAND_PUBLISH:
      gr_track_free (command->object);
      break;
    case GR_COMMAND_ADD_SLOT:
      gr_slot_free (command->object);
      break;
    case GR_COMMAND_SNAPSHOT:
      g_object_unref (command->object);
      break;
    default:
      g_free (command->object);
    }
  command->object = NULL;
}

static void
add_peer (GrPlane *plane, GrPeer *peer)
{
  /* Before its first sign of life it has three times as long: gathering and checking take a while. */
  peer->heard = plane->now + 2 * plane->liveness;
  peer->next_report = plane->now;
  g_hash_table_insert (plane->peers, GUINT_TO_POINTER (peer->id), peer);
  if (peer->link != NULL)
    gr_link_add (plane, peer);
}

static void
remove_peer (GrPlane *plane, GrPeer *peer)
{
  while (peer->tracks->len > 0)
    gr_forward_unpublish (plane, g_ptr_array_index (peer->tracks, peer->tracks->len - 1));
  while (peer->slots->len > 0)
    gr_forward_remove_slot (plane, g_ptr_array_index (peer->slots, peer->slots->len - 1));
  gr_transport_forget (plane, peer);
  if (peer->link != NULL)
    gr_link_remove (plane, peer);
  g_hash_table_remove (plane->peers, GUINT_TO_POINTER (peer->id));
}

static void
obey_for_peer (GrPlane *plane, GrPeer *peer, GrCommand *command)
{
  GrSlot *slot;

  switch (command->kind)
    {
    case GR_COMMAND_REMOVE_PEER:
      remove_peer (plane, peer);
      break;
    case GR_COMMAND_CREDENTIALS:
      gr_transport_set_credentials (plane, peer, command->object);
      break;
    case GR_COMMAND_KEYS:
      gr_transport_set_keys (plane, peer, g_steal_pointer (&command->object), command->other);
      break;
    case GR_COMMAND_DTLS:
      gr_transport_send_dtls (plane, peer, command->object);
      break;
    case GR_COMMAND_SESSION:
      gr_peer_set_session (peer, command->object);
      break;
    case GR_COMMAND_PUBLISH:
      if (gr_plane_track (plane, command->track) == NULL)
        gr_forward_publish (plane, peer, g_steal_pointer (&command->object));
      break;
    case GR_COMMAND_ADD_SLOT:
      if (gr_peer_slot (peer, command->value) == NULL)
        gr_forward_add_slot (plane, peer, g_steal_pointer (&command->object));
      break;
    case GR_COMMAND_REMOVE_SLOT:
      if ((slot = gr_peer_slot (peer, command->value)) != NULL)
        gr_forward_remove_slot (plane, slot);
      break;
    case GR_COMMAND_SUBSCRIBE:
      if ((slot = gr_peer_slot (peer, command->value)) != NULL)
        gr_forward_subscribe (plane, slot, gr_plane_track (plane, command->track));
      break;
    case GR_COMMAND_RECORD:
      if (peer->link != NULL)
        gr_link_set_record (peer->link, command->object);
      break;
    default:
      g_assert_not_reached ();
    }
}

static void
obey_for_track (GrPlane *plane, GrTrack *track, const GrCommand *command)
{
  switch (command->kind)
    {
    case GR_COMMAND_UNPUBLISH:
      gr_forward_unpublish (plane, track);
      break;
    case GR_COMMAND_MUTE:
      gr_forward_mute (plane, track, command->value);
      break;
    default:
      g_assert_not_reached ();
    }
}

void
gr_plane_obey (GrPlane *plane, GrCommand *command)
{
  GrPeer *peer;
  GrTrack *track;

  switch (command->kind)
    {
    case GR_COMMAND_ADD_PEER:
      add_peer (plane, g_steal_pointer (&command->object));
      break;
    case GR_COMMAND_SNAPSHOT:
      gr_snapshot_give (plane, command->object);
      break;
    case GR_COMMAND_UNPUBLISH:
    case GR_COMMAND_MUTE:
      if ((track = gr_plane_track (plane, command->track)) != NULL)
        obey_for_track (plane, track, command);
      break;
    case GR_COMMAND_QUIT:
      break;
    default:
      /* It may have been removed while the command was under way. */
      if ((peer = gr_plane_peer (plane, command->peer)) != NULL)
        obey_for_peer (plane, peer, command);
    }

  gr_command_clear (command);
}

GrPeer *
gr_plane_peer (GrPlane *plane, GrHubPeerId peer)
{
  return g_hash_table_lookup (plane->peers, GUINT_TO_POINTER (peer));
}

GrTrack *
gr_plane_track (GrPlane *plane, GrHubTrackId track)
{
  return g_hash_table_lookup (plane->tracks, GUINT_TO_POINTER (track));
}

gboolean
gr_plane_tell (GrPlane *plane, const GrNotice *notice)
{
  if (gr_mailbox_post (plane->notices, notice))
    return TRUE;

  plane->counters.facts_lost++;
  return FALSE;
}

gboolean
gr_plane_tell_of (GrPlane *plane, GrHubFactKind kind, GrHubPeerId peer, GrHubTrackId track)
{
  GrNotice notice = { .fact = { .kind = kind, .peer = peer, .track = track } };

  return gr_plane_tell (plane, &notice);
}

void
gr_plane_check_at (GrPlane *plane, gint64 due)
{
  plane->next_check = MIN (plane->next_check, due);
}

void
gr_plane_want_keyframe (GrPlane *plane, GrTrack *track)
{
  if (track->what.media != GR_HUB_VIDEO)
    return;

  gr_throttle_want (&track->keyframes);
  gr_plane_check_at (plane, gr_throttle_next_due (&track->keyframes));
}

guint64
gr_plane_ntp (const GrPlane *plane)
{
  guint64 now = plane->ntp_base + plane->now;

  return (now / G_USEC_PER_SEC) << 32 | (now % G_USEC_PER_SEC << 32) / G_USEC_PER_SEC;
}

guint8 *
gr_plane_reserve (GrPlane *plane, const GrPeer *peer)
{
  if (peer->link != NULL)
    return gr_link_reserve (peer->link);

  return gr_batch_reserve (plane->sockets[peer->to.socket].batch);
}

void
gr_plane_commit (GrPlane *plane, GrPeer *peer, gsize length)
{
  if (peer->link != NULL)
    gr_link_commit (peer->link, length);
  else
    gr_batch_commit (plane->sockets[peer->to.socket].batch, length, &peer->to);
  peer->stats.packets_out++;
  peer->stats.bytes_out += length;
}

gboolean
gr_plane_protect_and_commit (GrPlane *plane, GrPeer *peer, guint8 *packet, gsize length)
{
  gssize protected
      = peer->link != NULL ? (gssize) length : gr_srtp_protect (peer->out, packet, length, GR_BATCH_PACKET_BYTES);

  if (protected < 0)
    return FALSE;

  gr_plane_commit (plane, peer, protected);
  return TRUE;
}

void
gr_plane_flush (GrPlane *plane)
{
  for (guint i = 0; i < plane->n_sockets; i++)
    gr_batch_flush (plane->sockets[i].batch);
  gr_link_send_all (plane);
}
