/* SPDX-License-Identifier: LGPL-2.1-or-later */
#define GR_LOG_TOPIC "studio"

#include "domain/studio/studio.h"

#include <string.h>

#include "base/error.h"
#include "base/id.h"
#include "base/json.h"
#include "base/log.h"
#include "base/time.h"
#include "domain/studio/destination.h"
#include "domain/studio/finisher.h"

#define DEFAULT_QUALITY "1080p30"

/* How often a change of the scene is tried anew when others change it at the same time. */
#define SCENE_TRIES 8

struct _GrStudio
{
  GObject parent;

  GrStudioStore *store;
  GrArchive *archive;
  GrVaultKey vault;
  GrVaultKey links;
  gboolean allow_private;
  GrPicturePath picture_path; /* NULL: none; likewise below */
  gpointer picture_data;
  GrProbeFunc probe;
  gpointer probe_data;
};

G_DEFINE_FINAL_TYPE (GrStudio, gr_studio, G_TYPE_OBJECT)

static void
gr_studio_finalize (GObject *object)
{
  GrStudio *studio = GR_STUDIO (object);

  g_clear_object (&studio->store);
  g_clear_object (&studio->archive);

  G_OBJECT_CLASS (gr_studio_parent_class)->finalize (object);
}

static void
gr_studio_class_init (GrStudioClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = gr_studio_finalize;
}

static void
gr_studio_init (GrStudio *studio)
{
}

GrStudio *
gr_studio_new (
    GrStudioStore *store, GrArchive *archive, GrConfig *config, const GrVaultKey *vault, const GrVaultKey *links)
{
  GrStudio *studio = g_object_new (GR_TYPE_STUDIO, NULL);

  studio->store = g_object_ref (store);
  studio->archive = g_object_ref (archive);
  studio->vault = *vault;
  studio->links = *links;
  studio->allow_private = gr_config_get_bool (config, "outputs", "allow-private");

  return studio;
}

GrStudioStore *
gr_studio_get_store (GrStudio *studio)
{
  return studio->store;
}

GrArchive *
gr_studio_get_archive (GrStudio *studio)
{
  return studio->archive;
}

gboolean
gr_studio_allows_private (GrStudio *studio)
{
  return studio->allow_private;
}

static void
set_text (char **place, const char *text)
{
  g_free (*place);
  *place = g_strdup (text);
}

/* Looks at what there is of a recording that nobody writes any more. Returns: whether its mix is as it grew. */
static gboolean
settle (GrStudio *studio, GrRecording *recording)
{
  g_autoptr (GError) error = NULL;
  gboolean grew = FALSE;

  recording->ended_at = recording->ended_at != 0 ? recording->ended_at : gr_now ();
  if (!gr_studio_look_at_files (studio, recording, &error))
    {
      gr_warning ("recording %s waits for the next start: %s", recording->id, error->message);
      recording->state = GR_RECORDING_FINISHING;
      return FALSE;
    }

  recording->bytes = 0;
  for (guint i = 0; i < recording->files->len; i++)
    {
      const GrStoredFile *file = g_ptr_array_index (recording->files, i);

      recording->bytes += file->bytes;
      grew |= g_str_equal (file->name, GR_RECORDING_MIX);
    }

  if (grew)
    recording->folder = gr_archive_prepare (studio->archive, recording->id, NULL);
  grew = recording->folder != NULL;
  recording->state = recording->bytes > 0 ? GR_RECORDING_READY : GR_RECORDING_FAILED;
  if (grew)
    recording->state = GR_RECORDING_FINISHING;
  set_text (&recording->message, "The server stopped while this was recorded");

  return grew;
}

