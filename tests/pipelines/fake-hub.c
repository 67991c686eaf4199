/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fake-hub.h"

#include <gst/app/app.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "plugins/hubtransport/link-wire.h"
#include "plugins/hubtransport/rtcp.h"
#include "plugins/hubtransport/srtp.h"

#define REPORT_INTERVAL (G_USEC_PER_SEC / 2)

struct _FakeHub
{
  int fd;
  GMutex mutex; /* guards what follows */
  GrLinkWriter *writer;
  GPtrArray *guests; /* borrowed */
  guint32 next_ssrc;
  guint published;
  gboolean quit;
  GThread *thread; /* reads */
  GrLinkReader *reader;
};

struct _Guest
{
  FakeHub *hub;
  char *participant;
  guint32 ssrcs[2]; /* sound, pictures */
  GstElement *pipeline;
  gint lost; /* atomic */
  gint64 reported[2];
  guint requests;
  /* Goes on where a guest stopped, as the hub's rewriting does. */
  guint16 sequence[2];
  guint16 sequence_offset[2];
  gboolean begun[2];
};

/* With the lock held. */
static void
write_packet (FakeHub *hub, const guint8 *bytes, gsize length)
{
  guint8 *place = gr_link_writer_reserve (hub->writer, length);

  memcpy (place, bytes, length);
  gr_link_writer_commit (hub->writer, length);
  gr_link_writer_send (hub->writer, hub->fd);
}

static void
say (FakeHub *hub)
{
  GVariantBuilder builder;
  g_autoptr (GVariant) record = NULL;
  guint8 bytes[4096] = { GR_LINK_RECORD };

  g_variant_builder_init (&builder, G_VARIANT_TYPE (GR_LINK_RECORD_TYPE));
  for (guint i = 0; i < hub->guests->len; i++)
    {
      Guest *guest = g_ptr_array_index (hub->guests, i);

      g_variant_builder_add (&builder, "(uuss)", guest->ssrcs[0], 0, guest->participant, "microphone");
      g_variant_builder_add (&builder, "(uuss)", guest->ssrcs[1], 0, guest->participant, "camera");
    }
  record = g_variant_ref_sink (g_variant_builder_end (&builder));
  if (g_variant_get_size (record) > 0)
    memcpy (bytes + GR_LINK_RECORD_HEADER_BYTES, g_variant_get_data (record), g_variant_get_size (record));
  write_packet (hub, bytes, GR_LINK_RECORD_HEADER_BYTES + g_variant_get_size (record));
}

static void
report (Guest *guest, guint at, guint32 timestamp, gint64 now)
{
  guint8 bytes[64];
  GrRtcpWriter writer = GR_RTCP_WRITER (bytes, sizeof bytes);
  guint64 ntp = now;
  GrRtcpSenderReport said = {
    .ssrc = guest->ssrcs[at],
    .ntp = (ntp / G_USEC_PER_SEC) << 32 | ((ntp % G_USEC_PER_SEC) << 32) / G_USEC_PER_SEC,
    .rtp_timestamp = timestamp,
  };

  if (now - guest->reported[at] < REPORT_INTERVAL)
    return;

  guest->reported[at] = now;
  gr_rtcp_write_sender_report (&writer, &said, NULL, 0);
  write_packet (guest->hub, writer.bytes, writer.length);
}

