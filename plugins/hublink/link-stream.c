/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plugins/hublink/link-stream.h"

#include <string.h>

#include "plugins/hubtransport/link-wire.h"
#include "plugins/hubtransport/rtx.h"

/* µs */
#define KEYFRAME_INTERVAL (300 * 1000)
#define NACKS_IN_A_PACKET 64

struct _GrLinkStream
{
  gatomicrefcount references;
  char *participant;
  char *kind;

  /* Changed by the link's thread alone, with the lock held: it reads them without, others take the lock. */
  guint32 ssrc;
  guint32 rtx_ssrc;

  GMutex mutex; /* taken alone; guards what follows */
  GCond cond;
  gboolean flowing; /* somebody takes */
  guint8 payload_type;
  gboolean video;
  GrLinkJitter *jitter;
  GrLinkTiming timing;
  GrNackList missing;
  GrReception reception;
  gboolean keyframe_wanted;
  gint64 keyframe_asked; /* µs, monotonic */
  gint64 delay;
  guint64 packets;
  guint64 lost;
  guint64 overflowed;
  guint64 keyframe_requests;
};

GrLinkStream *
gr_link_stream_new (const char *participant, const char *kind)
{
  GrLinkStream *stream = g_new0 (GrLinkStream, 1);

  g_atomic_ref_count_init (&stream->references);
  stream->participant = g_strdup (participant);
  stream->kind = g_strdup (kind);
  g_mutex_init (&stream->mutex);
  g_cond_init (&stream->cond);
  stream->jitter = gr_link_jitter_new ();
  return stream;
}

GrLinkStream *
gr_link_stream_ref (GrLinkStream *stream)
{
  g_atomic_ref_count_inc (&stream->references);
  return stream;
}

void
gr_link_stream_unref (GrLinkStream *stream)
{
  if (!g_atomic_ref_count_dec (&stream->references))
    return;

  gr_link_jitter_free (stream->jitter);
  g_mutex_clear (&stream->mutex);
  g_cond_clear (&stream->cond);
  g_free (stream->participant);
  g_free (stream->kind);
  g_free (stream);
}

const char *
gr_link_stream_get_participant (const GrLinkStream *stream)
{
  return stream->participant;
}

const char *
gr_link_stream_get_kind (const GrLinkStream *stream)
{
  return stream->kind;
}

gboolean
gr_link_stream_has_begun (GrLinkStream *stream)
{
  gboolean begun;

  g_mutex_lock (&stream->mutex);
  begun = stream->payload_type != 0;
  g_mutex_unlock (&stream->mutex);
  return begun;
}

gboolean
gr_link_stream_is_video (GrLinkStream *stream)
{
  gboolean video;

  g_mutex_lock (&stream->mutex);
  video = stream->video;
  g_mutex_unlock (&stream->mutex);
  return video;
}

void
gr_link_stream_get_stats (GrLinkStream *stream, GrLinkStreamStats *stats)
{
  g_mutex_lock (&stream->mutex);
  *stats = (GrLinkStreamStats){
    .participant = g_strdup (stream->participant),
    .kind = g_strdup (stream->kind),
    .video = stream->video,
    .payload_type = stream->payload_type,
    .packets = stream->packets,
    .lost = stream->lost,
    .recovered = stream->missing.recovered,
    .overflowed = stream->overflowed,
    .keyframe_requests = stream->keyframe_requests,
    .queued = gr_link_jitter_get_level (stream->jitter),
    .reported = stream->timing.reported,
    .delay_us = stream->delay,
  };
  g_mutex_unlock (&stream->mutex);
}

void
gr_link_stream_stats_clear (GrLinkStreamStats *stats)
{
  g_free (stats->participant);
  g_free (stats->kind);
}

void
gr_link_stream_want_keyframe (GrLinkStream *stream)
{
  g_mutex_lock (&stream->mutex);
  stream->keyframe_wanted = TRUE;
  g_mutex_unlock (&stream->mutex);
}

/* With the lock held. */
static void
begin_anew (GrLinkStream *stream)
{
  gr_link_jitter_clear (stream->jitter);
  stream->timing = (GrLinkTiming){ .clock_rate = stream->timing.clock_rate };
  stream->reception = (GrReception){ 0 };
  stream->missing = (GrNackList){ .recovered = stream->missing.recovered };
}

void
gr_link_stream_set_ssrcs (GrLinkStream *stream, guint32 ssrc, guint32 rtx_ssrc)
{
  if (stream->ssrc == ssrc && stream->rtx_ssrc == rtx_ssrc)
    return;

  g_mutex_lock (&stream->mutex);
  stream->ssrc = ssrc;
  stream->rtx_ssrc = rtx_ssrc;
  begin_anew (stream);
  g_mutex_unlock (&stream->mutex);
}

guint32
gr_link_stream_get_ssrc (GrLinkStream *stream)
{
  guint32 ssrc;

  g_mutex_lock (&stream->mutex);
  ssrc = stream->ssrc;
  g_mutex_unlock (&stream->mutex);
  return ssrc;
}

guint32
gr_link_stream_get_rtx_ssrc (const GrLinkStream *stream)
{
  return stream->rtx_ssrc;
}

