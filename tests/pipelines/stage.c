/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "stage.h"

#include <glib/gstdio.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>

#include "base/json.h"
#include "media/launch.h"

static void
want_keyframe (gpointer user_data)
{
  Stage *stage = user_data;
  g_autoptr (GstElement) encoder = gst_bin_get_by_name (GST_BIN (stage->pipeline), "encode-h264");
  GstStructure *structure = gst_structure_new ("GstForceKeyUnit", "all-headers", G_TYPE_BOOLEAN, TRUE, NULL);

  gst_element_send_event (encoder, gst_event_new_custom (GST_EVENT_CUSTOM_UPSTREAM, structure));
}

static void
add_branch (
    Stage *stage, const char *front, const char *chain, const char *const *parameters, guint stream, GstClockTime delay)
{
  g_autoptr (GError) error = NULL;
  GstElement *source = gst_parse_bin_from_description (front, TRUE, &error);
  GstElement *encoder = gr_launch_make (NULL, chain, parameters, &error);
  GstElement *sink = gr_fanout_make_sink (stage->fanout, stream, delay);

  g_assert_no_error (error);
  gst_bin_add_many (GST_BIN (stage->pipeline), source, encoder, sink, NULL);
  g_assert_true (gst_element_link_many (source, encoder, sink, NULL));
}

Stage *
stage_new_with (GrFanout *fanout)
{
  Stage *stage = g_new0 (Stage, 1);

  stage->directory = g_dir_make_tmp ("greenroom-XXXXXX", NULL);
  stage->processes = g_ptr_array_new_with_free_func (g_object_unref);
  stage->fanout = gr_fanout_ref (fanout);
  return stage;
}

Stage *
stage_new (void)
{
  static const char *const video[] = { "kilobits", "600", "keyframe-frames", "30", "preset", "ultrafast", NULL };
  GrFanout *fanout = gr_fanout_new (GR_FANOUT_PROGRAMME_STREAMS, GR_FANOUT_VIDEO, NULL, NULL);
  Stage *stage = stage_new_with (fanout);

  gr_fanout_unref (fanout);
  gr_fanout_set_want_keyframe (stage->fanout, want_keyframe, stage);
  stage->pipeline = gst_object_ref_sink (gst_pipeline_new ("programme"));
  add_branch (stage, "videotestsrc is-live=true ! video/x-raw,format=I420,width=320,height=180,framerate=30/1 ! queue",
              "encode-h264", video, GR_FANOUT_VIDEO, 0);
  add_branch (stage, "audiotestsrc is-live=true ! audio/x-raw,rate=48000,channels=2 ! queue", "encode-aac", NULL,
              GR_FANOUT_AAC, 21333 * GST_USECOND);
  gst_element_set_state (stage->pipeline, GST_STATE_PLAYING);
  return stage;
}

void
stage_free (Stage *stage)
{
  const char *const command[] = { "rm", "-rf", "--", stage->directory, NULL };

  for (guint i = 0; i < stage->processes->len; i++)
    g_subprocess_force_exit (g_ptr_array_index (stage->processes, i));
  g_ptr_array_unref (stage->processes);
  if (stage->pipeline != NULL)
    {
      gr_fanout_close (stage->fanout);
      gst_element_set_state (stage->pipeline, GST_STATE_NULL);
      gst_object_unref (stage->pipeline);
    }
  gr_fanout_unref (stage->fanout);
  g_spawn_sync (NULL, (char **) command, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, NULL);
  g_free (stage->directory);
  g_free (stage);
}

static gboolean
on_time (gpointer data)
{
  *(gboolean *) data = TRUE;
  return G_SOURCE_REMOVE;
}

/* Wakes the context up, so that conditions are looked at again. */
static gboolean
on_beat (gpointer data)
{
  return G_SOURCE_CONTINUE;
}

void
stage_wait (StageCondition condition, gpointer data, guint seconds, const char *what)
{
  gboolean late = FALSE;
  guint deadline = g_timeout_add_seconds (seconds, on_time, &late);
  guint beat = g_timeout_add (50, on_beat, NULL);

  while (!condition (data) && !late)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (beat);
  if (late)
    g_error ("%u s were not enough for: %s", seconds, what);
  g_source_remove (deadline);
}

