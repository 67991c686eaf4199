/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "guests.h"

#include <gst/app/app.h>

/* A row of squares in the middle: white, black, and the number's bits from the lowest up. */
#define SQUARE 64
#define BITS 9
#define ROW_X 288
#define ROW_Y 304

#define SENDS                                                                                                          \
  "webrtcbin name=webrtcbin bundle-policy=max-bundle latency=50 "                                                      \
  "audiotestsrc is-live=true name=voice freq=%u ! audio/x-raw,rate=48000,channels=2 ! opusenc ! rtpopuspay pt=111 "    \
  "! application/x-rtp,media=audio,encoding-name=OPUS,payload=111,clock-rate=48000,encoding-params=(string)2 "         \
  "! webrtcbin. "                                                                                                      \
  "appsrc name=camera is-live=true format=time do-timestamp=true caps=video/x-vp8 ! rtpvp8pay pt=96 mtu=1200 "         \
  "picture-id-mode=15-bit ! application/x-rtp,media=video,encoding-name=VP8,payload=96,clock-rate=90000 ! webrtcbin. "

struct _Guests
{
  Person *people[GUESTS];
  GstElement *cameras[GUESTS];
  GPtrArray *frames[GUESTS]; /* GstBuffer */
  gint64 sent[GUEST_FRAMES]; /* atomic enough: one thread writes, aligned words */
  GThread *thread;
  gint quit; /* atomic */
};

static char *
numbered (void)
{
  GString *filter = g_string_new (NULL);

  g_string_printf (filter,
                   "drawbox=x=%d:y=%d:w=%d:h=%d:color=black:t=fill,drawbox=x=%d:y=%d:w=%d:h=%d:color=white:t=fill",
                   ROW_X, ROW_Y, (BITS + 2) * SQUARE, SQUARE, ROW_X, ROW_Y, SQUARE, SQUARE);
  for (guint bit = 0; bit < BITS; bit++)
    g_string_append_printf (filter, ",drawbox=x=%d:y=%d:w=%d:h=%d:color=white:t=fill:enable='mod(floor(n/%u),2)'",
                            ROW_X + (bit + 2) * SQUARE, ROW_Y, SQUARE, SQUARE, 1u << bit);
  return g_string_free (filter, FALSE);
}

void
guests_encode (const char *folder)
{
  g_autofree char *row = numbered ();

  for (guint i = 0; i < GUESTS; i++)
    {
      g_autofree char *pictures = g_strdup_printf ("testsrc2=size=%dx%d:rate=%d,hue=h=%u,%s", GUEST_WIDTH, GUEST_HEIGHT,
                                                   GUEST_RATE, 90 * i, row);
      g_autofree char *sound = g_strdup_printf ("sine=frequency=%u:sample_rate=48000", 300 + 100 * i);
      g_autofree char *length = g_strdup_printf ("%d", GUEST_FRAMES / GUEST_RATE);
      g_autofree char *path = g_strdup_printf ("%s/%u.mkv", folder, i);
      const char *const command[] = { "ffmpeg",   "-v",
                                      "error",    "-nostdin",
                                      "-y",       "-f",
                                      "lavfi",    "-i",
                                      pictures,   "-f",
                                      "lavfi",    "-i",
                                      sound,      "-t",
                                      length,     "-c:v",
                                      "libvpx",   "-deadline",
                                      "realtime", "-cpu-used",
                                      "8",        "-b:v",
                                      "1500k",    "-g",
                                      "30",       "-lag-in-frames",
                                      "0",        "-auto-alt-ref",
                                      "0",        "-pix_fmt",
                                      "yuv420p",  "-c:a",
                                      "libopus",  "-b:a",
                                      "48k",      path,
                                      NULL };
      g_autoptr (GError) error = NULL;
      g_autoptr (GSubprocess) process = g_subprocess_newv (command, G_SUBPROCESS_FLAGS_NONE, &error);

      if (process == NULL || !g_subprocess_wait_check (process, NULL, &error))
        g_error ("ffmpeg: %s", error->message);
    }
}

static GPtrArray *
read_frames (const char *folder, guint number)
{
  g_autofree char *text
      = g_strdup_printf ("filesrc location=%s/%u.mkv ! matroskademux ! video/x-vp8 ! appsink name=end "
                         "sync=false max-buffers=8",
                         folder, number);
  GPtrArray *frames = g_ptr_array_new_with_free_func ((GDestroyNotify) gst_buffer_unref);
  GstElement *pipeline = gst_parse_launch (text, NULL);
  g_autoptr (GstElement) end = gst_bin_get_by_name (GST_BIN (pipeline), "end");
  GstSample *sample;

  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  while ((sample = gst_app_sink_pull_sample (GST_APP_SINK (end))) != NULL)
    {
      g_ptr_array_add (frames, gst_buffer_ref (gst_sample_get_buffer (sample)));
      gst_sample_unref (sample);
    }
  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_object_unref (pipeline);
  if (frames->len != GUEST_FRAMES)
    g_error ("%u pictures in %s/%u.mkv instead of %d", frames->len, folder, number, GUEST_FRAMES);
  return frames;
}