GPtrArray *
gr_studio_recover (GrStudio *studio, GError **error)
{
  g_autoptr (GPtrArray) unfinished = gr_studio_store_list_unfinished (studio->store, error);
  g_autoptr (GPtrArray) left = g_ptr_array_new_with_free_func ((GDestroyNotify) gr_recording_free);

  if (unfinished == NULL)
    return NULL;

  for (guint i = 0; i < unfinished->len; i++)
    {
      GrRecording *recording = g_ptr_array_index (unfinished, i);

      if (settle (studio, recording))
        g_ptr_array_add (left, gr_recording_copy (recording));
      if (!gr_studio_store_update_recording (studio->store, recording, error))
        return NULL;
    }

  return gr_studio_store_end_broadcast (studio->store, NULL, gr_now (), error) ? g_steal_pointer (&left) : NULL;
}

void
gr_studio_set_picture_path (GrStudio *studio, GrPicturePath path, gpointer user_data)
{
  studio->picture_path = path;
  studio->picture_data = user_data;
}

gboolean
gr_studio_check_picture (GrStudio *studio, const char *picture_id, const char *field, GError **error)
{
  g_autofree char *path = studio->picture_path != NULL ? studio->picture_path (picture_id, studio->picture_data) : NULL;

  if (path == NULL)
    gr_set_error (error, GR_ERROR_INVALID_INPUT, field, "There is no such picture");

  return path != NULL;
}

/* Those that @patch names. */
static gboolean
check_pictures (GrStudio *studio, JsonObject *patch, GError **error)
{
  static const char *const holders[] = { "background", "logo", "overlay" };

  for (guint i = 0; i < G_N_ELEMENTS (holders); i++)
    {
      JsonObject *holder = gr_json_object (patch, holders[i]);
      const char *id = holder != NULL ? gr_json_string (holder, "picture") : NULL;
      g_autofree char *field = g_strconcat (holders[i], ".picture", NULL);

      if (id != NULL && !gr_studio_check_picture (studio, id, field, error))
        return FALSE;
    }

  return TRUE;
}

GrBroadcastRecord *
gr_studio_create (GrStudio *studio, const char *room_id, const GrBroadcastChange *change, GError **error)
{
  g_autoptr (GrScene) scene = gr_scene_new_default ();
  g_autofree char *id = gr_id_new ();
  g_autofree char *document = gr_scene_to_text (scene);
  GrBroadcastRecord broadcast = {
    .id = id,
    .room_id = (char *) room_id,
    .title = (char *) change->title,
    .description = (char *) change->description,
    .quality = (char *) (change->quality != NULL ? change->quality : DEFAULT_QUALITY),
    .scene = document,
    .start_time = change->start_time,
    .created_at = gr_now (),
  };

  if (!gr_studio_store_add_broadcast (studio->store, &broadcast, error))
    return NULL;

  return gr_studio_store_get_broadcast (studio->store, id, error);
}

GrBroadcastRecord *
gr_studio_update (GrStudio *studio, const char *id, const GrBroadcastChange *change, GError **error)
{
  g_autoptr (GrBroadcastRecord) broadcast = gr_studio_store_get_broadcast (studio->store, id, error);

  if (broadcast == NULL)
    return NULL;

  if (broadcast->status != GR_BROADCAST_SCHEDULED && (change->quality != NULL || change->has_start_time))
    {
      gr_set_error (error, GR_ERROR_CONFLICT, change->quality != NULL ? "quality" : "startTime",
                    "That is settled once the show has begun");
      return NULL;
    }

  if (change->title != NULL)
    set_text (&broadcast->title, change->title);
  if (change->description != NULL)
    set_text (&broadcast->description, change->description);
  if (change->quality != NULL)
    set_text (&broadcast->quality, change->quality);
  if (change->has_start_time)
    broadcast->start_time = change->start_time;

  if (!gr_studio_store_update_broadcast (studio->store, broadcast, error))
    return NULL;

  return g_steal_pointer (&broadcast);
}

