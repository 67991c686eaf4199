/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plugins/hublink/link-end.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "plugins/hublink/link-end-private.h"

/* µs */
#define REPORT_INTERVAL G_USEC_PER_SEC
#define IDLE_CHECK (100 * 1000)
#define RTCP_BYTES 1200
#define CNAME "program"
G_DEFINE_FINAL_TYPE (GrLinkEnd, gr_link_end, G_TYPE_OBJECT)

static void
wake_up (GrLinkEnd *end)
{
  eventfd_write (end->wake, 1);
}

/* With the write lock held. */
static void
flush (GrLinkEnd *end)
{
  /* That the other end has gone is for the reader to see. */
  if (end->write_fd >= 0)
    gr_link_writer_send (end->writer, end->write_fd);
}

static void
flush_queue (GrLinkEnd *end)
{
  g_mutex_lock (&end->write_mutex);
  flush (end);
  g_mutex_unlock (&end->write_mutex);
}

static void
close_socket (GrLinkEnd *end)
{
  g_mutex_lock (&end->mutex);
  g_mutex_lock (&end->write_mutex);
  if (end->fd >= 0)
    close (end->fd);
  end->fd = end->write_fd = -1;
  g_mutex_unlock (&end->write_mutex);
  g_mutex_unlock (&end->mutex);
}

/* The other end may be another hub, with another clock and other numbers. */
static void
take_new_socket (GrLinkEnd *end)
{
  g_mutex_lock (&end->mutex);
  if (end->coming >= 0)
    {
      g_mutex_lock (&end->write_mutex);
      if (end->fd >= 0)
        close (end->fd);
      end->fd = end->write_fd = end->coming;
      end->coming = -1;
      end->hub_clock = G_MAXINT64;
      end->next_report = 0;
      g_mutex_unlock (&end->write_mutex);
    }
  g_mutex_unlock (&end->mutex);
}

static void
receive (GrLinkEnd *end, gint64 now)
{
  int n = gr_link_reader_receive (end->reader, end->fd);
  guint64 packets = 0, bytes = 0, refused = 0;

  if (n < 0)
    {
      close_socket (end);
      return;
    }

  for (int i = 0; i < n; i++)
    {
      gsize at = 0, size, length;
      guint8 *message = gr_link_reader_message (end->reader, i, &size);
      guint8 *packet;

      while ((packet = gr_link_next (message, size, &at, &length)) != NULL)
        {
          packets++;
          bytes += length;
          refused += !gr_link_end_take_packet (end, packet, length, now);
        }
    }

  g_mutex_lock (&end->mutex);
  end->stats.packets_in += packets;
  end->stats.bytes_in += bytes;
  end->stats.refused += refused;
  g_mutex_unlock (&end->mutex);
}

static void
ask (GrLinkEnd *end, gint64 now)
{
  guint8 bytes[RTCP_BYTES];

  end->next_check = now + IDLE_CHECK;
  for (guint i = 0; i < end->streams->len; i++)
    {
      GrRtcpWriter writer = GR_RTCP_WRITER (bytes, sizeof bytes);
      gint64 due = gr_link_stream_ask (g_ptr_array_index (end->streams, i), &writer, end->ssrc, now);

      if (writer.length > 0)
        gr_link_end_send (end, writer.bytes, writer.length, FALSE);
      end->next_check = MIN (end->next_check, due);
    }
}

/* It also says that we are alive. RFC 3550, section 6.1: what one RR has no room for goes into others, here each in a
 * packet of its own: together they would not fit into RTCP_BYTES. */
static void
report (GrLinkEnd *end, gint64 now)
{
  GrRtcpReportBlock blocks[GR_RTCP_MAX_BLOCKS];
  guint8 bytes[RTCP_BYTES];
  guint at = 0;

  end->next_report = now + REPORT_INTERVAL;
  do
    {
      GrRtcpWriter writer = GR_RTCP_WRITER (bytes, sizeof bytes);
      guint n = 0;

      for (; at < end->streams->len && n < GR_RTCP_MAX_BLOCKS; at++)
        n += gr_link_stream_describe (g_ptr_array_index (end->streams, at), &blocks[n]);
      gr_rtcp_write_receiver_report (&writer, end->ssrc, blocks, n);
      gr_rtcp_write_cname (&writer, end->ssrc, CNAME);
      gr_link_end_send (end, writer.bytes, writer.length, FALSE);
    }
  while (at < end->streams->len);
}

static gboolean
has_quit (GrLinkEnd *end)
{
  gboolean quit;

  g_mutex_lock (&end->mutex);
  quit = end->quit;
  g_mutex_unlock (&end->mutex);
  return quit;
}

static gpointer
run (gpointer user_data)
{
  GrLinkEnd *end = user_data;

  while (!has_quit (end))
    {
      struct pollfd events[2] = { { .fd = end->wake, .events = POLLIN }, { .fd = end->fd, .events = POLLIN } };
      gint64 now = g_get_monotonic_time ();
      gint64 left = (MIN (end->next_check, end->next_report) - now + 999) / 1000;
      eventfd_t count;

      poll (events, G_N_ELEMENTS (events), end->fd < 0 ? -1 : (int) CLAMP (left, 0, 1000));
      now = g_get_monotonic_time ();
      if (events[0].revents != 0)
        {
          eventfd_read (end->wake, &count);
          take_new_socket (end);
        }
      else if (events[1].revents != 0)
        receive (end, now);
      if (end->fd < 0)
        continue;

      if (now >= end->next_check)
        ask (end, now);
      if (now >= end->next_report)
        report (end, now);
      flush_queue (end);
    }

  return NULL;
}

