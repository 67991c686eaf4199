/* SPDX-License-Identifier: LGPL-2.1-or-later */
#define GR_LOG_TOPIC "pictures"

#include "domain/pictures/pictures.h"

#include "base/error.h"
#include "base/id.h"
#include "base/log.h"
#include "base/rate-limiter.h"
#include "base/time.h"

#define MAX_ACCOUNTS 20000
#define MEBIBYTE (1024 * 1024)

struct _GrPictures
{
  GObject parent;

  GrPictureStore *store;
  GrStorage *storage;
  GrPictureMaker *maker;
  GrRateLimiter *limiter; /* by account */
  gint64 quota;           /* bytes per account */
};

G_DEFINE_FINAL_TYPE (GrPictures, gr_pictures, G_TYPE_OBJECT)

static char *
key_of (const char *id, gint box)
{
  if (box == GR_PICTURE_STUDIO)
    return g_strdup_printf ("pictures/%s/studio.png", id);

  return g_strdup_printf ("pictures/%s/%d.webp", id, box);
}

/* What remains of a file is nobody's loss but the disk's. */
static void
remove_files (GrPictures *pictures, const GrPicture *picture)
{
  for (guint i = 0; i < picture->versions->len; i++)
    {
      const GrPictureVersion *version = &g_array_index (picture->versions, GrPictureVersion, i);
      g_autofree char *key = key_of (picture->id, version->box);
      g_autoptr (GError) error = NULL;

      if (!gr_storage_remove (pictures->storage, key, &error))
        gr_warning ("%s stays behind: %s", key, error->message);
    }
}

static gboolean
put_files (GrPictures *pictures, const GrPicture *picture, GPtrArray *files, GError **error)
{
  for (guint i = 0; i < picture->versions->len; i++)
    {
      const GrPictureVersion *version = &g_array_index (picture->versions, GrPictureVersion, i);
      g_autofree char *key = key_of (picture->id, version->box);

      if (!gr_storage_put (pictures->storage, key, g_ptr_array_index (files, i), error))
        return FALSE;
    }

  return TRUE;
}

/* Before any work is done. Whether the picture fits is judged again when its size is known. */
static gboolean
may_add (GrPictures *pictures, const char *owner_id, GBytes *source, GError **error)
{
  double seconds;
  gint64 used;

  if (!gr_rate_limiter_take (pictures->limiter, owner_id, g_get_monotonic_time (), &seconds))
    {
      gr_set_error (error, GR_ERROR_RATE_LIMITED, NULL, "That is a lot of pictures; try again in %.0f minutes",
                    seconds / 60 + 1);
      return FALSE;
    }

  if (g_bytes_get_size (source) == 0)
    {
      gr_set_error (error, GR_ERROR_INVALID_INPUT, "file", "This file is empty");
      return FALSE;
    }

  if (!gr_picture_store_get_usage (pictures->store, owner_id, &used, error))
    return FALSE;

  if (used >= pictures->quota)
    {
      gr_set_error (error, GR_ERROR_QUOTA_EXCEEDED, "file",
                    "Your pictures take all the room there is for them; remove some that you no longer need");
      return FALSE;
    }

  return TRUE;
}

static void
gr_pictures_finalize (GObject *object)
{
  GrPictures *pictures = GR_PICTURES (object);

  g_clear_object (&pictures->store);
  g_clear_object (&pictures->storage);
  g_clear_object (&pictures->maker);
  gr_rate_limiter_free (pictures->limiter);

  G_OBJECT_CLASS (gr_pictures_parent_class)->finalize (object);
}

static void
gr_pictures_class_init (GrPicturesClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = gr_pictures_finalize;
}

static void
gr_pictures_init (GrPictures *pictures)
{
}

GrPictures *
gr_pictures_new (GrPictureStore *store, GrStorage *storage, GrPictureMaker *maker, GrConfig *config)
{
  GrPictures *pictures = g_object_new (GR_TYPE_PICTURES, NULL);
  double per_hour = gr_config_get_int (config, "limits", "uploads-per-hour");

  pictures->store = g_object_ref (store);
  pictures->storage = g_object_ref (storage);
  pictures->maker = g_object_ref (maker);
  pictures->limiter = gr_rate_limiter_new (per_hour / 3600, per_hour, MAX_ACCOUNTS);
  pictures->quota = gr_config_get_int (config, "pictures", "quota") * MEBIBYTE;

  return pictures;
}

GrPicture *
gr_pictures_add (GrPictures *pictures, const char *owner_id, GBytes *source, GError **error)
{
  g_autoptr (GrPicture) picture = gr_picture_new ();
  g_autoptr (GPtrArray) files = NULL;

  if (!may_add (pictures, owner_id, source, error))
    return NULL;

  picture->id = gr_id_new ();
  picture->owner_id = g_strdup (owner_id);
  picture->created_at = gr_now ();
  files = gr_picture_maker_make (pictures->maker, source, picture, error);
  if (files == NULL)
    return NULL;

  /* Files first: a row never speaks of a file that is not there. */
  if (!put_files (pictures, picture, files, error)
      || !gr_picture_store_add (pictures->store, picture, pictures->quota, error))
    {
      remove_files (pictures, picture);
      return NULL;
    }

  return g_steal_pointer (&picture);
}

GrPicture *
gr_pictures_get (GrPictures *pictures, const char *id, GError **error)
{
  return gr_picture_store_get (pictures->store, id, error);
}

GBytes *
gr_pictures_read (GrPictures *pictures, const char *id, gint box, GError **error)
{
  g_autoptr (GrPicture) picture = gr_picture_store_get (pictures->store, id, error);
  g_autofree char *key = NULL;

  if (picture == NULL)
    return NULL;

  key = key_of (id, gr_picture_get_version (picture, box)->box);

  return gr_storage_get (pictures->storage, key, error);
}

char *
gr_pictures_get_studio_path (GrPictures *pictures, const char *id, GError **error)
{
  g_autofree char *key = NULL;

  if (!gr_id_is_valid (id))
    {
      gr_set_error (error, GR_ERROR_NOT_FOUND, NULL, "There is no such picture");
      return NULL;
    }

  key = key_of (id, GR_PICTURE_STUDIO);

  return gr_storage_get_path (pictures->storage, key, error);
}

GPtrArray *
gr_pictures_list (GrPictures *pictures, const char *owner_id, gint limit, const char *after, GError **error)
{
  return gr_picture_store_list (pictures->store, owner_id, limit, after, error);
}

gboolean
gr_pictures_remove (GrPictures *pictures, const char *id, const GrAccount *caller, GError **error)
{
  g_autoptr (GrPicture) picture = gr_picture_store_get (pictures->store, id, error);

  if (picture == NULL)
    return FALSE;

  if (caller->role < GR_ROLE_MODERATOR && !g_str_equal (picture->owner_id, caller->id))
    {
      gr_set_error (error, GR_ERROR_FORBIDDEN, NULL, "This picture is somebody else's");
      return FALSE;
    }

  if (!gr_picture_store_remove (pictures->store, id, error))
    return FALSE;

  remove_files (pictures, picture);
  return TRUE;
}
