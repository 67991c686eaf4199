/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plugins/hublink/link-end-private.h"
#include "plugins/hubtransport/srtp.h"

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

void
gr_link_end_free_stream (gpointer stream)
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
  GPtrArray *streams = g_ptr_array_new_with_free_func (gr_link_end_free_stream);
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

gboolean
gr_link_end_take_packet (GrLinkEnd *end, guint8 *packet, gsize length, gint64 now)
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