static void
gr_link_end_finalize (GObject *object)
{
  GrLinkEnd *end = GR_LINK_END (object);

  g_mutex_lock (&end->mutex);
  end->quit = TRUE;
  g_mutex_unlock (&end->mutex);
  wake_up (end);
  g_thread_join (end->thread);

  if (end->fd >= 0)
    close (end->fd);
  if (end->coming >= 0)
    close (end->coming);
  close (end->wake);
  g_ptr_array_unref (end->streams);
  g_hash_table_unref (end->by_ssrc);
  gr_link_reader_free (end->reader);
  gr_link_writer_free (end->writer);
  g_mutex_clear (&end->mutex);
  g_mutex_clear (&end->write_mutex);
  g_rec_mutex_clear (&end->listeners);

  G_OBJECT_CLASS (gr_link_end_parent_class)->finalize (object);
}

static void
gr_link_end_class_init (GrLinkEndClass *class)
{
  G_OBJECT_CLASS (class)->finalize = gr_link_end_finalize;
}

static void
gr_link_end_init (GrLinkEnd *end)
{
  end->fd = end->write_fd = end->coming = -1;
  end->hub_clock = G_MAXINT64;
  end->ssrc = g_random_int_range (1, G_MAXINT32);
  end->reader = gr_link_reader_new ();
  end->writer = gr_link_writer_new ();
  end->by_ssrc = g_hash_table_new (NULL, NULL);
  end->streams = g_ptr_array_new_with_free_func (gr_link_end_free_stream);
  g_mutex_init (&end->mutex);
  g_mutex_init (&end->write_mutex);
  g_rec_mutex_init (&end->listeners);
  end->wake = eventfd (0, EFD_CLOEXEC | EFD_NONBLOCK);
  end->thread = g_thread_new ("link", run, end);
}

GrLinkEnd *
gr_link_end_new (void)
{
  return g_object_new (GR_TYPE_LINK_END, NULL);
}

void
gr_link_end_set_socket (GrLinkEnd *end, int fd)
{
  gr_link_prepare_socket (fd);
  g_mutex_lock (&end->mutex);
  if (end->coming >= 0)
    close (end->coming);
  end->coming = fd;
  g_mutex_unlock (&end->mutex);
  wake_up (end);
}

void
gr_link_end_on_stream (GrLinkEnd *end, GrLinkStreamFunc func, gpointer user_data)
{
  g_rec_mutex_lock (&end->listeners);
  end->stream_func = func;
  end->stream_data = user_data;
  if (func != NULL)
    {
      g_autoptr (GPtrArray) streams = gr_link_end_get_streams (end);

      for (guint i = 0; i < streams->len; i++)
        if (gr_link_stream_has_begun (g_ptr_array_index (streams, i)))
          func (g_ptr_array_index (streams, i), TRUE, user_data);
    }
  g_rec_mutex_unlock (&end->listeners);
}

void
gr_link_end_publish (GrLinkEnd *end, const GrLinkPublisher *publisher)
{
  g_rec_mutex_lock (&end->listeners);
  if (end->n_publishers < MAX_PUBLISHERS)
    end->publishers[end->n_publishers++] = *publisher;
  g_rec_mutex_unlock (&end->listeners);
}

void
gr_link_end_unpublish (GrLinkEnd *end, guint32 ssrc)
{
  g_rec_mutex_lock (&end->listeners);
  for (guint i = end->n_publishers; i-- > 0;)
    if (end->publishers[i].ssrc == ssrc)
      end->publishers[i] = end->publishers[--end->n_publishers];
  g_rec_mutex_unlock (&end->listeners);
}

void
gr_link_end_send (GrLinkEnd *end, const guint8 *packet, gsize length, gboolean at_once)
{
  guint8 *place;

  g_mutex_lock (&end->write_mutex);
  if (end->write_fd >= 0 && length <= GR_LINK_MESSAGE_BYTES - GR_LINK_LENGTH_BYTES)
    {
      place = gr_link_writer_reserve (end->writer, length);
      if (place == NULL)
        {
          flush (end);
          place = gr_link_writer_reserve (end->writer, length);
        }
      memcpy (place, packet, length);
      gr_link_writer_commit (end->writer, length);
      if (at_once)
        flush (end);
    }
  g_mutex_unlock (&end->write_mutex);
}

void
gr_link_end_get_stats (GrLinkEnd *end, GrLinkEndStats *stats)
{
  const GrLinkCounters *counters = gr_link_writer_get_counters (end->writer);

  g_mutex_lock (&end->mutex);
  *stats = end->stats;
  stats->open = end->fd >= 0 || end->coming >= 0;
  g_mutex_lock (&end->write_mutex);
  stats->packets_out = counters->packets;
  stats->bytes_out = counters->bytes;
  stats->dropped_out = counters->dropped;
  g_mutex_unlock (&end->write_mutex);
  g_mutex_unlock (&end->mutex);
}

GPtrArray *
gr_link_end_get_streams (GrLinkEnd *end)
{
  GPtrArray *streams = g_ptr_array_new_with_free_func (gr_link_end_free_stream);

  g_mutex_lock (&end->mutex);
  for (guint i = 0; i < end->streams->len; i++)
    g_ptr_array_add (streams, gr_link_stream_ref (g_ptr_array_index (end->streams, i)));
  g_mutex_unlock (&end->mutex);
  return streams;
}
