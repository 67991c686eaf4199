/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GrRecording: {"kind":"recording"}: the mix as a file (pipelines/record-mix), and {"kind":"finish"}: only what follows
 * when it ends. Main thread. */
#define GR_LOG_TOPIC "recording"

#include <glib/gstdio.h>
#include <math.h>
#include <sys/stat.h>

#include "base/error.h"
#include "base/json.h"
#include "base/log.h"
#include "media/program/chain.h"
#include "media/program/disk.h"
#include "media/program/finish.h"
#include "media/program/output-private.h"

#define CHAIN "record-mix"
/* Disks have their moments. */
#define MAX_QUEUED (10 * GST_SECOND)
#define MAX_QUEUED_BYTES (64 * 1024 * 1024)
/* A disk that does not take the end of a file in this time will not. */
#define END_TIMEOUT (30 * G_USEC_PER_SEC)

#define GR_TYPE_RECORDING (gr_recording_get_type ())
G_DECLARE_FINAL_TYPE (GrRecording, gr_recording, GR, RECORDING, GrOutput)

struct _GrRecording
{
  GrOutput parent;

  GrFanout *fanout; /* NULL: only to be finished */
  char *pipelines;
  char *path;
  GrDiskBounds bounds;
  GrChain *chain;
  GCancellable *cancellable;
  const char *reason; /* why it ended, if nobody asked it to; static */
  char *message;
  gint64 ending;   /* since; µs, monotonic; or 0 */
  gint64 measured; /* likewise */
  guint64 bytes;   /* then */
};

G_DEFINE_FINAL_TYPE (GrRecording, gr_recording, gr_output_get_type ())

static void
on_finished (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GrOutput) output = user_data;
  GrRecording *recording = GR_RECORDING (output);
  GrOutputStatus *status = gr_output_get_status (output);
  g_autoptr (GError) error = NULL;
  g_autoptr (GrFinished) finished = gr_finish_finish (result, &error);
  GStatBuf info;

  if (finished == NULL)
    {
      gr_warning ("%s: %s", gr_output_get_id (output), error->message);
      gr_output_set_state (output, GR_OUTPUT_FAILED, recording->reason != NULL ? recording->reason : "internal",
                           recording->message != NULL ? recording->message : error->message);
      return;
    }

  status->path = g_steal_pointer (&finished->path);
  status->thumbnail = g_steal_pointer (&finished->thumbnail);
  if (finished->seconds > 0)
    status->seconds = finished->seconds;
  if (g_stat (status->path, &info) == 0)
    status->bytes = info.st_size;
  status->bits_per_second = 0;
  if (finished->as == GR_FINISHED_CROWDED && recording->reason == NULL)
    {
      recording->reason = "disk";
      recording->message = g_strdup ("There was no room to make an MP4 of it: it stays as Matroska");
    }
  else if (finished->as == GR_FINISHED_HALF && recording->message == NULL)
    recording->message = g_strdup ("It has pictures or sound, but not both: it stays as Matroska");
  gr_output_set_state (output, GR_OUTPUT_ENDED, recording->reason, recording->message);
}

static void
put_in_order (gpointer data)
{
  GrRecording *recording = data;

  gr_finish_async (recording->path, recording->pipelines, recording->cancellable, on_finished, recording);
}

/* The file is closed, then put in order, which keeps the recording alive. */
static void
close_file (GrRecording *recording)
{
  g_object_ref (recording);
  gr_chain_stop (g_steal_pointer (&recording->chain), put_in_order, recording);
}

static void
on_over (GrChain *chain, const GError *error, const char *debug, gpointer user_data)
{
  GrRecording *recording = user_data;

  if (error != NULL)
    {
      gboolean full = g_error_matches (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NO_SPACE_LEFT);

      gr_warning ("%s: %s", gr_output_get_id (GR_OUTPUT (recording)), error->message);
      recording->reason = full || error->domain == GST_RESOURCE_ERROR ? "disk" : "internal";
      g_free (recording->message);
      recording->message = g_strdup (full ? "The disk is full: the recording ended" : error->message);
    }
  close_file (recording);
}