/* One try; FALSE with CONFLICT when somebody else was faster. */
static GrBroadcastRecord *
try_scene (GrStudio *studio, const char *id, JsonObject *patch, gint64 revision, GError **error)
{
  g_autoptr (GrBroadcastRecord) broadcast = gr_studio_store_get_broadcast (studio->store, id, error);
  g_autoptr (GrScene) scene = NULL;
  g_autoptr (GrScene) changed = NULL;

  if (broadcast == NULL)
    return NULL;

  scene = gr_scene_parse (broadcast->scene, error);
  changed = scene != NULL ? gr_scene_merge (scene, patch, error) : NULL;
  if (changed == NULL)
    return NULL;

  g_free (broadcast->scene);
  broadcast->scene = gr_scene_to_text (changed);
  if (!gr_studio_store_set_scene (studio->store, id, broadcast->scene, revision >= 0 ? revision : broadcast->revision,
                                  error))
    return NULL;

  broadcast->revision = (revision >= 0 ? revision : broadcast->revision) + 1;

  return g_steal_pointer (&broadcast);
}

GrBroadcastRecord *
gr_studio_change_scene (GrStudio *studio, const char *id, JsonObject *patch, gint64 revision, GError **error)
{
  if (!check_pictures (studio, patch, error))
    return NULL;

  for (guint i = 1;; i++)
    {
      g_autoptr (GError) reason = NULL;
      GrBroadcastRecord *broadcast = try_scene (studio, id, patch, revision, &reason);

      if (broadcast != NULL)
        return broadcast;

      if (revision >= 0 || i == SCENE_TRIES || !g_error_matches (reason, GR_ERROR, GR_ERROR_CONFLICT))
        {
          g_propagate_error (error, g_steal_pointer (&reason));
          return NULL;
        }
    }
}

GrSavedScene *
gr_studio_save_scene (
    GrStudio *studio, const char *room_id, const char *id, const char *name, JsonObject *patch, GError **error)
{
  g_autoptr (GrScene) blank = gr_scene_new_default ();
  g_autoptr (GrScene) scene = check_pictures (studio, patch, error) ? gr_scene_merge (blank, patch, error) : NULL;
  g_autoptr (GrSavedScene) saved = NULL;

  if (scene == NULL)
    {
      if (error != NULL && gr_error_get_field (*error) != NULL)
        {
          g_autofree char *field = g_strconcat ("scene.", gr_error_get_field (*error), NULL);
          g_autofree char *sentence = g_strdup ((*error)->message);

          g_clear_error (error);
          gr_set_error (error, GR_ERROR_INVALID_INPUT, field, "%s", sentence);
        }
      return NULL;
    }

  saved = g_new0 (GrSavedScene, 1);
  saved->id = id != NULL ? g_strdup (id) : gr_id_new ();
  saved->room_id = g_strdup (room_id);
  saved->name = g_strdup (name);
  saved->document = gr_scene_to_text (scene);
  saved->created_at = gr_now ();

  if (id != NULL)
    return gr_studio_store_replace_saved_scene (studio->store, saved, error);

  if (!gr_studio_store_add_saved_scene (studio->store, saved, error))
    return NULL;

  return g_steal_pointer (&saved);
}

GrDestination *
gr_studio_add_destination (GrStudio *studio,
                           const char *broadcast_id,
                           const GrDestinationChange *change,
                           GError **error)
{
  g_autoptr (GrDestination) destination = g_new0 (GrDestination, 1);
  const char *url = change->url != NULL ? change->url : gr_platform_get_url (change->platform);

  if (url == NULL)
    {
      gr_set_error (error, GR_ERROR_INVALID_INPUT, "rtmpUrl", "Say where the show is to go");
      return NULL;
    }

  if (!gr_destination_check_url (url, studio->allow_private, error))
    return NULL;

  destination->id = gr_id_new ();
  destination->broadcast_id = g_strdup (broadcast_id);
  destination->platform = g_strdup (change->platform);
  destination->name = g_strdup (change->name != NULL ? change->name : gr_platform_get_name (change->platform));
  destination->url = g_strdup (url);
  destination->secret = gr_vault_seal (&studio->vault, destination->id, change->stream_key);
  destination->enabled = change->enabled != 0;
  destination->created_at = gr_now ();

  if (!gr_studio_store_add_destination (studio->store, destination, error))
    return NULL;

  return g_steal_pointer (&destination);
}