/* Each camera at its own moment of the interval, as in life. */
static gpointer
send (gpointer user_data)
{
  Guests *guests = user_data;
  gint64 begin = g_get_monotonic_time ();

  for (guint64 step = 0; !g_atomic_int_get (&guests->quit); step++)
    {
      guint who = step % GUESTS;
      guint number = step / GUESTS % GUEST_FRAMES;
      gint64 due = begin + (gint64) (step * G_USEC_PER_SEC / (GUEST_RATE * GUESTS));
      gint64 now = g_get_monotonic_time ();
      GstBuffer *frame = gst_buffer_copy (g_ptr_array_index (guests->frames[who], number));

      if (due > now)
        g_usleep (due - now);
      GST_BUFFER_PTS (frame) = GST_BUFFER_DTS (frame) = GST_BUFFER_DURATION (frame) = GST_CLOCK_TIME_NONE;
      if (who == 0)
        guests->sent[number] = g_get_monotonic_time ();
      gst_app_src_push_buffer (GST_APP_SRC (guests->cameras[who]), frame);
    }

  return NULL;
}

/* webrtcbin offers what has shown its caps. */
static void
show_caps (Person *person, GstElement *camera, GstBuffer *frame)
{
  g_autoptr (GstPad) pad = gst_element_get_static_pad (person->webrtcbin, "sink_1");
  GstBuffer *first = gst_buffer_copy (frame);

  GST_BUFFER_PTS (first) = GST_BUFFER_DTS (first) = GST_BUFFER_DURATION (first) = GST_CLOCK_TIME_NONE;
  gst_app_src_push_buffer (GST_APP_SRC (camera), first);
  while (!gst_pad_has_current_caps (pad))
    g_main_context_iteration (NULL, FALSE);
}

Guests *
guests_join (GDBusConnection *hub, const char *folder)
{
  Guests *guests = g_new0 (Guests, 1);

  for (guint i = 0; i < GUESTS; i++)
    {
      g_autofree char *id = g_strdup_printf ("%u", i);
      g_autofree char *sends = g_strdup_printf (SENDS, 300 + 100 * i);

      guests->frames[i] = read_frames (folder, i);
      guests->people[i] = person_new_sending (hub, id, sends, 0.2, 0, 0);
      guests->cameras[i] = gst_bin_get_by_name (GST_BIN (guests->people[i]->pipeline), "camera");
      show_caps (guests->people[i], guests->cameras[i], g_ptr_array_index (guests->frames[i], 0));
      person_offer (guests->people[i]);
    }
  guests->thread = g_thread_new ("cameras", send, guests);
  return guests;
}

void
guests_free (Guests *guests)
{
  g_atomic_int_set (&guests->quit, TRUE);
  g_thread_join (guests->thread);
  for (guint i = 0; i < GUESTS; i++)
    {
      gst_object_unref (guests->cameras[i]);
      person_free (guests->people[i]);
      g_ptr_array_unref (guests->frames[i]);
    }
  g_free (guests);
}

gint
guests_read_number (const GstVideoFrame *frame, gint x, gint y, gint width, gint height)
{
  /* The cell is covered: what does not fit is cut at both sides. */
  double scale = MAX ((double) width / GUEST_WIDTH, (double) height / GUEST_HEIGHT);
  gint number = 0;

  for (guint square = 0; square < BITS + 2; square++)
    {
      gint at_x = x + width / 2 + (gint) ((ROW_X + (square + 0.5) * SQUARE - GUEST_WIDTH / 2) * scale);
      gint at_y = y + height / 2 + (gint) ((ROW_Y + 0.5 * SQUARE - GUEST_HEIGHT / 2) * scale);
      const guint8 *line = (const guint8 *) GST_VIDEO_FRAME_PLANE_DATA (frame, 0)
                           + (gsize) at_y * GST_VIDEO_FRAME_PLANE_STRIDE (frame, 0);
      gboolean white = line[at_x] > 128;

      if (square < 2 && white != (square == 0))
        return -1;
      if (square >= 2)
        number |= white << (square - 2);
    }

  return number < GUEST_FRAMES ? number : -1;
}

gint64
guests_sent_at (Guests *guests, gint number)
{
  return guests->sent[number];
}
