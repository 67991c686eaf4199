/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plugins/hublink/link-end.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "plugins/hubtransport/link-wire.h"
#include "plugins/hubtransport/srtp.h"

/* µs */
#define REPORT_INTERVAL G_USEC_PER_SEC
#define IDLE_CHECK (100 * 1000)
#define RTCP_BYTES 1200
#define CNAME "program"
#define MAX_PUBLISHERS 4

struct _GrLinkEnd
{
  GObject parent;

  GThread *thread;
  int wake; /* eventfd */
  guint32 ssrc;

  /* The link's thread. */
  GrLinkReader *reader;
  GHashTable *by_ssrc; /* → GrLinkStream, its retransmissions too */
  gint64 next_report;
  gint64 next_check;
  gint64 hub_clock; /* µs: monotonic − the hub's NTP time; G_MAXINT64: not known */

  GMutex mutex; /* guards what follows; before write_mutex */
  gboolean quit;
  int fd;             /* −1: none */
  int coming;         /* takes the place of fd; −1: none */
  GPtrArray *streams; /* GrLinkStream */
  GrLinkEndStats stats;

  GRecMutex listeners; /* held while they are called: they are gone when they were taken away */
  GrLinkStreamFunc stream_func;
  gpointer stream_data;
  GrLinkPublisher publishers[MAX_PUBLISHERS];
  guint n_publishers;

  GMutex write_mutex; /* taken last */
  GrLinkWriter *writer;
  int write_fd; /* −1: none */
};

G_DEFINE_FINAL_TYPE (GrLinkEnd, gr_link_end, G_TYPE_OBJECT)

static void
wake_up (GrLinkEnd *end)
{
  eventfd_write (end->wake, 1);
}

static void
tell_stream (GrLinkEnd *end, GrLinkStream *stream, gboolean here)
{
  g_rec_mutex_lock (&end->listeners);
  if (end->stream_func != NULL)
    end->stream_func (stream, here, end->stream_data);
  g_rec_mutex_unlock (&end->listeners);
}

static GrLinkStream *
find_stream (GPtrArray *streams, const char *participant, const char *kind)
{
  for (guint i = 0; i < streams->len; i++)
    {
      GrLinkStream *stream = g_ptr_array_index (streams, i);

      if (g_str_equal (gr_link_stream_get_participant (stream), participant)
          && g_str_equal (gr_link_stream_get_kind (stream), kind))
        return stream;
    }

  return NULL;
}

static void
free_stream (gpointer stream)
{
  gr_link_stream_unref (stream);
}

static void
index_stream (GrLinkEnd *end, GrLinkStream *stream)
{
  g_hash_table_insert (end->by_ssrc, GUINT_TO_POINTER (gr_link_stream_get_ssrc (stream)), stream);
  if (gr_link_stream_get_rtx_ssrc (stream) != 0)
    g_hash_table_insert (end->by_ssrc, GUINT_TO_POINTER (gr_link_stream_get_rtx_ssrc (stream)), stream);
}

/* What the hub says of its streams: who is new, who is gone, whose numbers have changed. */
static void
take_record (GrLinkEnd *end, const guint8 *bytes, gsize length)
{
  /* A GVariant wants its bytes aligned. */
  g_autofree guint8 *copy = g_memdup2 (bytes, length);
  g_autoptr (GVariant) record = g_variant_ref_sink (
      g_variant_new_from_data (G_VARIANT_TYPE (GR_LINK_RECORD_TYPE), copy, length, FALSE, NULL, NULL));
  GPtrArray *streams = g_ptr_array_new_with_free_func (free_stream);
  GPtrArray *old;
  GVariantIter iter;
  guint32 ssrc, rtx_ssrc;
  const char *participant, *kind;

  g_hash_table_remove_all (end->by_ssrc);
  g_variant_iter_init (&iter, record);
  while (g_variant_iter_next (&iter, "(uu&s&s)", &ssrc, &rtx_ssrc, &participant, &kind)
         && streams->len < GR_LINK_MAX_STREAMS)
    {
      /* The link's thread alone changes the list. */
      GrLinkStream *stream = find_stream (end->streams, participant, kind);

      stream = stream != NULL ? gr_link_stream_ref (stream) : gr_link_stream_new (participant, kind);
      gr_link_stream_set_ssrcs (stream, ssrc, rtx_ssrc);
      index_stream (end, stream);
      g_ptr_array_add (streams, stream);
    }

  g_mutex_lock (&end->mutex);
  old = end->streams;
  end->streams = streams;
  g_mutex_unlock (&end->mutex);

  for (guint i = 0; i < old->len; i++)
    {
      GrLinkStream *stream = g_ptr_array_index (old, i);

      if (!g_ptr_array_find (streams, stream, NULL))
        tell_stream (end, stream, FALSE);
    }
  g_ptr_array_unref (old);
}

static gint64
ntp_to_us (guint64 ntp)
{
  return (ntp >> 32) * G_USEC_PER_SEC + (((ntp & G_MAXUINT32) * G_USEC_PER_SEC) >> 32);
}

