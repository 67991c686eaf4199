/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of the program's end of a link: its parts by hand, then the elements with a real greenroom-media hub and a
 * webrtcbin as a person. */
#include <gio/gunixfdlist.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "person.h"
#include "plugins/hublink/link-source.h"
#include "plugins/hubtransport/link-wire.h"
#include "plugins/hubtransport/ring.h"
#include "worker.h"

#define MS G_GINT64_CONSTANT (1000)
#define PATIENCE (100 * MS)
#define PROGRAM "show"
#define WATCHDOG 90

static void
put (GrLinkJitter *jitter, guint16 sequence, gint64 now)
{
  GstBuffer *buffer = gst_buffer_new ();

  GST_BUFFER_OFFSET (buffer) = sequence;
  gr_link_jitter_put (jitter, sequence, buffer, now);
}

/* The next one's number, or −1. */
static int
take (GrLinkJitter *jitter, gint64 now, guint *lost)
{
  gint64 wake;
  GstBuffer *buffer = gr_link_jitter_take (jitter, now, PATIENCE, lost, &wake);
  int number;

  if (buffer == NULL)
    return -1;
  number = GST_BUFFER_OFFSET (buffer);
  gst_buffer_unref (buffer);
  return number;
}

static void
test_jitter (void)
{
  g_autoptr (GrLinkJitter) jitter = gr_link_jitter_new ();
  guint lost;

  g_test_summary ("Packets in order wait for nothing; a missing one is waited for, and then given up");
  for (guint i = 0; i < 3; i++)
    {
      put (jitter, 65534 + i, 0);
      g_assert_cmpint (take (jitter, 0, &lost), ==, (guint16) (65534 + i));
      g_assert_cmpuint (lost, ==, 0);
    }
  put (jitter, 2, 10);
  g_assert_cmpint (take (jitter, 10, &lost), ==, -1);
  put (jitter, 1, 20);
  g_assert_cmpint (take (jitter, 20, &lost), ==, 1);
  g_assert_cmpint (take (jitter, 20, &lost), ==, 2);

  put (jitter, 6, 30);
  g_assert_cmpint (take (jitter, 30 + PATIENCE - 1, &lost), ==, -1);
  g_assert_cmpint (take (jitter, 30 + PATIENCE, &lost), ==, 6);
  g_assert_cmpuint (lost, ==, 3);
  put (jitter, 4, 40);
  g_assert_cmpint (take (jitter, 40, &lost), ==, -1);
}

static void
test_jitter_overflow (void)
{
  g_autoptr (GrLinkJitter) jitter = gr_link_jitter_new ();
  guint lost;

  g_test_summary ("Who does not take for long loses all that was kept, and goes on with what is new");
  for (guint i = 0; i < 3 * GR_LINK_JITTER_PACKETS; i++)
    {
      put (jitter, i, 0);
      g_assert_cmpuint (gr_link_jitter_get_level (jitter), <=, GR_LINK_JITTER_PACKETS);
    }
  g_assert_cmpint (take (jitter, 0, &lost), ==, 2 * GR_LINK_JITTER_PACKETS);
  g_assert_cmpuint (lost, >=, GR_LINK_JITTER_PACKETS);
}

static void
test_timing (void)
{
  GrLinkTiming audio = { .clock_rate = 48000 };
  GrLinkTiming video = { .clock_rate = 90000 };
  gint64 heard = 0, seen = 0;

  g_test_summary ("Sound that takes 20 ms and a picture that takes 80 are at one time once reports have come");
  /* The RTP clocks wrap, and begin anywhere. */
  for (guint i = 0; i < 200; i++)
    {
      gint64 captured = 1000000 + i * 20 * MS;

      heard = gr_link_timing_packet (&audio, 0xffff0000u + i * 960, captured + 20 * MS + (i % 3) * MS);
      seen = gr_link_timing_packet (&video, 77 + i * 1800, captured + 80 * MS + (i % 5) * MS);
      if (i == 100)
        g_assert_cmpint (ABS (seen - heard - 60 * MS), <, 2 * MS);
      if (i == 110)
        {
          gr_link_timing_report (&audio, 0xffff0000u + i * 960, captured);
          gr_link_timing_report (&video, 77 + i * 1800, captured);
        }
    }
  g_assert_cmpint (ABS (heard - seen), <, MS);
  g_assert_cmpint (ABS (heard - (1000000 + 199 * 20 * MS)), <, MS);
}