GrDestination *
gr_studio_update_destination (
    GrStudio *studio, const char *broadcast_id, const char *id, const GrDestinationChange *change, GError **error)
{
  g_autoptr (GrDestination) destination = gr_studio_store_get_destination (studio->store, broadcast_id, id, error);

  if (destination == NULL
      || (change->url != NULL && !gr_destination_check_url (change->url, studio->allow_private, error)))
    return NULL;

  if (change->name != NULL)
    set_text (&destination->name, change->name);
  if (change->url != NULL)
    set_text (&destination->url, change->url);
  if (change->stream_key != NULL)
    {
      g_free (destination->secret);
      destination->secret = gr_vault_seal (&studio->vault, id, change->stream_key);
    }
  if (change->enabled >= 0)
    destination->enabled = change->enabled;

  if (!gr_studio_store_update_destination (studio->store, destination, error))
    return NULL;

  return g_steal_pointer (&destination);
}

GrOpenDestination *
gr_studio_open_destination (GrStudio *studio, const GrDestination *destination, GError **error)
{
  char *stream_key = gr_vault_open (&studio->vault, destination->id, destination->secret, error);
  GrOpenDestination *open;

  if (stream_key == NULL)
    return NULL;

  open = g_new0 (GrOpenDestination, 1);
  open->destination = gr_destination_copy (destination);
  open->stream_key = stream_key;

  return open;
}

void
gr_studio_set_probe (GrStudio *studio, GrProbeFunc probe, gpointer user_data)
{
  studio->probe = probe;
  studio->probe_data = user_data;
}

GrOutputStatus *
gr_studio_test_destination (GrStudio *studio, const GrOpenDestination *destination, GError **error)
{
  if (studio->probe == NULL)
    {
      gr_set_error (error, GR_ERROR_UNAVAILABLE, NULL, "This server has no program that makes shows");
      return NULL;
    }

  return studio->probe (destination->destination->url, destination->stream_key, studio->allow_private,
                        studio->probe_data, error);
}

static gboolean
gather (GrStudio *studio, GrShowPlan *plan, gboolean record, gboolean tracks, GError **error)
{
  g_autoptr (GPtrArray) destinations = gr_studio_store_list_destinations (studio->store, plan->broadcast->id, error);

  if (destinations == NULL)
    return FALSE;

  for (guint i = 0; i < destinations->len; i++)
    {
      GrOpenDestination *open = gr_studio_open_destination (studio, g_ptr_array_index (destinations, i), error);

      if (open == NULL)
        return FALSE;
      g_ptr_array_add (plan->destinations, open);
    }

  if (record || tracks)
    plan->recording = gr_studio_add_recording (studio, plan->broadcast, 1, tracks, error);

  return plan->recording != NULL || !(record || tracks);
}

GrShowPlan *
gr_studio_begin (GrStudio *studio, const char *id, gboolean record, gboolean tracks, GError **error)
{
  g_autoptr (GrShowPlan) plan = g_new0 (GrShowPlan, 1);

  plan->destinations = g_ptr_array_new_with_free_func ((GDestroyNotify) gr_open_destination_free);

  if (!gr_studio_store_begin_broadcast (studio->store, id, gr_now (), error))
    return NULL;

  plan->broadcast = gr_studio_store_get_broadcast (studio->store, id, error);
  if (plan->broadcast == NULL)
    return NULL;

  if (!gather (studio, plan, record, tracks, error))
    {
      gr_studio_postpone (studio, plan);
      return NULL;
    }

  return g_steal_pointer (&plan);
}

