/* SPDX-License-Identifier: LGPL-2.1-or-later */
#define GR_LOG_TOPIC "recording"

#include "media/program/finish.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <gst/app/app.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/log.h"
#include "media/launch.h"
#include "media/program/disk.h"

#define CHAIN "finish-mp4"
#define ENDS (GST_MESSAGE_EOS | GST_MESSAGE_ERROR | GST_MESSAGE_APPLICATION)
#define HALF "half-a-recording"
/* How often a thread that copies looks whether it is still wanted. */
#define CANCEL_INTERVAL (200 * GST_MSECOND)
/* One picture. */
#define THUMBNAIL_TIMEOUT (20 * GST_SECOND)
/* What must be left on the disk beside the copy. */
#define SPARE_BYTES (16 * 1024 * 1024)

typedef struct
{
  char *path;
  char *pipelines;
} Order;

/* The files that become the copy, and how long they may stay as they are (µs). */
typedef struct
{
  const char *part;
  const char *index;
  gint64 patience;
} Copy;

static void
order_free (gpointer data)
{
  Order *order = data;

  g_free (order->path);
  g_free (order->pipelines);
  g_free (order);
}

void
gr_finished_free (GrFinished *finished)
{
  g_free (finished->path);
  g_free (finished->thumbnail);
  g_free (finished);
}

/* ID.mkv → ID@suffix. */
static char *
sibling (const char *path, const char *suffix)
{
  g_autofree char *stem
      = g_str_has_suffix (path, ".mkv") ? g_strndup (path, strlen (path) - strlen (".mkv")) : g_strdup (path);

  return g_strconcat (stem, suffix, NULL);
}

/* What is to be relied upon when the power fails. */
static gboolean
flush_to_disk (const char *path)
{
  int fd = g_open (path, O_RDONLY | O_CLOEXEC, 0);
  gboolean flushed = fd >= 0 && fsync (fd) == 0;

  if (fd >= 0)
    close (fd);
  return flushed;
}

static GstElement *
make_pipeline (const Order *order, const char *name, const char *source_path, GError **error)
{
  GstElement *bin = gr_launch_make_whole (order->pipelines, name, NULL, error);
  g_autoptr (GstElement) source = NULL;
  GstElement *pipeline;

  if (bin == NULL)
    return NULL;

  pipeline = gst_object_ref_sink (gst_pipeline_new (name));
  gst_bin_add (GST_BIN (pipeline), bin);
  source = gst_bin_get_by_name (GST_BIN (bin), "source");
  if (source != NULL)
    g_object_set (source, "location", source_path, NULL);
  return pipeline;
}

static void
set_path (GstElement *pipeline, const char *element, const char *property, const char *path)
{
  g_autoptr (GstElement) found = gst_bin_get_by_name (GST_BIN (pipeline), element);

  if (found != NULL)
    g_object_set (found, property, path, NULL);
}

/* It is the new file that cannot be written, and not the old one that cannot be read. */
static gboolean
is_of_writing (const GError *error)
{
  static const int codes[]
      = { GST_RESOURCE_ERROR_NO_SPACE_LEFT, GST_RESOURCE_ERROR_WRITE, GST_RESOURCE_ERROR_OPEN_WRITE,
          GST_RESOURCE_ERROR_OPEN_READ_WRITE, GST_RESOURCE_ERROR_CLOSE };

  for (guint i = 0; i < G_N_ELEMENTS (codes); i++)
    if (g_error_matches (error, GST_RESOURCE_ERROR, codes[i]))
      return TRUE;

  return FALSE;
}

/* A recording that ended before its sound or its pictures came has one track. The branch for the other gets nothing,
 * not even an end, and the muxer would wait for it for ever. */
static void
on_no_more_pads (GstElement *demuxer, gpointer user_data)
{
  g_autoptr (GstPad) pad = gst_bin_find_unlinked_pad (user_data, GST_PAD_SINK);

  if (pad != NULL)
    gst_element_post_message (demuxer,
                              gst_message_new_application (GST_OBJECT (demuxer), gst_structure_new_empty (HALF)));
}

/* What has been written of the copy so far: its index has a file of its own until the end. */
static guint64
written (const Copy *copy)
{
  GStatBuf part, index;

  return (g_stat (copy->part, &part) == 0 ? part.st_size : 0) + (g_stat (copy->index, &index) == 0 ? index.st_size : 0);
}

