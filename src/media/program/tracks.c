/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GrTracks: {"kind":"tracks"}: what each participant sent, as it was sent, a file and a chain for each track, and the
 * manifest that lays them beside each other. Main thread. */
#define GR_LOG_TOPIC "recording"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/error.h"
#include "base/json.h"
#include "base/log.h"
#include "media/program/chain.h"
#include "media/program/disk.h"
#include "media/program/manifest.h"
#include "media/program/output-private.h"

#define MAX_QUEUED (10 * GST_SECOND)
#define MAX_QUEUED_BYTES (32 * 1024 * 1024)
#define MAX_FILES 500
/* A track whose chain breaks gets another file: so many in a row, each after a longer wait, unless one of them lasted.
 */
#define MAX_TRIES 5
#define TRY_WAIT G_USEC_PER_SEC
#define LASTED (60 * GST_SECOND)
#define END_TIMEOUT (30 * G_USEC_PER_SEC)
/* How old the manifest may be if the process dies. */
#define MANIFEST_INTERVAL (2 * G_USEC_PER_SEC)

#define GR_TYPE_TRACKS (gr_tracks_get_type ())
G_DECLARE_FINAL_TYPE (GrTracks, gr_tracks, GR, TRACKS, GrOutput)

/* One track and its file. */
typedef struct
{
  GrTracks *tracks; /* not referenced */
  GrFanout *fanout;
  char *participant;
  char *name;
  char *kind;
  const char *codec; /* static; NULL before the first packet said */
  char *file;        /* within the directory */
  GrChain *chain;    /* NULL before and after */
  gboolean over;
  gboolean ending;
  gboolean begun;
  GstClockTime begin;
  GstClockTime duration;
  char *error;     /* why it ended before its track did, or NULL */
  char *continues; /* the file of this track before it, or NULL */
  guint try;       /* how many before it broke in a row */
  gint64 wait;     /* not before; µs, monotonic; or 0 */
} Part;

struct _GrTracks
{
  GrOutput parent;

  char *pipelines;
  char *directory;
  GrDiskBounds bounds;
  gboolean unknown; /* how much room there is; it was said */
  GPtrArray *parts; /* Part, owned */
  guint open;       /* files that are not closed yet */
  const char *reason;
  gint64 ending; /* since; µs, monotonic; or 0 */
  gint64 written;
};

G_DEFINE_FINAL_TYPE (GrTracks, gr_tracks, gr_output_get_type ())

static const struct
{
  const char *media;
  const char *codec;
  const char *chain;
} codecs[] = {
  { "audio/x-opus", "opus", "record-track-opus" }, { "video/x-vp8", "vp8", "record-track" },
  { "video/x-vp9", "vp9", "record-track" },        { "video/x-av1", "av1", "record-track" },
  { "video/x-h264", "h264", "record-track-h264" },
};

static void
part_free (gpointer data)
{
  Part *part = data;

  if (part->chain != NULL)
    gr_chain_stop (part->chain, NULL, NULL);
  gr_fanout_unref (part->fanout);
  g_free (part->participant);
  g_free (part->name);
  g_free (part->kind);
  g_free (part->file);
  g_free (part->error);
  g_free (part->continues);
  g_free (part);
}

static void
write_manifest (GrTracks *tracks)
{
  g_autofree GrManifestTrack *rows = g_new0 (GrManifestTrack, tracks->parts->len + 1);
  g_autoptr (GError) error = NULL;
  guint n = 0;

  for (guint i = 0; i < tracks->parts->len; i++)
    {
      const Part *part = g_ptr_array_index (tracks->parts, i);

      if (part->begun)
        rows[n++] = (GrManifestTrack){ .file = part->file,
                                       .participant = part->participant,
                                       .name = part->name,
                                       .kind = part->kind,
                                       .codec = part->codec,
                                       .begin = part->begin,
                                       .duration = part->duration,
                                       .continues = part->continues,
                                       .error = part->error };
    }
  if (!gr_manifest_write (tracks->directory, rows, n, &error))
    gr_warning ("%s: %s", gr_output_get_id (GR_OUTPUT (tracks)), error->message);
  tracks->written = g_get_monotonic_time ();
}

static void
end_if_all_closed (GrTracks *tracks)
{
  GrOutputStatus *status = gr_output_get_status (GR_OUTPUT (tracks));

  if (tracks->ending == 0 || tracks->open > 0 || gr_output_is_over (GR_OUTPUT (tracks)))
    return;

  write_manifest (tracks);
  status->path = g_strdup (tracks->directory);
  status->bits_per_second = 0;
  gr_output_set_state (GR_OUTPUT (tracks), GR_OUTPUT_ENDED, tracks->reason,
                       tracks->reason != NULL ? "The disk is nearly full: the recording ended" : NULL);
}

static void
on_closed (gpointer data)
{
  g_autoptr (GrTracks) tracks = data;

  tracks->open--;
  end_if_all_closed (tracks);
}