static void
test_timing_lies (void)
{
  GrLinkTiming timing = { .clock_rate = 90000 };
  gint64 time;

  g_test_summary ("A report from the future, or a timestamp that jumps, does not send a stream away");
  gr_link_timing_packet (&timing, 0, 1000 * MS);
  gr_link_timing_report (&timing, 0, 3600 * 1000 * MS);
  time = gr_link_timing_packet (&timing, 3000, 1033 * MS);
  g_assert_cmpint (ABS (time - 1033 * MS), <, 100 * MS);
  time = gr_link_timing_packet (&timing, 0x40000000, 1066 * MS);
  g_assert_cmpint (ABS (time - 1066 * MS), <, 100 * MS);
}

/* What a hub writes to a link. */
static void
say (GrLinkWriter *hub, int fd, const guint8 *packet, gsize length)
{
  guint8 *place = gr_link_writer_reserve (hub, length);

  memcpy (place, packet, length);
  gr_link_writer_commit (hub, length);
  g_assert_true (gr_link_writer_send (hub, fd));
}

/* @n streams, the first with the SSRC 1, and a packet of each. */
static void
say_streams (GrLinkWriter *hub, int fd, guint n)
{
  guint8 said[8192] = { GR_LINK_RECORD };
  guint8 packet[20] = { 0x80, GR_LINK_OPUS, 0, 1 };
  g_autoptr (GVariant) record = NULL;
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE (GR_LINK_RECORD_TYPE));
  for (guint i = 1; i <= n; i++)
    {
      g_autofree char *participant = g_strdup_printf ("person-%u", i);

      g_variant_builder_add (&builder, "(uuss)", i, 0, participant, "microphone");
    }
  record = g_variant_ref_sink (g_variant_builder_end (&builder));
  g_assert_cmpuint (g_variant_get_size (record), <=, sizeof said - GR_LINK_RECORD_HEADER_BYTES);
  g_variant_store (record, said + GR_LINK_RECORD_HEADER_BYTES);
  say (hub, fd, said, GR_LINK_RECORD_HEADER_BYTES + g_variant_get_size (record));
  for (guint i = 1; i <= n; i++)
    {
      packet[11] = i;
      say (hub, fd, packet, sizeof packet);
    }
}

/* Those of the first 64 SSRCs that a compound packet reports on, as bits. */
static guint64
reported (const guint8 *packet, gsize length)
{
  GrRtcpReader compound;
  GrRtcpPacket part;
  GrRtcpReportBlock block;
  guint64 bits = 0;

  gr_rtcp_reader_init (&compound, packet, length);
  while (gr_rtcp_reader_next (&compound, &part))
    for (guint at = 0; gr_rtcp_read_report_block (&part, at, &block); at++)
      {
        g_assert_cmpuint (block.ssrc - 1, <, 64);
        bits |= G_GUINT64_CONSTANT (1) << (block.ssrc - 1);
      }
  g_assert_false (compound.malformed);
  return bits;
}

static guint64
read_reports (GrLinkReader *reader, int fd)
{
  struct pollfd event = { .fd = fd, .events = POLLIN };
  int n = poll (&event, 1, 1000) > 0 ? gr_link_reader_receive (reader, fd) : 0;
  guint64 bits = 0;

  for (int i = 0; i < n; i++)
    {
      gsize at = 0, size, length;
      guint8 *message = gr_link_reader_message (reader, i, &size);
      guint8 *packet;

      while ((packet = gr_link_next (message, size, &at, &length)) != NULL)
        {
          /* The hub takes no longer one. */
          g_assert_cmpuint (length, <=, GR_RING_MAX_PACKET);
          bits |= reported (packet, length);
        }
    }

  return bits;
}

static void
test_reports (void)
{
  GrLinkEnd *end = gr_link_end_new ();
  g_autoptr (GrLinkWriter) hub = gr_link_writer_new ();
  g_autoptr (GrLinkReader) reader = gr_link_reader_new ();
  gint64 deadline = g_get_monotonic_time () + 20 * G_USEC_PER_SEC;
  guint64 bits = 0;
  int ends[2];

  g_test_summary ("The hub is told of every stream, however many one report has room for");
  g_assert_cmpint (socketpair (AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends), ==, 0);
  gr_link_prepare_socket (ends[0]);
  say_streams (hub, ends[0], GR_LINK_MAX_STREAMS);
  gr_link_end_set_socket (end, ends[1]);
  while (bits != G_MAXUINT64)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      bits |= read_reports (reader, ends[0]);
    }

  g_assert_finalize_object (end);
  close (ends[0]);
}

typedef struct
{
  Worker *worker;
  GrLinkEnd *end;
  GstElement *pipeline;
  GstElement *source;
  gint decoded[2]; /* atomic: of sound, of pictures */
  gint late;       /* atomic: µs from capture until decoded, the newest picture */
} Scene;