void
stage_run (guint milliseconds)
{
  gboolean over = FALSE;

  g_timeout_add (milliseconds, on_time, &over);
  while (!over)
    g_main_context_iteration (NULL, TRUE);
}

static void
on_changed (GrOutput *output, gpointer user_data)
{
  Watched *watched = user_data;
  g_autofree char *text = gr_output_status (output);
  g_autoptr (JsonNode) node = gr_json_parse (text, strlen (text), NULL);
  const char *state;
  g_autofree char *old = NULL;

  g_assert_nonnull (node);
  old = watched->status != NULL ? g_strdup (gr_json_string (watched->status, "state")) : NULL;
  g_clear_pointer (&watched->status, json_object_unref);
  watched->status = json_object_ref (json_node_get_object (node));
  state = gr_json_string (watched->status, "state");
  if (g_strcmp0 (state, old) != 0)
    g_string_append_printf (watched->states, "%s ", state);
  g_string_append_printf (watched->told, "%s\n", text);
  g_test_message ("%s %s", gr_output_get_id (output), text);
}

Watched *
watched_new (Stage *stage, const char *id, const char *format, ...)
{
  const GrOutputSources sources = { .programme = stage->fanout, .pipelines = stage->pipelines };
  g_autofree char *document = NULL;
  g_autoptr (GError) error = NULL;
  Watched *watched = g_new0 (Watched, 1);
  va_list arguments;

  va_start (arguments, format);
  document = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  watched->states = g_string_new (NULL);
  watched->told = g_string_new (NULL);
  watched->output = gr_output_new (id, document, &sources, on_changed, watched, &error);
  g_assert_no_error (error);
  gr_output_start (watched->output);
  return watched;
}

void
watched_free (Watched *watched)
{
  g_object_unref (watched->output);
  g_clear_pointer (&watched->status, json_object_unref);
  g_string_free (watched->states, TRUE);
  g_string_free (watched->told, TRUE);
  g_free (watched);
}

typedef struct
{
  Watched *watched;
  const char *state;
  const char *reason;
} Expected;

static gboolean
is_so (gpointer data)
{
  const Expected *expected = data;
  JsonObject *status = expected->watched->status;

  return status != NULL && g_strcmp0 (gr_json_string (status, "state"), expected->state) == 0
         && (expected->reason == NULL || g_strcmp0 (gr_json_string (status, "reason"), expected->reason) == 0);
}

void
watched_wait_reason (Watched *watched, const char *state, const char *reason, guint seconds)
{
  Expected expected = { watched, state, reason };
  g_autofree char *what
      = g_strdup_printf ("%s to be %s (%s)", gr_output_get_id (watched->output), state, reason != NULL ? reason : "");

  stage_wait (is_so, &expected, seconds, what);
}

void
watched_wait_state (Watched *watched, const char *state, guint seconds)
{
  watched_wait_reason (watched, state, NULL, seconds);
}

gint64
watched_number (Watched *watched, const char *member)
{
  return gr_json_int (watched->status, member, -1);
}

guint16
stage_free_port (void)
{
  g_autoptr (GSocketListener) listener = g_socket_listener_new ();

  return g_socket_listener_add_any_inet_port (listener, NULL, NULL);
}

char *
stage_path (Stage *stage, const char *name)
{
  return g_build_filename (stage->directory, name, NULL);
}

/* In the child: a test that dies leaves no server behind. */
static void
die_with_the_test (gpointer data)
{
  prctl (PR_SET_PDEATHSIG, SIGKILL);
}

static GSubprocess *
spawn (Stage *stage, const char *const *command)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (
      g_test_verbose () ? G_SUBPROCESS_FLAGS_NONE
                        : G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_SILENCE);
  g_autoptr (GError) error = NULL;
  GSubprocess *process;

  g_subprocess_launcher_set_child_setup (launcher, die_with_the_test, NULL, NULL);
  process = g_subprocess_launcher_spawnv (launcher, command, &error);
  g_assert_no_error (error);
  g_ptr_array_add (stage->processes, process);
  return process;
}