static void
observe (Part *part)
{
  GrFanoutStats stats;

  gr_chain_get_stats (part->chain, &stats);
  part->begun = stats.begun;
  part->begin = stats.base;
  if (stats.last != GST_CLOCK_TIME_NONE)
    part->duration = stats.last;
}

static void
close_part (Part *part)
{
  observe (part);
  part->over = TRUE;
  gr_chain_stop (g_steal_pointer (&part->chain), on_closed, g_object_ref (part->tracks));
}

static void
end_part (Part *part)
{
  part->ending = TRUE;
  if (part->chain == NULL)
    {
      part->over = TRUE;
      return;
    }

  observe (part);
  gr_chain_end (part->chain);
  /* A muxer that got nothing has no end to write. */
  if (!part->begun)
    close_part (part);
}

static void
end_all (GrTracks *tracks, const char *reason)
{
  tracks->reason = reason;
  tracks->ending = g_get_monotonic_time ();
  for (guint i = 0; i < tracks->parts->len; i++)
    {
      Part *part = g_ptr_array_index (tracks->parts, i);

      if (!part->over && !part->ending)
        end_part (part);
    }
  end_if_all_closed (tracks);
}

/* Another file, for a track that is not recorded yet; NULL if there are too many. */
static Part *
add_part (GrTracks *tracks, const GrOutputTrack *track)
{
  Part *part;

  if (tracks->parts->len >= MAX_FILES)
    {
      gr_warning ("%s: a track of %s is not recorded: there are %d files already",
                  gr_output_get_id (GR_OUTPUT (tracks)), track->participant, MAX_FILES);
      return NULL;
    }

  part = g_new0 (Part, 1);
  part->tracks = tracks;
  part->fanout = gr_fanout_ref (track->fanout);
  part->participant = g_strdup (track->participant);
  part->name = g_strdup (track->name);
  part->kind = g_strdup (track->kind);
  part->file = g_strdup_printf ("%03u-%s.mkv", tracks->parts->len + 1, track->kind);
  /* No kind of track leads out of the directory. */
  g_strdelimit (part->file, "/", '_');
  g_ptr_array_add (tracks->parts, part);
  return part;
}

/* The person still sends it. */
static void
try_again (const Part *part)
{
  const GrOutputTrack track = { part->participant, part->name, part->kind, part->fanout };
  guint try = part->begun && part->duration >= LASTED ? 1 : part->try + 1;
  Part *next;

  if (try >= MAX_TRIES)
    {
      gr_warning ("%s: a track of %s is recorded no further: %u files in a row broke off",
                  gr_output_get_id (GR_OUTPUT (part->tracks)), part->participant, try);
      return;
    }

  next = add_part (part->tracks, &track);
  if (next == NULL)
    return;
  next->continues = g_strdup (part->begun ? part->file : part->continues);
  next->try = try;
  next->wait = g_get_monotonic_time () + try * TRY_WAIT;
}

static void
on_over (GrChain *chain, const GError *error, const char *debug, gpointer user_data)
{
  Part *part = user_data;
  gboolean wanted = !part->ending && part->tracks->ending == 0;

  close_part (part);
  if (error == NULL)
    return;

  gr_warning ("%s, a track of %s: %s", gr_output_get_id (GR_OUTPUT (part->tracks)), part->participant, error->message);
  part->error = g_strdup (error->message);
  if (error->domain == GST_RESOURCE_ERROR && part->tracks->ending == 0)
    end_all (part->tracks, "disk");
  else if (wanted)
    try_again (part);
}

static const char *
chain_for (Part *part)
{
  g_autoptr (GstCaps) caps = gr_fanout_get_caps (part->fanout, 0);
  const char *media = caps != NULL ? gst_structure_get_name (gst_caps_get_structure (caps, 0)) : NULL;

  for (guint i = 0; media != NULL && i < G_N_ELEMENTS (codecs); i++)
    if (g_str_equal (codecs[i].media, media))
      {
        part->codec = codecs[i].codec;
        return codecs[i].chain;
      }

  return NULL;
}

/* Once it is known what the track is. */
static void
begin_part (Part *part, const char *name)
{
  static const char *const entries[GR_FANOUT_PROGRAMME_STREAMS] = { "track", NULL, NULL };
  const GrChainPlan plan = { .name = name,
                             .pipelines = part->tracks->pipelines,
                             .fanout = part->fanout,
                             .entries = entries,
                             .options = { .max_time = MAX_QUEUED, .max_bytes = MAX_QUEUED_BYTES, .rebase = TRUE } };
  g_autofree char *path = g_build_filename (part->tracks->directory, part->file, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GstElement) sink = NULL;

  part->chain = gr_chain_new (&plan, on_over, part, &error);
  sink = part->chain != NULL ? gr_chain_get (part->chain, "sink") : NULL;
  if (sink == NULL)
    {
      gr_warning ("%s: %s", name, error != NULL ? error->message : "no sink");
      part->over = TRUE;
      if (part->chain != NULL)
        gr_chain_stop (g_steal_pointer (&part->chain), NULL, NULL);
      return;
    }

  part->tracks->open++;
  g_object_set (sink, "location", path, NULL);
  gr_chain_play (part->chain);
}