static GstFlowReturn
on_packet (GstAppSink *sink, gpointer user_data)
{
  Guest *guest = user_data;
  g_autoptr (GstSample) sample = gst_app_sink_pull_sample (sink);
  guint at = GST_OBJECT_NAME (sink)[0] == 'v';
  GstBuffer *buffer = sample != NULL ? gst_sample_get_buffer (sample) : NULL;
  gint64 captured;
  guint8 packet[2000];
  gsize length;
  GrRtpHeader header;

  if (buffer == NULL)
    return GST_FLOW_EOS;

  length = gst_buffer_extract (buffer, 0, packet, sizeof packet);
  gr_rtp_parse (&header, packet, length);
  captured = (gst_element_get_base_time (GST_ELEMENT (sink)) + GST_BUFFER_PTS (buffer)) / 1000;
  g_mutex_lock (&guest->hub->mutex);
  if (!guest->begun[at])
    guest->sequence_offset[at] = guest->sequence[at] + 1 - header.sequence;
  guest->begun[at] = TRUE;
  guest->sequence[at] = header.sequence + guest->sequence_offset[at];
  gr_rtp_set_sequence (packet, guest->sequence[at]);
  gr_rtp_set_ssrc (packet, guest->ssrcs[at]);
  if (!g_atomic_int_get (&guest->lost))
    {
      write_packet (guest->hub, packet, length);
      /* At a time when this was captured. */
      report (guest, at, header.timestamp, captured);
    }
  g_mutex_unlock (&guest->hub->mutex);
  return GST_FLOW_OK;
}

static void
take_rtcp (FakeHub *hub, const guint8 *packet, gsize length)
{
  GrRtcpReader reader;
  GrRtcpPacket part;
  guint32 media;

  gr_rtcp_reader_init (&reader, packet, length);
  while (gr_rtcp_reader_next (&reader, &part))
    if (gr_rtcp_is_feedback (&part, GR_RTCP_PAYLOAD_FEEDBACK, GR_RTCP_PLI, &media))
      for (guint i = 0; i < hub->guests->len; i++)
        {
          Guest *guest = g_ptr_array_index (hub->guests, i);
          g_autoptr (GstElement) sink = NULL;

          if (guest->ssrcs[1] != media)
            continue;
          guest->requests++;
          if (guest->pipeline != NULL)
            sink = gst_bin_get_by_name (GST_BIN (guest->pipeline), "video");
          if (sink != NULL)
            {
              g_autoptr (GstPad) pad = gst_element_get_static_pad (sink, "sink");

              gst_pad_push_event (pad, gst_event_new_custom (GST_EVENT_CUSTOM_UPSTREAM,
                                                             gst_structure_new ("GstForceKeyUnit", "all-headers",
                                                                                G_TYPE_BOOLEAN, TRUE, NULL)));
            }
        }
}

static gpointer
run (gpointer user_data)
{
  FakeHub *hub = user_data;

  for (;;)
    {
      struct pollfd event = { .fd = hub->fd, .events = POLLIN };
      int n;

      poll (&event, 1, 100);
      g_mutex_lock (&hub->mutex);
      if (hub->quit)
        break;
      n = gr_link_reader_receive (hub->reader, hub->fd);
      for (int i = 0; i < n; i++)
        {
          gsize at = 0, size, length;
          guint8 *message = gr_link_reader_message (hub->reader, i, &size);
          guint8 *packet;

          while ((packet = gr_link_next (message, size, &at, &length)) != NULL)
            if (gr_is_rtcp (packet, length))
              take_rtcp (hub, packet, length);
            else
              hub->published++;
        }
      g_mutex_unlock (&hub->mutex);
    }

  g_mutex_unlock (&hub->mutex);
  return NULL;
}

FakeHub *
fake_hub_new (int *fd)
{
  FakeHub *hub = g_new0 (FakeHub, 1);
  int ends[2];

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends), ==, 0);
  hub->fd = ends[0];
  *fd = ends[1];
  gr_link_prepare_socket (hub->fd);
  g_mutex_init (&hub->mutex);
  hub->writer = gr_link_writer_new ();
  hub->reader = gr_link_reader_new ();
  hub->guests = g_ptr_array_new ();
  hub->next_ssrc = 1000;
  hub->thread = g_thread_new ("fake-hub", run, hub);
  return hub;
}