static void
gr_recording_start (GrOutput *output)
{
  static const char *const entries[GR_FANOUT_PROGRAMME_STREAMS] = { "video", "audio", NULL };
  GrRecording *recording = GR_RECORDING (output);
  const GrChainPlan plan = { .name = CHAIN,
                             .pipelines = recording->pipelines,
                             .fanout = recording->fanout,
                             .entries = entries,
                             .options = { .max_time = MAX_QUEUED, .max_bytes = MAX_QUEUED_BYTES, .rebase = TRUE } };
  g_autoptr (GstElement) sink = NULL;
  g_autoptr (GError) error = NULL;

  if (recording->fanout == NULL)
    {
      g_object_ref (recording);
      put_in_order (recording);
      return;
    }
  if (gr_disk_judge (recording->path, &recording->bounds, NULL) == GR_DISK_FULL)
    {
      gr_output_set_state (output, GR_OUTPUT_FAILED, "disk", "There is no room for a recording");
      return;
    }

  recording->chain = gr_chain_new (&plan, on_over, recording, &error);
  sink = recording->chain != NULL ? gr_chain_get (recording->chain, "sink") : NULL;
  if (sink == NULL)
    {
      gr_output_set_state (output, GR_OUTPUT_FAILED, "internal",
                           error != NULL ? error->message : CHAIN ".launch has no sink");
      return;
    }

  g_object_set (sink, "location", recording->path, NULL);
  recording->measured = g_get_monotonic_time ();
  gr_chain_play (recording->chain);
}

static void
stop_for_disk (GrRecording *recording)
{
  recording->reason = "disk";
  g_free (recording->message);
  recording->message = g_strdup ("The disk is nearly full: the recording ended");
  recording->ending = g_get_monotonic_time ();
  gr_chain_end (recording->chain);
}

static void
warn (GrRecording *recording, GrOutputStatus *status)
{
  guint64 rate = MAX (status->bits_per_second / 8, 1);
  g_autofree char *message = NULL;
  guint64 left;

  if (status->reason != NULL || !gr_disk_get_free (recording->path, &left, NULL))
    return;

  message = g_strdup_printf ("The disk is nearly full: about %" G_GUINT64_FORMAT " minutes are left",
                             (left - MIN (left, recording->bounds.stop_below)) / rate / 60);
  gr_output_set_state (GR_OUTPUT (recording), GR_OUTPUT_LIVE, "disk", message);
}

static void
watch_disk (GrRecording *recording, GrOutputStatus *status)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *message = NULL;

  switch (gr_disk_judge (recording->path, &recording->bounds, &error))
    {
    case GR_DISK_FULL:
      stop_for_disk (recording);
      break;

    case GR_DISK_SHORT:
      warn (recording, status);
      break;

    case GR_DISK_UNKNOWN:
      if (status->reason != NULL)
        break;
      gr_warning ("%s: %s", gr_output_get_id (GR_OUTPUT (recording)), error->message);
      message = g_strconcat (error->message, ". The recording goes on until writing fails.", NULL);
      gr_output_set_state (GR_OUTPUT (recording), status->state, "disk", message);
      break;

    case GR_DISK_ENOUGH:
      if (status->reason != NULL)
        gr_output_set_state (GR_OUTPUT (recording), status->state, NULL, NULL);
      break;
    }
}

static void
measure (GrRecording *recording, GrOutputStatus *status, const GrFanoutStats *stats, gint64 now)
{
  GStatBuf info;

  status->dropped = stats->dropped;
  if (stats->last != GST_CLOCK_TIME_NONE)
    status->seconds = stats->last / (double) GST_SECOND;
  if (g_stat (recording->path, &info) == 0)
    status->bytes = info.st_size;
  if (now - recording->measured < G_USEC_PER_SEC)
    return;

  status->bits_per_second
      = llround ((status->bytes - MIN (recording->bytes, status->bytes)) * 8e6 / (now - recording->measured));
  recording->bytes = status->bytes;
  recording->measured = now;
}

