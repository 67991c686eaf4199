/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plugins/hubtransport/link.h"

#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "plugins/hubtransport/feedback.h"
#include "plugins/hubtransport/forward.h"
#include "plugins/hubtransport/srtp.h"
#include "plugins/hubtransport/stun.h"

#define EVENTS 16

struct _GrLink
{
  int fd; /* −1 once the other end has gone */
  GrLinkWriter *writer;
  GBytes *record;
  GrLinkReader *reader;
};

GrLink *
gr_link_new (int fd)
{
  GrLink *link = g_new0 (GrLink, 1);

  link->fd = fd;
  link->writer = gr_link_writer_new ();
  link->reader = gr_link_reader_new ();
  gr_link_prepare_socket (fd);
  return link;
}

void
gr_link_free (GrLink *link)
{
  if (link->fd >= 0)
    close (link->fd);
  gr_link_writer_free (link->writer);
  gr_link_reader_free (link->reader);
  g_clear_pointer (&link->record, g_bytes_unref);
  g_free (link);
}

gboolean
gr_link_is_open (const GrLink *link)
{
  return link->fd >= 0;
}

/* An end that is seen here is noticed by the next read: epoll says so. */
static guint8 *
reserve (GrLink *link, gsize size)
{
  guint8 *place = gr_link_writer_reserve (link->writer, size);

  if (place == NULL)
    {
      gr_link_writer_send (link->writer, link->fd);
      place = gr_link_writer_reserve (link->writer, size);
    }
  return place;
}

guint8 *
gr_link_reserve (GrLink *link)
{
  return reserve (link, GR_BATCH_PACKET_BYTES);
}

void
gr_link_commit (GrLink *link, gsize length)
{
  gr_link_writer_commit (link->writer, length);
}

void
gr_link_repeat_record (GrLink *link)
{
  gsize length;
  gconstpointer bytes;

  if (link->record == NULL || !gr_link_is_open (link))
    return;

  bytes = g_bytes_get_data (link->record, &length);
  memcpy (reserve (link, length), bytes, length);
  gr_link_commit (link, length);
}

void
gr_link_set_record (GrLink *link, GBytes *record)
{
  g_clear_pointer (&link->record, g_bytes_unref);
  if (record != NULL && g_bytes_get_size (record) <= GR_LINK_MESSAGE_BYTES - GR_LINK_LENGTH_BYTES)
    link->record = g_bytes_ref (record);
  gr_link_repeat_record (link);
}

const GrLinkCounters *
gr_link_get_counters (const GrLink *link)
{
  return gr_link_writer_get_counters (link->writer);
}

void
gr_link_add (GrPlane *plane, GrPeer *peer)
{
  struct epoll_event event = { .events = EPOLLIN, .data.u32 = peer->id };

  epoll_ctl (plane->link_epoll, EPOLL_CTL_ADD, peer->link->fd, &event);
  g_ptr_array_add (plane->linked, peer);
  peer->told_connected = gr_plane_tell_of (plane, GR_HUB_CONNECTED, peer->id, 0);
}

/* The descriptor may be open in the other process as well, so that closing ours would leave it in the epoll. */
static void
close_link (GrPlane *plane, GrLink *link)
{
  if (link->fd < 0)
    return;

  epoll_ctl (plane->link_epoll, EPOLL_CTL_DEL, link->fd, NULL);
  close (link->fd);
  link->fd = -1;
}

void
gr_link_remove (GrPlane *plane, GrPeer *peer)
{
  close_link (plane, peer->link);
  g_ptr_array_remove_fast (plane->linked, peer);
}

static void
take_packet (GrPlane *plane, GrPeer *peer, guint8 *packet, gsize length)
{
  plane->counters.packets_in++;
  plane->counters.bytes_in += length;
  peer->stats.packets_in++;
  peer->stats.bytes_in += length;

  if (length > GR_RING_MAX_PACKET)
    plane->counters.truncated++;
  else if (gr_datagram_kind (packet, length) != GR_DATAGRAM_RTP)
    plane->counters.unclassified++;
  else if (gr_is_rtcp (packet, length))
    gr_feedback_receive_plain (plane, peer, packet, length);
  else
    gr_forward_receive_plain (plane, peer, packet, length);
}

static void
receive (GrPlane *plane, GrPeer *peer)
{
  GrLink *link = peer->link;
  int n = gr_link_reader_receive (link->reader, link->fd);

  plane->counters.receive_calls++;
  if (n < 0)
    {
      close_link (plane, link);
      peer->told_gone = gr_plane_tell_of (plane, GR_HUB_GONE, peer->id, 0);
      return;
    }

  for (int i = 0; i < n; i++)
    {
      gsize at = 0;
      gsize size, length;
      guint8 *message = gr_link_reader_message (link->reader, i, &size);
      guint8 *packet;
      guint n_packets = 0;

      while (n_packets++ < GR_LINK_MAX_PACKETS && (packet = gr_link_next (message, size, &at, &length)) != NULL)
        take_packet (plane, peer, packet, length);
      /* As many arrivals as a turn has room for. */
      gr_forward_all (plane);
    }
}

void
gr_link_receive_all (GrPlane *plane)
{
  struct epoll_event events[EVENTS];
  int n = epoll_wait (plane->link_epoll, events, EVENTS, 0);

  for (int i = 0; i < n; i++)
    {
      GrPeer *peer = gr_plane_peer (plane, events[i].data.u32);

      if (peer != NULL && peer->link != NULL && gr_link_is_open (peer->link))
        receive (plane, peer);
    }
}

void
gr_link_send_all (GrPlane *plane)
{
  for (guint i = 0; i < plane->linked->len; i++)
    {
      const GrPeer *peer = g_ptr_array_index (plane->linked, i);

      if (gr_link_is_open (peer->link))
        gr_link_writer_send (peer->link->writer, peer->link->fd);
    }
}