static void
gr_tracks_add_track (GrOutput *output, const GrOutputTrack *track)
{
  GrTracks *tracks = GR_TRACKS (output);

  if (tracks->ending == 0)
    add_part (tracks, track);
}

static void
gr_tracks_remove_track (GrOutput *output, GrFanout *fanout)
{
  GrTracks *tracks = GR_TRACKS (output);

  for (guint i = 0; i < tracks->parts->len; i++)
    {
      Part *part = g_ptr_array_index (tracks->parts, i);

      if (part->fanout == fanout && !part->over && !part->ending)
        end_part (part);
    }
}

static void
gr_tracks_start (GrOutput *output)
{
  GrTracks *tracks = GR_TRACKS (output);

  if (g_mkdir_with_parents (tracks->directory, 0700) != 0)
    gr_output_set_state (output, GR_OUTPUT_FAILED, "disk", g_strerror (errno));
  else
    gr_output_set_state (output, GR_OUTPUT_LIVE, NULL, NULL);
}

static void
measure (GrTracks *tracks, gint64 now)
{
  GrOutputStatus *status = gr_output_get_status (GR_OUTPUT (tracks));
  guint64 bytes = 0;

  for (guint i = 0; i < tracks->parts->len; i++)
    {
      Part *part = g_ptr_array_index (tracks->parts, i);
      g_autofree char *path = g_build_filename (tracks->directory, part->file, NULL);
      const char *chain = part->chain == NULL && !part->over && now >= part->wait ? chain_for (part) : NULL;
      GStatBuf info;

      if (chain != NULL)
        begin_part (part, chain);
      if (part->chain != NULL)
        observe (part);
      if (g_stat (path, &info) == 0)
        bytes += info.st_size;
      status->seconds = MAX (status->seconds, part->duration / (double) GST_SECOND);
    }
  status->bytes = bytes;
}

static void
gr_tracks_tick (GrOutput *output)
{
  GrTracks *tracks = GR_TRACKS (output);
  gint64 now = g_get_monotonic_time ();
  g_autofree char *file = g_build_filename (tracks->directory, "manifest.json", NULL);
  g_autoptr (GError) error = NULL;
  GrDiskVerdict verdict;

  if (tracks->ending != 0)
    {
      for (guint i = 0; now - tracks->ending > END_TIMEOUT && i < tracks->parts->len; i++)
        {
          Part *part = g_ptr_array_index (tracks->parts, i);

          if (part->chain != NULL)
            close_part (part);
        }
      return;
    }

  measure (tracks, now);
  if (now - tracks->written >= MANIFEST_INTERVAL)
    write_manifest (tracks);
  verdict = gr_disk_judge (file, &tracks->bounds, &error);
  if (verdict == GR_DISK_FULL)
    end_all (tracks, "disk");
  else if (verdict == GR_DISK_UNKNOWN && !tracks->unknown)
    gr_warning ("%s: %s", gr_output_get_id (output), error->message);
  tracks->unknown = verdict == GR_DISK_UNKNOWN;
}

static void
gr_tracks_end (GrOutput *output)
{
  if (GR_TRACKS (output)->ending == 0)
    end_all (GR_TRACKS (output), NULL);
}

static gboolean
gr_tracks_configure (GrOutput *output, JsonObject *document, const GrOutputSources *sources, GError **error)
{
  GrTracks *tracks = GR_TRACKS (output);
  const char *directory = gr_json_string (document, "dir");

  if (directory == NULL || !g_path_is_absolute (directory))
    {
      gr_set_error (error, GR_ERROR_INVALID_INPUT, "dir", "Tracks go into an absolute directory");
      return FALSE;
    }

  tracks->directory = g_strdup (directory);
  tracks->pipelines = g_strdup (sources->pipelines);
  tracks->bounds = gr_disk_bounds (sources->pipelines, "record-mix");
  return TRUE;
}

static void
gr_tracks_finalize (GObject *object)
{
  GrTracks *tracks = GR_TRACKS (object);

  g_ptr_array_unref (tracks->parts);
  g_free (tracks->directory);
  g_free (tracks->pipelines);
  G_OBJECT_CLASS (gr_tracks_parent_class)->finalize (object);
}

static void
gr_tracks_class_init (GrTracksClass *class)
{
  GrOutputClass *output_class = GR_OUTPUT_CLASS (class);

  G_OBJECT_CLASS (class)->finalize = gr_tracks_finalize;
  output_class->configure = gr_tracks_configure;
  output_class->start = gr_tracks_start;
  output_class->end = gr_tracks_end;
  output_class->tick = gr_tracks_tick;
  output_class->add_track = gr_tracks_add_track;
  output_class->remove_track = gr_tracks_remove_track;
}

static void
gr_tracks_init (GrTracks *tracks)
{
  tracks->parts = g_ptr_array_new_with_free_func (part_free);
}