static GstMessage *
wait_for_end (const Copy *copy, GstBus *bus, GCancellable *cancellable, GError **error)
{
  gint64 moved = g_get_monotonic_time ();
  guint64 before = 0;

  while (!g_cancellable_set_error_if_cancelled (cancellable, error))
    {
      GstMessage *message = gst_bus_timed_pop_filtered (bus, CANCEL_INTERVAL, ENDS);
      guint64 bytes = written (copy);

      if (message != NULL)
        return message;
      if (bytes != before)
        moved = g_get_monotonic_time ();
      before = bytes;
      if (g_get_monotonic_time () - moved > copy->patience)
        {
          gr_set_error (error, GR_ERROR_INVALID_INPUT, NULL,
                        "The recording cannot be put in order: nothing was written for %.0f s",
                        copy->patience / (double) G_USEC_PER_SEC);
          return NULL;
        }
    }

  return NULL;
}

/* To its end. UNAVAILABLE when there is no room, NOT_FOUND when half of it is missing. */
static gboolean
run (const Copy *copy, GstElement *pipeline, GCancellable *cancellable, GError **error)
{
  g_autoptr (GstElement) demuxer = gst_bin_get_by_name (GST_BIN (pipeline), "demuxer");
  g_autoptr (GstBus) bus = gst_element_get_bus (pipeline);
  g_autoptr (GstMessage) message = NULL;
  g_autoptr (GError) failure = NULL;

  if (demuxer != NULL)
    g_signal_connect (demuxer, "no-more-pads", G_CALLBACK (on_no_more_pads), GST_ELEMENT_PARENT (demuxer));
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  message = wait_for_end (copy, bus, cancellable, error);
  if (message == NULL)
    return FALSE;
  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_EOS)
    return TRUE;
  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_APPLICATION)
    {
      gr_set_error (error, GR_ERROR_NOT_FOUND, NULL, "There is sound or there are pictures in it, but not both");
      return FALSE;
    }

  gst_message_parse_error (message, &failure, NULL);
  gr_set_error (error, is_of_writing (failure) ? GR_ERROR_UNAVAILABLE : GR_ERROR_INVALID_INPUT, NULL,
                "The recording cannot be put in order: %s", failure->message);
  return FALSE;
}

/* ID.mkv → ID.mp4, by way of names that nobody takes for complete. */
static gboolean
copy (const Order *order, const char *target, GCancellable *cancellable, GError **error)
{
  g_autofree char *part = sibling (order->path, ".mp4.part");
  g_autofree char *index = sibling (order->path, ".mp4.index");
  const Copy files = { part, index, gr_launch_number (order->pipelines, CHAIN, "stall-seconds", 30) * G_USEC_PER_SEC };
  GstElement *pipeline = make_pipeline (order, CHAIN, order->path, error);
  gboolean done;

  if (pipeline == NULL)
    return FALSE;

  set_path (pipeline, "muxer", "faststart-file", index);
  set_path (pipeline, "sink", "location", part);
  done = run (&files, pipeline, cancellable, error);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_object_unref (pipeline);
  g_unlink (index);
  if (done && flush_to_disk (part) && g_rename (part, target) == 0)
    return TRUE;

  if (done)
    gr_set_error (error, GR_ERROR_UNAVAILABLE, NULL, "%s", g_strerror (errno));
  g_unlink (part);
  return FALSE;
}

static gboolean
settle (GstElement *pipeline)
{
  return gst_element_get_state (pipeline, NULL, NULL, THUMBNAIL_TIMEOUT) == GST_STATE_CHANGE_SUCCESS;
}

/* A picture from a third into it, where something is to be seen, and how long it is. */
static GstSample *
look (GstElement *pipeline, double *seconds)
{
  g_autoptr (GstElement) sink = gst_bin_get_by_name (GST_BIN (pipeline), "sink");
  gint64 duration = 0;

  gst_element_set_state (pipeline, GST_STATE_PAUSED);
  if (sink == NULL || !GST_IS_APP_SINK (sink) || !settle (pipeline))
    return NULL;

  if (gst_element_query_duration (pipeline, GST_FORMAT_TIME, &duration))
    *seconds = duration / (double) GST_SECOND;
  if (gst_element_seek_simple (pipeline, GST_FORMAT_TIME, GST_SEEK_FLAG_FLUSH | GST_SEEK_FLAG_KEY_UNIT, duration / 3))
    settle (pipeline);
  return gst_app_sink_try_pull_preroll (GST_APP_SINK (sink), THUMBNAIL_TIMEOUT);
}