static void
gr_recording_tick (GrOutput *output)
{
  GrRecording *recording = GR_RECORDING (output);
  GrOutputStatus *status = gr_output_get_status (output);
  gint64 now = g_get_monotonic_time ();
  GrFanoutStats stats;

  if (recording->chain == NULL)
    return;
  if (recording->ending != 0 && now - recording->ending > END_TIMEOUT)
    {
      close_file (recording);
      return;
    }

  gr_chain_get_stats (recording->chain, &stats);
  measure (recording, status, &stats, now);
  if (status->state == GR_OUTPUT_CONNECTING && stats.begun)
    gr_output_set_state (output, GR_OUTPUT_LIVE, NULL, NULL);
  if (recording->ending != 0)
    return;

  watch_disk (recording, status);
}

static void
gr_recording_end (GrOutput *output)
{
  GrRecording *recording = GR_RECORDING (output);
  GrFanoutStats stats;

  if (recording->chain == NULL || recording->ending != 0)
    return;

  gr_chain_get_stats (recording->chain, &stats);
  recording->ending = g_get_monotonic_time ();
  gr_chain_end (recording->chain);
  /* A muxer that got nothing has no end to write. */
  if (!stats.begun)
    close_file (recording);
}

static char *
gr_recording_graph (GrOutput *output)
{
  return gr_chain_draw (GR_RECORDING (output)->chain);
}

static gboolean
gr_recording_configure (GrOutput *output, JsonObject *document, const GrOutputSources *sources, GError **error)
{
  GrRecording *recording = GR_RECORDING (output);
  const char *path = gr_json_string (document, "path");
  const char *own = gr_json_string (document, "pipelinesDir");
  gboolean records = g_strcmp0 (gr_json_string (document, "kind"), "recording") == 0;

  if (path == NULL || !g_path_is_absolute (path) || !g_str_has_suffix (path, ".mkv"))
    {
      gr_set_error (error, GR_ERROR_INVALID_INPUT, "path", "A recording is an absolute path that ends with .mkv");
      return FALSE;
    }
  /* What a process left behind when it died. */
  if (records && g_file_test (path, G_FILE_TEST_EXISTS))
    {
      gr_set_error (error, GR_ERROR_CONFLICT, "path", "There is a recording of this name already");
      return FALSE;
    }

  recording->path = g_strdup (path);
  recording->pipelines = g_strdup (records || own == NULL ? sources->pipelines : own);
  recording->bounds = gr_disk_bounds (sources->pipelines, CHAIN);
  recording->fanout = records ? gr_fanout_ref (sources->programme) : NULL;
  return TRUE;
}

static void
gr_recording_dispose (GObject *object)
{
  GrRecording *recording = GR_RECORDING (object);

  g_cancellable_cancel (recording->cancellable);
  if (recording->chain != NULL)
    gr_chain_stop (g_steal_pointer (&recording->chain), NULL, NULL);
  G_OBJECT_CLASS (gr_recording_parent_class)->dispose (object);
}

static void
gr_recording_finalize (GObject *object)
{
  GrRecording *recording = GR_RECORDING (object);

  g_clear_pointer (&recording->fanout, gr_fanout_unref);
  g_clear_object (&recording->cancellable);
  g_free (recording->pipelines);
  g_free (recording->path);
  g_free (recording->message);
  G_OBJECT_CLASS (gr_recording_parent_class)->finalize (object);
}

static void
gr_recording_class_init (GrRecordingClass *class)
{
  GrOutputClass *output_class = GR_OUTPUT_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = gr_recording_dispose;
  G_OBJECT_CLASS (class)->finalize = gr_recording_finalize;
  output_class->configure = gr_recording_configure;
  output_class->start = gr_recording_start;
  output_class->end = gr_recording_end;
  output_class->tick = gr_recording_tick;
  output_class->graph = gr_recording_graph;
}

static void
gr_recording_init (GrRecording *recording)
{
  recording->cancellable = g_cancellable_new ();
}