static gboolean
listens (gpointer data)
{
  g_autofree char *wanted = g_strdup_printf ("0100007F:%04X 00000000:0000 0A", *(guint16 *) data);
  g_autofree char *table = NULL;

  return g_file_get_contents ("/proc/net/tcp", &table, NULL, NULL) && strstr (table, wanted) != NULL;
}

void
stage_wait_port (guint16 port)
{
  stage_wait (listens, &port, 20, "a server to listen");
}

GSubprocess *
stage_start_nginx (Stage *stage, const char *name, guint16 port)
{
  guint16 control = stage_free_port ();
  g_autofree char *path = g_strdup_printf ("%s/%s.conf", stage->directory, name);
  g_autofree char *text = g_strdup_printf (
      "load_module /usr/lib/nginx/modules/ngx_rtmp_module.so;\n"
      "user root; daemon off; master_process off; error_log %s/%s.log info; pid %s/%s.pid;\n"
      "events { worker_connections 64; }\n"
      "rtmp { server { listen 127.0.0.1:%u; notify_method get; chunk_size 4096;\n"
      "  application live { live on; record all; record_path %s; record_suffix -%s.flv; }\n"
      "  application keyed { live on; on_publish http://127.0.0.1:%u/ask; } } }\n"
      "http { access_log off; client_body_temp_path %s/b; proxy_temp_path %s/p; fastcgi_temp_path %s/f; "
      "uwsgi_temp_path "
      "%s/u; scgi_temp_path %s/s;\n"
      "  server { listen 127.0.0.1:%u; location /ask { if ($arg_name = right) { return 200; } return 403; } } }\n",
      stage->directory, name, stage->directory, name, port, stage->directory, name, control, stage->directory,
      stage->directory, stage->directory, stage->directory, stage->directory, control);
  const char *const command[] = { "nginx", "-c", path, "-p", stage->directory, NULL };
  GSubprocess *process;

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  process = spawn (stage, command);
  stage_wait_port (port);
  return process;
}

GSubprocess *
stage_start_ffmpeg (Stage *stage, guint16 port, const char *path)
{
  g_autofree char *url = g_strdup_printf ("rtmp://127.0.0.1:%u/live/key", port);
  const char *const command[] = { "ffmpeg", "-nostdin", "-loglevel", "error", "-listen", "1",  "-i", url,
                                  "-c",     "copy",     "-y",        "-f",    "flv",     path, NULL };
  GSubprocess *process = spawn (stage, command);

  stage_wait_port (port);
  return process;
}

void
stage_kill (Stage *stage, GSubprocess *process, int signal_number)
{
  g_subprocess_send_signal (process, signal_number);
  if (signal_number == SIGSTOP || signal_number == SIGCONT)
    return;

  g_subprocess_wait (process, NULL, NULL);
  g_ptr_array_remove (stage->processes, process);
}

void
stage_probe (const char *path, Probe *probe)
{
  const char *const command[] = { "ffprobe", "-loglevel", "error", "-show_entries", "packet=codec_type,dts_time", "-of",
                                  "csv=p=0", path,        NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) process = g_subprocess_newv (command, G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error);
  g_autofree char *output = NULL;
  g_auto (GStrv) lines = NULL;
  double last[2] = { NAN, NAN };

  g_assert_no_error (error);
  g_subprocess_communicate_utf8 (process, NULL, NULL, &output, NULL, &error);
  g_assert_no_error (error);
  *probe = (Probe){ .first = INFINITY };
  lines = g_strsplit (output, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      gboolean video = g_str_has_prefix (lines[i], "video,");
      double time;

      if (!video && !g_str_has_prefix (lines[i], "audio,"))
        continue;
      time = g_ascii_strtod (lines[i] + strlen ("video,"), NULL);
      if (!isnan (last[video]))
        {
          g_assert_cmpfloat (time, >=, last[video]);
          probe->gap = MAX (probe->gap, time - last[video]);
        }
      last[video] = time;
      probe->first = MIN (probe->first, time);
      probe->last = MAX (probe->last, time);
      *(video ? &probe->video : &probe->audio) += 1;
    }
  g_test_message ("%s: %.3f to %.3f s, %u pictures, %u of sound, longest gap %.3f s", path, probe->first, probe->last,
                  probe->video, probe->audio, probe->gap);
}