static GstPadProbeReturn
on_decoded (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  Scene *scene = user_data;
  GstBuffer *buffer = GST_PAD_PROBE_INFO_BUFFER (info);
  gboolean video = g_object_get_data (G_OBJECT (pad), "video") != NULL;
  GstClock *clock = gst_element_get_clock (scene->pipeline);
  gint64 now = gst_clock_get_time (clock) - gst_element_get_base_time (scene->pipeline);

  gst_object_unref (clock);
  if (video)
    g_atomic_int_set (&scene->late, (now - (gint64) GST_BUFFER_PTS (buffer)) / 1000);
  g_atomic_int_inc (&scene->decoded[video]);
  return GST_PAD_PROBE_OK;
}

static void
on_pad (GstElement *source, GstPad *pad, gpointer user_data)
{
  Scene *scene = user_data;
  gboolean video = g_str_equal (gr_link_stream_get_kind (gr_link_source_get_stream (pad)), "camera");
  g_autoptr (GError) error = NULL;
  GstElement *bin
      = gst_parse_bin_from_description (video ? "rtpvp8depay ! vp8dec ! fakesink name=end sync=false async=false"
                                              : "rtpopusdepay ! opusdec ! fakesink name=end sync=false async=false",
                                        TRUE, &error);
  GstElement *sink;
  GstPad *into, *last;

  g_assert_no_error (error);
  g_assert_cmpstr (gr_link_stream_get_participant (gr_link_source_get_stream (pad)), ==, "ann");
  sink = gst_bin_get_by_name (GST_BIN (bin), "end");
  last = gst_element_get_static_pad (sink, "sink");
  if (video)
    g_object_set_data (G_OBJECT (last), "video", GINT_TO_POINTER (1));
  gst_pad_add_probe (last, GST_PAD_PROBE_TYPE_BUFFER, on_decoded, scene, NULL);
  gst_bin_add (GST_BIN (scene->pipeline), bin);
  gst_element_sync_state_with_parent (bin);
  into = gst_element_get_static_pad (bin, "sink");
  g_assert_cmpint (gst_pad_link (pad, into), ==, GST_PAD_LINK_OK);
  gst_object_unref (into);
  gst_object_unref (last);
  gst_object_unref (sink);
}

/* A new socketpair between hub and program. */
static void
attach (Scene *scene)
{
  g_autoptr (GUnixFDList) fds = g_unix_fd_list_new ();
  g_autoptr (GVariant) reply = NULL;
  g_autoptr (GError) error = NULL;
  int ends[2];

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends), ==, 0);
  g_unix_fd_list_append (fds, ends[0], &error);
  g_assert_no_error (error);
  close (ends[0]);
  reply = g_dbus_connection_call_with_unix_fd_list_sync (scene->worker->hub, NULL, "/org/greenroom/Media1",
                                                         "org.greenroom.Media1.Hub", "Attach",
                                                         g_variant_new ("(ssh)", ROOM, PROGRAM, 0), NULL,
                                                         G_DBUS_CALL_FLAGS_NONE, 10000, fds, NULL, NULL, &error);
  g_assert_no_error (error);
  gr_link_end_set_socket (scene->end, ends[1]);
}

static void
watch (Scene *scene, const char *participant)
{
  GVariantBuilder tracks;

  g_variant_builder_init (&tracks, G_VARIANT_TYPE ("a(ss)"));
  if (participant != NULL)
    {
      g_variant_builder_add (&tracks, "(ss)", participant, "microphone");
      g_variant_builder_add (&tracks, "(ss)", participant, "camera");
    }
  worker_call (scene->worker, "Watch", g_variant_new ("(ssa(ss))", ROOM, PROGRAM, &tracks));
}

static void
set_up (Scene *scene, gconstpointer data)
{
  g_autoptr (GstClock) clock = gst_system_clock_obtain ();

  scene->worker = worker_start (WATCHDOG);
  scene->end = gr_link_end_new ();
  scene->pipeline = gst_pipeline_new (NULL);
  gst_pipeline_use_clock (GST_PIPELINE (scene->pipeline), clock);
  scene->source = gst_element_factory_make ("hublinksrc", NULL);
  g_object_set (scene->source, "link", scene->end, NULL);
  g_signal_connect (scene->source, "pad-added", G_CALLBACK (on_pad), scene);
  gst_bin_add (GST_BIN (scene->pipeline), scene->source);
  gst_element_set_state (scene->pipeline, GST_STATE_PLAYING);
}

static void
tear_down (Scene *scene, gconstpointer data)
{
  gst_element_set_state (scene->pipeline, GST_STATE_NULL);
  gst_object_unref (scene->pipeline);
  g_assert_finalize_object (scene->end);
  worker_stop (scene->worker);
}

