/* SPDX-License-Identifier: LGPL-2.1-or-later */
#define GR_LOG_TOPIC "image"

#include "image/prepare.h"

#include <errno.h>
#include <unistd.h>
#include <vips/vips.h>

#include "base/error.h"
#include "base/log.h"
#include "image/sniff.h"
#include "image/webp.h"

/* Between size and looks: a photo of 1920 × 1440 takes about 300 kB. Effort 2 of 6 takes half the time of libwebp's
 * usual 4 for a few hundredths more bytes. */
#define WEBP_QUALITY 85
#define WEBP_EFFORT 2
#define PNG_COMPRESSION 3

/* libjpeg and libwebp scale by such numbers while they decode, which saves time and memory; the rest is done
 * afterwards, from at least twice the pixels, so that nothing is lost to sight. */
#define MAX_SHRINK 8
#define SHRINK_RESERVE 2

G_DEFINE_AUTOPTR_CLEANUP_FUNC (VipsImage, g_object_unref)

/* What libvips says is for programmers, and may hold whatever is in the file: it goes to the log. */
static gboolean
fail_to_read (GError **error)
{
  gr_debug ("libvips: %s", vips_error_buffer ());
  vips_error_clear ();
  gr_set_error (error, GR_ERROR_INVALID_INPUT, "file", "This picture is damaged or cut off");
  return FALSE;
}

static gboolean
fail_to_write (GError **error)
{
  gr_set_error (error, GR_ERROR_INTERNAL, NULL, "The picture cannot be written: %s", vips_error_buffer ());
  vips_error_clear ();
  return FALSE;
}

static guint
shrink_on_load (const GrPictureHead *head, guint box)
{
  guint longest = MAX (head->width, head->height);
  guint shrink = MAX_SHRINK;

  while (shrink > 1 && longest / shrink < box * SHRINK_RESERVE)
    shrink /= 2;

  return shrink;
}

/* Opens the file: reads its head, and pixels only when they are asked for. */
static VipsImage *
load (GBytes *source, const GrPictureHead *head, guint box)
{
  gsize length;
  void *bytes = (void *) g_bytes_get_data (source, &length);
  int shrink = shrink_on_load (head, box);
  VipsImage *image = NULL;

  switch (head->type)
    {
    case GR_PICTURE_JPEG:
      vips_jpegload_buffer (bytes, length, &image, "access", VIPS_ACCESS_SEQUENTIAL, "fail_on", VIPS_FAIL_ON_ERROR,
                            "shrink", shrink, NULL);
      break;
    case GR_PICTURE_PNG:
      vips_pngload_buffer (bytes, length, &image, "access", VIPS_ACCESS_SEQUENTIAL, "fail_on", VIPS_FAIL_ON_ERROR,
                           NULL);
      break;
    case GR_PICTURE_WEBP:
      vips_webpload_buffer (bytes, length, &image, "access", VIPS_ACCESS_SEQUENTIAL, "fail_on", VIPS_FAIL_ON_ERROR,
                            "scale", 1.0 / shrink, NULL);
      break;
    }

  return image;
}

/* Fits @image into box × box; turns it upright as its metadata say, and into sRGB by its colour profile. */
static VipsImage *
fit (VipsImage *image, guint box)
{
  VipsImage *fitted = NULL;

  if (vips_thumbnail_image (image, &fitted, box, "height", box, "size", VIPS_SIZE_DOWN, "export_profile", "srgb", NULL))
    return NULL;

  return fitted;
}

/* 8 bits of red, green, blue and, if there is one, alpha. */
static VipsImage *
to_srgb (VipsImage *image)
{
  g_autoptr (VipsImage) coloured = NULL;
  VipsImage *cast = NULL;

  if (vips_colourspace (image, &coloured, VIPS_INTERPRETATION_sRGB, NULL) || vips_cast_uchar (coloured, &cast, NULL))
    return NULL;

  return cast;
}

/* Without an alpha channel in which everything is opaque. */
static VipsImage *
drop_idle_alpha (VipsImage *image)
{
  g_autoptr (VipsImage) alpha = NULL;
  VipsImage *opaque = NULL;
  double least;

  if (!vips_image_hasalpha (image))
    return g_object_ref (image);

  if (vips_extract_band (image, &alpha, image->Bands - 1, NULL) || vips_min (alpha, &least, NULL))
    return NULL;

  if (least < 255)
    return g_object_ref (image);

  if (vips_extract_band (image, &opaque, 0, "n", image->Bands - 1, NULL))
    return NULL;

  return opaque;
}

/* Where and with what it was taken, its colour profile (it is in sRGB by now), and all else that is no pixel. Width and
 * the like stay, whatever is asked. */
static void
forget_metadata (VipsImage *image)
{
  g_auto (GStrv) names = vips_image_get_fields (image);

  for (char **name = names; *name != NULL; name++)
    vips_image_remove (image, *name);
}