/* With the lock held. */
static void
take_in (
    GrLinkStream *stream, const GrRtpHeader *header, const guint8 *packet, gsize length, gboolean again, gint64 now)
{
  GstBuffer *buffer;
  gint64 time;

  if (!again)
    gr_reception_packet (&stream->reception, header->sequence, header->timestamp, stream->timing.clock_rate, now);
  if (gr_nack_receive (&stream->missing, header->sequence, now) == GR_NACK_GAP)
    stream->keyframe_wanted = TRUE;
  /* What was repaired came late, and says nothing of how long the way is. */
  time = again && stream->timing.started
             ? stream->timing.offset
                   + (stream->timing.ticks + (gint32) (header->timestamp - stream->timing.newest)) * G_USEC_PER_SEC
                         / stream->timing.clock_rate
             : gr_link_timing_packet (&stream->timing, header->timestamp, now);
  stream->packets++;
  if (!again)
    stream->delay = now - time;
  if (!stream->flowing)
    return;

  buffer = gst_buffer_new_memdup (packet, length);
  GST_BUFFER_PTS (buffer) = MAX (time, 0) * GST_USECOND;
  if (!gr_link_jitter_put (stream->jitter, header->sequence, buffer, now)
      && gr_link_jitter_get_level (stream->jitter) == 1)
    {
      stream->overflowed++;
      stream->keyframe_wanted = TRUE;
    }
  g_cond_signal (&stream->cond);
}

gboolean
gr_link_stream_receive (GrLinkStream *stream, guint8 *packet, gsize length, gint64 now)
{
  GrRtpHeader header;
  gboolean retransmission = FALSE;
  const GrLinkFormat *format;
  gboolean first;

  if (!gr_rtp_parse (&header, packet, length))
    return FALSE;
  format = gr_link_format (header.payload_type, &retransmission);
  if (format == NULL || retransmission != (header.ssrc == stream->rtx_ssrc))
    return FALSE;
  if (retransmission)
    {
      length = gr_rtx_unwrap (packet, length, stream->ssrc, format->payload_type);
      if (length == 0 || !gr_rtp_parse (&header, packet, length))
        return FALSE;
    }

  g_mutex_lock (&stream->mutex);
  first = stream->payload_type == 0;
  stream->payload_type = format->payload_type;
  stream->video = format->video;
  stream->timing.clock_rate = format->clock_rate;
  take_in (stream, &header, packet, length, retransmission, now);
  g_mutex_unlock (&stream->mutex);
  return first;
}

void
gr_link_stream_report (GrLinkStream *stream, guint32 timestamp, gint64 time)
{
  g_mutex_lock (&stream->mutex);
  gr_link_timing_report (&stream->timing, timestamp, time);
  g_mutex_unlock (&stream->mutex);
}

gint64
gr_link_stream_ask (GrLinkStream *stream, GrRtcpWriter *writer, guint32 sender, gint64 now)
{
  guint16 sequences[NACKS_IN_A_PACKET];
  guint n;
  gint64 due;

  g_mutex_lock (&stream->mutex);
  n = gr_nack_take_due (&stream->missing, now, 0, sequences, G_N_ELEMENTS (sequences));
  if (n > 0)
    gr_rtcp_write_nack (writer, sender, stream->ssrc, sequences, n);
  if (stream->keyframe_wanted && stream->video && now - stream->keyframe_asked >= KEYFRAME_INTERVAL)
    {
      gr_rtcp_write_pli (writer, sender, stream->ssrc);
      stream->keyframe_wanted = FALSE;
      stream->keyframe_asked = now;
      stream->keyframe_requests++;
    }
  due = MIN (gr_nack_next_due (&stream->missing), stream->keyframe_wanted ? now + KEYFRAME_INTERVAL / 10 : G_MAXINT64);
  g_mutex_unlock (&stream->mutex);
  return due;
}

gboolean
gr_link_stream_describe (GrLinkStream *stream, GrRtcpReportBlock *block)
{
  gboolean started;

  g_mutex_lock (&stream->mutex);
  started = stream->reception.started;
  if (started)
    *block = (GrRtcpReportBlock){
      .ssrc = stream->ssrc,
      .fraction_lost = gr_reception_take_fraction_lost (&stream->reception),
      .lost = MIN (gr_reception_lost (&stream->reception), 0x7fffff),
      .highest_sequence = stream->reception.highest,
      .jitter = gr_reception_jitter (&stream->reception),
    };
  g_mutex_unlock (&stream->mutex);
  return started;
}

gboolean
gr_link_stream_take (GrLinkStream *stream, gint64 patience, GrLinkTaken *taken)
{
  guint lost = 0;

  *taken = (GrLinkTaken){ 0 };
  g_mutex_lock (&stream->mutex);
  while (stream->flowing && taken->packet == NULL)
    {
      gint64 wake;

      taken->packet = gr_link_jitter_take (stream->jitter, g_get_monotonic_time (), patience, &lost, &wake);
      if (taken->packet != NULL)
        break;
      if (wake == G_MAXINT64)
        g_cond_wait (&stream->cond, &stream->mutex);
      else
        g_cond_wait_until (&stream->cond, &stream->mutex, wake);
    }
  taken->discont = lost > 0;
  stream->lost += lost;
  if (lost > 0)
    stream->keyframe_wanted = TRUE;
  g_mutex_unlock (&stream->mutex);
  if (taken->packet == NULL)
    return FALSE;

  /* Its own: a sender may have changed its codec since. */
  gst_buffer_extract (taken->packet, 1, &taken->payload_type, 1);
  taken->payload_type &= 0x7f;
  return TRUE;
}

void
gr_link_stream_set_flowing (GrLinkStream *stream, gboolean flowing)
{
  g_mutex_lock (&stream->mutex);
  stream->flowing = flowing;
  if (!flowing)
    gr_link_jitter_clear (stream->jitter);
  g_cond_broadcast (&stream->cond);
  g_mutex_unlock (&stream->mutex);
}