/* The hub's NTP clock is our monotonic one and a constant: the report that was the shortest time on its way tells it.
 */
static void
take_sender_report (GrLinkEnd *end, const GrRtcpSenderReport *report, gint64 now)
{
  GrLinkStream *stream = g_hash_table_lookup (end->by_ssrc, GUINT_TO_POINTER (report->ssrc));
  gint64 ntp = ntp_to_us (report->ntp);

  end->hub_clock = MIN (end->hub_clock, now - ntp);
  if (stream != NULL)
    gr_link_stream_report (stream, report->rtp_timestamp, ntp + end->hub_clock);
}

static const GrLinkPublisher *
find_publisher (GrLinkEnd *end, guint32 ssrc)
{
  for (guint i = 0; i < end->n_publishers; i++)
    if (end->publishers[i].ssrc == ssrc)
      return &end->publishers[i];

  return NULL;
}

static void
take_feedback (GrLinkEnd *end, const GrRtcpPacket *packet)
{
  const GrLinkPublisher *publisher;
  guint32 media;
  guint16 sequence, following;

  g_rec_mutex_lock (&end->listeners);
  if (gr_rtcp_is_feedback (packet, GR_RTCP_TRANSPORT_FEEDBACK, GR_RTCP_NACK, &media)
      && (publisher = find_publisher (end, media)) != NULL)
    {
      for (guint at = 0; gr_rtcp_read_nack (packet, at, &sequence, &following); at++)
        for (guint i = 0; i <= 16; i++)
          if (i == 0 || following >> (i - 1) & 1)
            publisher->again (sequence + i, publisher->user_data);
    }
  else if (gr_rtcp_is_feedback (packet, GR_RTCP_PAYLOAD_FEEDBACK, GR_RTCP_PLI, &media)
           && (publisher = find_publisher (end, media)) != NULL)
    publisher->keyframe (publisher->user_data);
  g_rec_mutex_unlock (&end->listeners);
}

static void
take_rtcp (GrLinkEnd *end, const guint8 *packet, gsize length, gint64 now)
{
  GrRtcpReader reader;
  GrRtcpPacket part;
  GrRtcpSenderReport report;

  gr_rtcp_reader_init (&reader, packet, length);
  while (gr_rtcp_reader_next (&reader, &part))
    {
      if (gr_rtcp_read_sender_report (&part, &report))
        take_sender_report (end, &report, now);
      take_feedback (end, &part);
    }
}

static gboolean
take_rtp (GrLinkEnd *end, guint8 *packet, gsize length, gint64 now)
{
  GrRtpHeader header;
  GrLinkStream *stream;

  if (!gr_rtp_parse (&header, packet, length))
    return FALSE;
  stream = g_hash_table_lookup (end->by_ssrc, GUINT_TO_POINTER (header.ssrc));
  if (stream == NULL)
    return FALSE;

  if (gr_link_stream_receive (stream, packet, length, now))
    tell_stream (end, stream, TRUE);
  return TRUE;
}

/* FALSE if it was of no use. */
static gboolean
take_packet (GrLinkEnd *end, guint8 *packet, gsize length, gint64 now)
{
  if (length >= GR_LINK_RECORD_HEADER_BYTES && packet[0] == GR_LINK_RECORD)
    take_record (end, packet + GR_LINK_RECORD_HEADER_BYTES, length - GR_LINK_RECORD_HEADER_BYTES);
  else if (length >= GR_RTP_HEADER_BYTES && packet[0] >> 6 == 2 && !gr_is_rtcp (packet, length))
    return take_rtp (end, packet, length, now);
  else if (length >= 8 && packet[0] >> 6 == 2)
    take_rtcp (end, packet, length, now);
  else
    return FALSE;

  return TRUE;
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
          refused += !take_packet (end, packet, length, now);
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

/* It also says that we are alive. */
static void
report (GrLinkEnd *end, gint64 now)
{
  GrRtcpReportBlock blocks[GR_RTCP_MAX_BLOCKS];
  guint8 bytes[RTCP_BYTES];
  GrRtcpWriter writer = GR_RTCP_WRITER (bytes, sizeof bytes);
  guint n = 0;

  end->next_report = now + REPORT_INTERVAL;
  for (guint i = 0; i < end->streams->len && n < GR_RTCP_MAX_BLOCKS; i++)
    n += gr_link_stream_describe (g_ptr_array_index (end->streams, i), &blocks[n]);
  gr_rtcp_write_receiver_report (&writer, end->ssrc, blocks, n);
  gr_rtcp_write_cname (&writer, end->ssrc, CNAME);
  gr_link_end_send (end, writer.bytes, writer.length, FALSE);
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
  end->streams = g_ptr_array_new_with_free_func (free_stream);
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
  GPtrArray *streams = g_ptr_array_new_with_free_func (free_stream);

  g_mutex_lock (&end->mutex);
  for (guint i = 0; i < end->streams->len; i++)
    g_ptr_array_add (streams, gr_link_stream_ref (g_ptr_array_index (end->streams, i)));
  g_mutex_unlock (&end->mutex);
  return streams;
}