/* The largest version, decoded, in memory: from which all others are made. */
static VipsImage *
decode (VipsImage *image, guint box)
{
  g_autoptr (VipsImage) fitted = fit (image, box);
  g_autoptr (VipsImage) coloured = fitted != NULL ? to_srgb (fitted) : NULL;
  g_autoptr (VipsImage) decoded = coloured != NULL ? vips_image_copy_memory (coloured) : NULL;

  if (decoded == NULL)
    return NULL;

  forget_metadata (decoded);
  return drop_idle_alpha (decoded);
}

static gboolean
write_all (int fd, const guint8 *bytes, gsize length)
{
  while (length > 0)
    {
      gssize written = write (fd, bytes, length);

      if (written < 0 && errno == EINTR)
        continue;
      if (written <= 0)
        {
          vips_error_system (errno, "greenroom-image", "write");
          return FALSE;
        }

      bytes += written;
      length -= written;
    }

  return TRUE;
}

static gboolean
save (VipsImage *image, GrPictureWish *wish)
{
  g_autofree guint8 *bytes = NULL;
  void *buffer = NULL;
  gsize length = 0;
  int failed;

  if (wish->format == GR_PICTURE_AS_PNG)
    failed = vips_pngsave_buffer (image, &buffer, &length, "strip", TRUE, "compression", PNG_COMPRESSION, NULL);
  else
    failed
        = vips_webpsave_buffer (image, &buffer, &length, "strip", TRUE, "Q", WEBP_QUALITY, "effort", WEBP_EFFORT, NULL);

  bytes = buffer;
  if (!failed && wish->format == GR_PICTURE_AS_WEBP)
    length = gr_webp_keep_pixels (bytes, length);
  if (failed || !write_all (wish->fd, bytes, length))
    return FALSE;

  wish->width = image->Xsize;
  wish->height = image->Ysize;
  wish->bytes = length;
  return TRUE;
}

/* Whether the wish before this one was already as large as the source is. */
static gboolean
repeats (const GrPictureWish *wish, const GrPictureWish *before, VipsImage *decoded)
{
  return wish->format == before->format && before->box >= (guint) MAX (decoded->Xsize, decoded->Ysize);
}

static gboolean
fulfil (VipsImage *decoded, GrPictureWish *wishes, guint n_wishes)
{
  for (guint i = 0; i < n_wishes; i++)
    {
      g_autoptr (VipsImage) fitted = NULL;

      wishes[i].bytes = wishes[i].width = wishes[i].height = 0;
      if (i > 0 && repeats (&wishes[i], &wishes[i - 1], decoded))
        continue;

      fitted = fit (decoded, wishes[i].box);
      if (fitted == NULL || !save (fitted, &wishes[i]))
        return FALSE;
    }

  return TRUE;
}

gboolean
gr_picture_init (GError **error)
{
  /* No loader but the built-in ones: libvips loads every module in its directory, and with them a dozen decoders. */
  g_setenv ("VIPSHOME", "/nonexistent", TRUE);
  /* What is decoded whole stays in memory, whatever its size: the process cannot open a temporary file. */
  g_setenv ("VIPS_DISC_THRESHOLD", "1g", TRUE);
  /* ORC would compile code into memory that is written and executed, which the unit forbids. */
  g_setenv ("VIPS_NOVECTOR", "1", TRUE);
  /* A line in the log for each row of a damaged picture would let strangers fill it. */
  g_setenv ("VIPS_WARNING", "0", TRUE);
  if (VIPS_INIT ("greenroom-image"))
    {
      gr_set_error (error, GR_ERROR_INTERNAL, NULL, "libvips cannot be used: %s", vips_error_buffer ());
      return FALSE;
    }

  /* One core, so that pictures leave the others to sound and video; nothing comes twice, so nothing is kept. */
  vips_concurrency_set (1);
  vips_cache_set_max (0);
  return TRUE;
}

gboolean
gr_picture_prepare (GBytes *source, GrPictureWish *wishes, guint n_wishes, GrPictureFacts *facts, GError **error)
{
  gsize length;
  const guint8 *bytes = g_bytes_get_data (source, &length);
  g_autoptr (VipsImage) image = NULL;
  g_autoptr (VipsImage) decoded = NULL;
  GrPictureHead head;
  guint box = 1;

  if (!gr_picture_sniff (bytes, length, &head, error))
    return FALSE;

  for (guint i = 0; i < n_wishes; i++)
    box = MAX (box, wishes[i].box);

  image = load (source, &head, box);
  /* What the loader read must be what was judged. */
  if (image == NULL || (guint) image->Xsize > head.width || (guint) image->Ysize > head.height)
    return fail_to_read (error);

  decoded = decode (image, box);
  if (decoded == NULL)
    return fail_to_read (error);

  facts->width = vips_image_get_orientation_swap (image) ? head.height : head.width;
  facts->height = vips_image_get_orientation_swap (image) ? head.width : head.height;
  facts->alpha = vips_image_hasalpha (decoded);
  return fulfil (decoded, wishes, n_wishes) || fail_to_write (error);
}