void
fake_hub_free (FakeHub *hub)
{
  g_mutex_lock (&hub->mutex);
  hub->quit = TRUE;
  g_mutex_unlock (&hub->mutex);
  g_thread_join (hub->thread);
  close (hub->fd);
  gr_link_writer_free (hub->writer);
  gr_link_reader_free (hub->reader);
  g_ptr_array_unref (hub->guests);
  g_mutex_clear (&hub->mutex);
  g_free (hub);
}

Guest *
fake_hub_add (FakeHub *hub, const char *participant)
{
  Guest *guest = g_new0 (Guest, 1);

  guest->hub = hub;
  guest->participant = g_strdup (participant);
  g_mutex_lock (&hub->mutex);
  guest->ssrcs[0] = hub->next_ssrc++;
  guest->ssrcs[1] = hub->next_ssrc++;
  g_ptr_array_add (hub->guests, guest);
  say (hub);
  g_mutex_unlock (&hub->mutex);
  return guest;
}

void
fake_hub_remove (FakeHub *hub, Guest *guest)
{
  guest_stop (guest);
  g_mutex_lock (&hub->mutex);
  g_ptr_array_remove (hub->guests, guest);
  say (hub);
  g_mutex_unlock (&hub->mutex);
  g_free (guest->participant);
  g_free (guest);
}

void
guest_send (Guest *guest, const char *pictures, const char *sound)
{
  guest_prepare (guest, pictures, sound);
  gst_element_set_state (guest->pipeline, GST_STATE_PLAYING);
}

void
guest_prepare (Guest *guest, const char *pictures, const char *sound)
{
  GstAppSinkCallbacks callbacks = { .new_sample = on_packet };
  g_autofree char *text = g_strdup_printf (
      "%s ! identity name=camera ! vp8enc deadline=1 threads=1 cpu-used=8 target-bitrate=800000 keyframe-max-dist=3000 "
      "! rtpvp8pay pt=%d "
      "mtu=1200 ! appsink name=video sync=false async=false "
      "%s ! audioconvert ! audio/x-raw,rate=48000,channels=2 ! opusenc ! rtpopuspay pt=%d ! appsink name=audio "
      "sync=false async=false",
      pictures, GR_LINK_VP8, sound, GR_LINK_OPUS);
  g_autoptr (GError) error = NULL;
  g_autoptr (GstClock) clock = gst_system_clock_obtain ();
  static const char *const names[] = { "video", "audio" };

  guest->pipeline = gst_parse_launch (text, &error);
  g_assert_no_error (error);
  gst_pipeline_use_clock (GST_PIPELINE (guest->pipeline), clock);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (GstElement) sink = gst_bin_get_by_name (GST_BIN (guest->pipeline), names[i]);

      gst_app_sink_set_callbacks (GST_APP_SINK (sink), &callbacks, guest, NULL);
    }
  memset (guest->begun, 0, sizeof guest->begun);
  memset (guest->reported, 0, sizeof guest->reported);
}

void
guest_stop (Guest *guest)
{
  GstElement *pipeline;

  g_mutex_lock (&guest->hub->mutex);
  pipeline = g_steal_pointer (&guest->pipeline);
  g_mutex_unlock (&guest->hub->mutex);
  if (pipeline == NULL)
    return;

  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_object_unref (pipeline);
}

void
guest_set_lost (Guest *guest, gboolean lost)
{
  g_atomic_int_set (&guest->lost, lost);
}

GstElement *
guest_get_pipeline (Guest *guest)
{
  return guest->pipeline;
}

guint
guest_get_requests (Guest *guest)
{
  guint requests;

  g_mutex_lock (&guest->hub->mutex);
  requests = guest->requests;
  g_mutex_unlock (&guest->hub->mutex);
  return requests;
}

guint
fake_hub_get_published (FakeHub *hub)
{
  guint published;

  g_mutex_lock (&hub->mutex);
  published = hub->published;
  g_mutex_unlock (&hub->mutex);
  return published;
}