static void
test_receives (Scene *scene, gconstpointer data)
{
  Person *ann;
  g_autoptr (GPtrArray) streams = NULL;
  gint before;

  g_test_summary ("What a program watches is decoded in time; another link goes on where the last one ended");
  attach (scene);
  watch (scene, "ann");
  ann = person_new (scene->worker->hub, "ann", 0.8, 0, 0);
  person_offer (ann);
  worker_wait_until (g_atomic_int_get (&scene->decoded[0]) > 50 && g_atomic_int_get (&scene->decoded[1]) > 20);
  /* Not by the reports of a webrtcbin: those of GStreamer 1.22 run at twice the speed. */
  worker_wait_until (ABS (g_atomic_int_get (&scene->late)) < 1000000);

  streams = gr_link_end_get_streams (scene->end);
  g_assert_cmpuint (streams->len, ==, 2);
  for (guint i = 0; i < streams->len; i++)
    {
      GrLinkStreamStats stats;

      gr_link_stream_get_stats (g_ptr_array_index (streams, i), &stats);
      g_assert_cmpuint (stats.packets, >, 0);
      g_assert_cmpuint (stats.lost, ==, 0);
      gr_link_stream_stats_clear (&stats);
    }

  attach (scene);
  before = g_atomic_int_get (&scene->decoded[1]);
  worker_wait_until (g_atomic_int_get (&scene->decoded[1]) > before + 20);

  watch (scene, NULL);
  worker_wait_until (GST_ELEMENT (scene->source)->numsrcpads == 0);
  worker_call (scene->worker, "Leave", g_variant_new ("(ss)", ROOM, "ann"));
  person_free (ann);
}

#define PUBLISHES                                                                                                      \
  "videotestsrc is-live=true ! video/x-raw,width=160,height=120,framerate=15/1 ! x264enc tune=zerolatency "            \
  "key-int-max=3000 ! rtph264pay config-interval=-1 ! hublinksink name=video "                                         \
  "audiotestsrc is-live=true ! audio/x-raw,rate=48000,channels=2 ! opusenc ! rtpopuspay ! hublinksink name=audio"

static void
set_sink (GstElement *pipeline, const char *name, GrLinkEnd *end, guint payload_type, guint ssrc)
{
  GstElement *sink = gst_bin_get_by_name (GST_BIN (pipeline), name);
  GstPad *pad = gst_element_get_static_pad (sink, "sink");
  GstPad *peer = gst_pad_get_peer (pad);
  GstElement *payloader = gst_pad_get_parent_element (peer);

  g_object_set (sink, "link", end, "ssrc", ssrc, NULL);
  g_object_set (payloader, "pt", payload_type, NULL);
  gst_object_unref (payloader);
  gst_object_unref (peer);
  gst_object_unref (pad);
  gst_object_unref (sink);
}

static void
test_publishes (Scene *scene, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  GstElement *pipeline = gst_parse_launch (PUBLISHES, &error);
  GVariantBuilder pictures;
  Person *ben;

  g_test_summary ("A viewer of the programme gets its picture, by a keyframe that it asks for, and its sound");
  g_assert_no_error (error);
  set_sink (pipeline, "video", scene->end, GR_LINK_H264, GR_LINK_PROGRAMME_VIDEO_SSRC);
  set_sink (pipeline, "audio", scene->end, GR_LINK_OPUS, GR_LINK_PROGRAMME_AUDIO_SSRC);
  attach (scene);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);

  ben = person_new (scene->worker->hub, "ben", 0.8, 1, 0);
  person_add_slot (ben, "h264");
  g_variant_builder_init (&pictures, G_VARIANT_TYPE ("a(ss)"));
  g_variant_builder_add (&pictures, "(ss)", PROGRAM, "programme");
  worker_call (scene->worker, "Subscribe", g_variant_new ("(ssa(ss))", ROOM, "ben", &pictures));
  person_offer (ben);
  worker_wait_until (g_atomic_int_get (&ben->decoded[2]) > 50 && g_atomic_int_get (&ben->decoded[3]) > 20);

  worker_call (scene->worker, "Leave", g_variant_new ("(ss)", ROOM, "ben"));
  person_free (ben);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_object_unref (pipeline);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  gst_init (&argc, &argv);
  gr_hub_link_register_elements (NULL);

  g_test_add_func ("/hublink/jitter", test_jitter);
  g_test_add_func ("/hublink/jitter-overflow", test_jitter_overflow);
  g_test_add_func ("/hublink/timing", test_timing);
  g_test_add_func ("/hublink/timing-lies", test_timing_lies);
  g_test_add_func ("/hublink/reports", test_reports);
  g_test_add ("/hublink/receives", Scene, NULL, set_up, test_receives, tear_down);
  g_test_add ("/hublink/publishes", Scene, NULL, set_up, test_publishes, tear_down);

  return g_test_run ();
}