static gboolean
write_thumbnail (const Order *order, const char *video, const char *target, double *seconds)
{
  g_autoptr (GError) error = NULL;
  GstElement *pipeline = make_pipeline (order, "thumbnail", video, &error);
  g_autoptr (GstSample) sample = pipeline != NULL ? look (pipeline, seconds) : NULL;
  GstMapInfo map;
  gboolean written = FALSE;

  if (sample != NULL && gst_buffer_map (gst_sample_get_buffer (sample), &map, GST_MAP_READ))
    {
      written = g_file_set_contents (target, (const char *) map.data, map.size, &error);
      gst_buffer_unmap (gst_sample_get_buffer (sample), &map);
    }
  if (pipeline != NULL)
    {
      gst_element_set_state (pipeline, GST_STATE_NULL);
      gst_object_unref (pipeline);
    }
  if (!written)
    gr_info ("a recording has no thumbnail: %s", error != NULL ? error->message : "no picture could be read");
  return written;
}

static GrFinishedAs
convert (const Order *order, const char *target, guint64 bytes, GCancellable *cancellable, GError **error)
{
  g_autoptr (GError) reason = NULL;
  g_autoptr (GError) unknown = NULL;
  guint64 left;
  GrFinishedAs as;

  /* While it is made there are the copy and what becomes its end. */
  if (!gr_disk_get_free (order->path, &left, &unknown))
    gr_warning ("%s", unknown->message);
  else if (left <= 2 * bytes + SPARE_BYTES)
    {
      gr_warning ("no room for a second copy: a recording stays as Matroska");
      return GR_FINISHED_CROWDED;
    }
  if (copy (order, target, cancellable, &reason))
    return GR_FINISHED_WHOLE;

  as = g_error_matches (reason, GR_ERROR, GR_ERROR_NOT_FOUND) ? GR_FINISHED_HALF : GR_FINISHED_CROWDED;
  if (as == GR_FINISHED_HALF || g_error_matches (reason, GR_ERROR, GR_ERROR_UNAVAILABLE))
    gr_warning ("a recording stays as Matroska: %s", reason->message);
  else
    g_propagate_error (error, g_steal_pointer (&reason));
  return as;
}

static GrFinished *
work (const Order *order, GCancellable *cancellable, GError **error)
{
  g_autoptr (GrFinished) finished = g_new0 (GrFinished, 1);
  g_autoptr (GError) reason = NULL;
  g_autofree char *picture = sibling (order->path, ".jpg");
  GStatBuf info;

  if (g_stat (order->path, &info) != 0)
    {
      gr_set_error (error, GR_ERROR_NOT_FOUND, "path", "There is no such recording");
      return NULL;
    }

  finished->path = sibling (order->path, ".mp4");
  finished->as = convert (order, finished->path, info.st_size, cancellable, &reason);
  if (reason != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&reason));
      return NULL;
    }

  if (finished->as != GR_FINISHED_WHOLE)
    {
      g_free (finished->path);
      finished->path = g_strdup (order->path);
    }
  else
    {
      g_unlink (order->path);
    }

  if (write_thumbnail (order, finished->path, picture, &finished->seconds))
    finished->thumbnail = g_steal_pointer (&picture);
  return g_steal_pointer (&finished);
}

static void
finish_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;
  GrFinished *finished = work (data, cancellable, &error);

  if (finished != NULL)
    g_task_return_pointer (task, finished, (GDestroyNotify) gr_finished_free);
  else
    g_task_return_error (task, error);
}

void
gr_finish_async (const char *path,
                 const char *pipelines,
                 GCancellable *cancellable,
                 GAsyncReadyCallback callback,
                 gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Order *order = g_new (Order, 1);

  *order = (Order){ g_strdup (path), g_strdup (pipelines) };
  g_task_set_task_data (task, order, order_free);
  g_task_run_in_thread (task, finish_in_thread);
}

GrFinished *
gr_finish_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