void
gr_studio_postpone (GrStudio *studio, const GrShowPlan *plan)
{
  g_autoptr (GError) error = NULL;

  if (!gr_studio_store_postpone_broadcast (studio->store, plan->broadcast->id, &error)
      || (plan->recording != NULL
          && (!gr_archive_remove (studio->archive, plan->recording->id, &error)
              || !gr_studio_store_delete_recording (studio->store, plan->recording->id, &error))))
    gr_warning ("a show that did not begin left something behind: %s", error->message);
}

GrRecording *
gr_studio_add_recording (
    GrStudio *studio, const GrBroadcastRecord *broadcast, gint part, gboolean tracks, GError **error)
{
  g_autoptr (GrRecording) recording = g_new0 (GrRecording, 1);

  recording->id = gr_id_new ();
  recording->owner_id = g_strdup (broadcast->owner_id);
  recording->room_id = g_strdup (broadcast->room_id);
  recording->broadcast_id = g_strdup (broadcast->id);
  recording->title = g_strdup (broadcast->title);
  recording->part = part;
  recording->tracks = tracks;
  recording->started_at = gr_now ();

  recording->folder = gr_archive_prepare (studio->archive, recording->id, error);
  if (recording->folder == NULL || !gr_studio_store_add_recording (studio->store, recording, error))
    return NULL;

  return g_steal_pointer (&recording);
}

gboolean
gr_studio_look_at_files (GrStudio *studio, GrRecording *recording, GError **error)
{
  g_clear_pointer (&recording->files, g_ptr_array_unref);
  recording->files = gr_archive_list (studio->archive, recording->id, error);

  return recording->files != NULL;
}

gboolean
gr_studio_delete_recording (GrStudio *studio, const char *id, GError **error)
{
  g_autoptr (GrRecording) recording = gr_studio_store_get_recording (studio->store, id, error);

  if (recording == NULL)
    return FALSE;

  if (recording->state < GR_RECORDING_READY)
    {
      gr_set_error (error, GR_ERROR_CONFLICT, NULL, "This recording is still being made. Stop it first.");
      return FALSE;
    }

  /* Files first: what is left of them when this fails is still in the list. */
  return gr_archive_remove (studio->archive, id, error) && gr_studio_store_delete_recording (studio->store, id, error);
}

char *
gr_studio_sign_link (GrStudio *studio, const char *recording_id, const char *file, gint64 until)
{
  g_autoptr (GHmac) hmac = g_hmac_new (G_CHECKSUM_SHA256, studio->links.bytes, GR_VAULT_KEY_BYTES);
  g_autofree char *text = g_strdup_printf ("%s\n%s\n%" G_GINT64_FORMAT, recording_id, file, until);

  g_hmac_update (hmac, (const guint8 *) text, strlen (text));

  return g_strdup (g_hmac_get_string (hmac));
}

gboolean
gr_studio_check_link (
    GrStudio *studio, const char *recording_id, const char *file, gint64 until, const char *signature, GError **error)
{
  g_autofree char *right = gr_studio_sign_link (studio, recording_id, file, until);

  if (!gr_equal_secret (signature, right) || until * G_USEC_PER_SEC < gr_now ())
    {
      gr_set_error (error, GR_ERROR_FORBIDDEN, "signature", "This link is no longer good. Get a new one.");
      return FALSE;
    }

  return TRUE;
}

void
gr_open_destination_free (GrOpenDestination *destination)
{
  gr_destination_free (destination->destination);
  gr_vault_forget (destination->stream_key);
  g_free (destination);
}

void
gr_show_plan_free (GrShowPlan *plan)
{
  g_clear_pointer (&plan->broadcast, gr_broadcast_record_free);
  g_clear_pointer (&plan->destinations, g_ptr_array_unref);
  g_clear_pointer (&plan->recording, gr_recording_free);
  g_free (plan);
}
