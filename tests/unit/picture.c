/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of src/image: what a file is, what becomes of a picture, and what the process may do afterwards. */
#define _GNU_SOURCE /* memfd_create, memmem */
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>
#include <vips/vips.h>

#include "base/error.h"
#include "image/confine.h"
#include "image/prepare.h"
#include "image/sniff.h"

G_DEFINE_AUTOPTR_CLEANUP_FUNC (VipsImage, g_object_unref)

/* The first bytes of a PNG that says it is so large. */
static GBytes *
make_png_head (guint32 width, guint32 height)
{
  guint8 head[33] = { 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n', 0, 0, 0, 13, 'I', 'H', 'D', 'R' };

  for (guint i = 0; i < 4; i++)
    {
      head[16 + i] = width >> (24 - 8 * i);
      head[20 + i] = height >> (24 - 8 * i);
    }
  head[24] = 8;
  head[25] = 2;

  return g_bytes_new (head, sizeof head);
}

/* A gradient in the format of @suffix; turned and with metadata as a phone writes them. */
static GBytes *
make_picture (int width, int height, gboolean alpha, const char *suffix)
{
  g_autoptr (VipsImage) plane = NULL;
  g_autoptr (VipsImage) colours = NULL;
  g_autoptr (VipsImage) picture = NULL;
  void *bytes;
  gsize length;

  g_assert_cmpint (vips_grey (&plane, width, height, "uchar", TRUE, NULL), ==, 0);
  VipsImage *bands[] = { plane, plane, plane, plane };
  g_assert_cmpint (vips_bandjoin (bands, &colours, alpha ? 4 : 3, NULL), ==, 0);
  g_assert_cmpint (vips_copy (colours, &picture, "interpretation", VIPS_INTERPRETATION_sRGB, NULL), ==, 0);
  vips_image_set_int (picture, VIPS_META_ORIENTATION, 6);
  vips_image_set_string (picture, "exif-ifd3-GPSLatitude",
                         "50/1 27/1 0/1 (50, 27, 0, Rational, 3 components, 24 bytes)");
  g_assert_cmpint (vips_image_write_to_buffer (picture, suffix, &bytes, &length, NULL), ==, 0);

  return g_bytes_new_take (bytes, length);
}

static GBytes *
read_back (const GrPictureWish *wish)
{
  g_autofree guint8 *bytes = g_malloc (wish->bytes + 1);

  g_assert_cmpint (pread (wish->fd, bytes, wish->bytes, 0), ==, wish->bytes);

  return g_bytes_new (bytes, wish->bytes);
}

static gboolean
has (GBytes *bytes, const char *word)
{
  gsize length;
  const char *data = g_bytes_get_data (bytes, &length);

  return data != NULL && memmem (data, length, word, strlen (word)) != NULL;
}

static GrPictureWish
make_wish (guint box, GrPictureFormat format)
{
  GrPictureWish wish = { .box = box, .format = format, .fd = memfd_create ("wish", MFD_CLOEXEC) };

  g_assert_cmpint (wish.fd, >=, 0);

  return wish;
}

static void
expect_refusal (GBytes *bytes, GrErrorCode code, const char *words)
{
  g_autoptr (GError) error = NULL;
  GrPictureHead head;
  gsize length;
  const guint8 *data = g_bytes_get_data (bytes, &length);

  g_assert_false (gr_picture_sniff (data, length, &head, &error));
  g_assert_error (error, GR_ERROR, (int) code);
  g_assert_cmpstr (gr_error_get_field (error), ==, "file");
  if (words != NULL)
    g_assert_nonnull (strstr (error->message, words));
}

static void
test_others (void)
{
  static const struct
  {
    const char *text;
    gsize length;
    const char *words;
  } files[] = {
    { "GIF89a\1\0\1\0", 10, "GIF" },
    { "<svg xmlns='http://www.w3.org/2000/svg'/>", 41, "SVG" },
    { "\n  <svg/>", 9, "SVG" },
    { "<?xml version='1.0'?><svg/>", 27, "SVG" },
    { "\0\0\0\x20"
      "ftypavif",
      12, "AVIF" },
    { "\0\0\0\x20"
      "ftypheic",
      12, "HEIC" },
    { "%PDF-1.7", 8, "PDF" },
    { "hello", 5, "JPEG, PNG or WebP" },
    { "", 0, "no picture" },
    { "\xff\xd8", 2, NULL },
    { "RIFF\0\0\0\0WAVE", 12, NULL },
  };

  g_test_summary ("What is no JPEG, PNG or WebP is refused by name, whatever it is called");
  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autoptr (GBytes) bytes = g_bytes_new_static (files[i].text, files[i].length);

      expect_refusal (bytes, GR_ERROR_UNSUPPORTED, files[i].words);
    }
}

static void
test_bombs (void)
{
  static const guint32 sizes[][2] = { { 16384, 1 }, { 1, 16384 }, { 10000, 5001 }, { 0xffffffff, 0xffffffff } };
  static const guint8 canvas[] = "RIFF\x1a\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\xff\xff\xff\xff\xff\xff";
  g_autoptr (GBytes) webp = g_bytes_new_static (canvas, 30);
  g_autoptr (GBytes) nothing = make_png_head (0, 10);
  g_autoptr (GBytes) fits = make_png_head (10000, 5000);
  GrPictureHead head;

  g_test_summary ("A picture that says it is too large is refused by its first bytes");
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autoptr (GBytes) bytes = make_png_head (sizes[i][0], sizes[i][1]);

      expect_refusal (bytes, GR_ERROR_TOO_LARGE, "million");
    }
  expect_refusal (webp, GR_ERROR_TOO_LARGE, "16777216 × 16777216");
  expect_refusal (nothing, GR_ERROR_INVALID_INPUT, NULL);
  g_assert_true (gr_picture_sniff (g_bytes_get_data (fits, NULL), 33, &head, NULL));
  g_assert_cmpuint (head.width, ==, 10000);
  g_assert_cmpuint (head.height, ==, 5000);
}

static void
test_sniffs_what_is_written (void)
{
  static const struct
  {
    const char *suffix;
    GrPictureType type;
  } formats[]
      = { { ".jpg", GR_PICTURE_JPEG },  { ".jpg[interlace]", GR_PICTURE_JPEG }, { ".png", GR_PICTURE_PNG },
          { ".webp", GR_PICTURE_WEBP }, { ".webp[lossless]", GR_PICTURE_WEBP }, { ".webp[strip]", GR_PICTURE_WEBP } };

  g_test_summary ("Type and size of real files are read, and any beginning of them is refused or read alike");
  for (guint i = 0; i < G_N_ELEMENTS (formats); i++)
    {
      g_autoptr (GBytes) bytes = make_picture (123, 45, FALSE, formats[i].suffix);
      gsize length;
      const guint8 *data = g_bytes_get_data (bytes, &length);

      for (gsize cut = 0; cut <= length; cut++)
        {
          /* A copy, so that AddressSanitizer sees a byte too much. */
          g_autofree guint8 *beginning = g_memdup2 (data, cut);
          GrPictureHead head;

          if (gr_picture_sniff (beginning, cut, &head, NULL))
            {
              g_assert_cmpint (head.type, ==, formats[i].type);
              g_assert_cmpuint (head.width, ==, 123);
              g_assert_cmpuint (head.height, ==, 45);
            }
          else
            {
              g_assert_cmpuint (cut, <, length);
            }
        }
    }
}

static void
test_prepare (void)
{
  static const char *const suffixes[] = { ".jpg", ".webp" };

  g_test_summary ("A photo comes out upright, in its sizes, and tells nothing of where it was taken");
  for (guint i = 0; i < G_N_ELEMENTS (suffixes); i++)
    {
      g_autoptr (GBytes) source = make_picture (800, 400, FALSE, suffixes[i]);
      GrPictureWish wishes[] = { make_wish (320, GR_PICTURE_AS_WEBP), make_wish (1280, GR_PICTURE_AS_WEBP),
                                 make_wish (1920, GR_PICTURE_AS_WEBP), make_wish (1920, GR_PICTURE_AS_PNG) };
      static const guint sizes[][2] = { { 160, 320 }, { 400, 800 }, { 0, 0 }, { 400, 800 } };
      g_autoptr (GError) error = NULL;
      GrPictureFacts facts;

      g_assert_true (has (source, "Exif") || has (source, "EXIF") || has (source, "eXIf"));
      g_assert_true (gr_picture_prepare (source, wishes, G_N_ELEMENTS (wishes), &facts, &error));
      g_assert_no_error (error);
      g_assert_cmpuint (facts.width, ==, 400);
      g_assert_cmpuint (facts.height, ==, 800);
      g_assert_false (facts.alpha);

      for (guint j = 0; j < G_N_ELEMENTS (wishes); j++)
        {
          g_autoptr (GBytes) made = read_back (&wishes[j]);

          g_assert_cmpuint (wishes[j].width, ==, sizes[j][0]);
          g_assert_cmpuint (wishes[j].height, ==, sizes[j][1]);
          g_assert_cmpuint (wishes[j].bytes > 0, ==, sizes[j][0] > 0);
          g_assert_cmpuint (has (made, j == 3 ? "\x89PNG" : "WEBP"), ==, wishes[j].bytes > 0);
          g_assert_false (has (made, "Exif") || has (made, "EXIF") || has (made, "eXIf") || has (made, "ICCP"));
          close (wishes[j].fd);
        }
    }
}

static void
test_alpha (void)
{
  static const char *const suffixes[] = { ".png", ".webp" };

  g_test_summary ("What can be seen through stays so");
  for (guint i = 0; i < G_N_ELEMENTS (suffixes); i++)
    {
      g_autoptr (GBytes) source = make_picture (300, 200, TRUE, suffixes[i]);
      GrPictureWish wishes[] = { make_wish (320, GR_PICTURE_AS_WEBP), make_wish (1920, GR_PICTURE_AS_PNG) };
      GrPictureFacts facts;

      g_assert_true (gr_picture_prepare (source, wishes, G_N_ELEMENTS (wishes), &facts, NULL));
      g_assert_true (facts.alpha);
      for (guint j = 0; j < G_N_ELEMENTS (wishes); j++)
        {
          g_autoptr (GBytes) made = read_back (&wishes[j]);
          g_autoptr (VipsImage) image = NULL;
          gsize length;
          const void *data = g_bytes_get_data (made, &length);

          image = vips_image_new_from_buffer (data, length, "", NULL);
          g_assert_nonnull (image);
          g_assert_cmpint (image->Bands, ==, 4);
          close (wishes[j].fd);
        }
    }
}

static void
test_damaged (void)
{
  static const char *const suffixes[] = { ".jpg", ".png", ".webp" };

  g_test_summary ("A picture that is cut off anywhere is refused and not half shown");
  for (guint i = 0; i < G_N_ELEMENTS (suffixes); i++)
    {
      g_autoptr (GBytes) whole = make_picture (600, 400, FALSE, suffixes[i]);

      for (guint tenths = 1; tenths < 10; tenths += 2)
        {
          g_autoptr (GBytes) source = g_bytes_new_from_bytes (whole, 0, g_bytes_get_size (whole) * tenths / 10);
          GrPictureWish wish = make_wish (320, GR_PICTURE_AS_WEBP);
          g_autoptr (GError) error = NULL;
          GrPictureFacts facts;

          g_assert_false (gr_picture_prepare (source, &wish, 1, &facts, &error));
          g_assert_error (error, GR_ERROR, GR_ERROR_INVALID_INPUT);
          g_assert_cmpstr (gr_error_get_field (error), ==, "file");
          close (wish.fd);
        }
    }
}

static void
test_confined (void)
{
  g_autoptr (GError) error = NULL;
  struct rlimit written;
  int fd;

  g_test_summary ("A confined process opens no file and no socket and runs nothing, and what it writes is bounded");
  if (!g_test_subprocess ())
    {
      g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
      g_test_trap_assert_passed ();
      return;
    }

  fd = memfd_create ("open", MFD_CLOEXEC);
  g_assert_true (gr_confine (&error));
  g_assert_no_error (error);

  g_assert_cmpint (open ("/etc/passwd", O_RDONLY), ==, -1);
  g_assert_cmpint (errno, ==, ENOSYS);
  g_assert_cmpint (socket (AF_INET, SOCK_STREAM, 0), ==, -1);
  g_assert_cmpint (socket (AF_UNIX, SOCK_STREAM, 0), ==, -1);
  g_assert_cmpint (execl ("/bin/true", "true", NULL), ==, -1);
  g_assert_cmpint (kill (getppid (), 0), ==, -1);
  g_assert_cmpint (errno, ==, ENOSYS);
  g_assert_cmpint (write (fd, "x", 1), ==, 1);
  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &written), ==, 0);
  g_assert_cmpuint (written.rlim_max, ==, 32 * 1024 * 1024);

  /* Not by way of the sanitizers, which look around at the end. */
  _exit (0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  /* libvips warns of each row that is missing. */
  g_log_set_always_fatal (G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL);
  if (!gr_picture_init (NULL))
    g_error ("libvips cannot be used");

  g_test_add_func ("/picture/others", test_others);
  g_test_add_func ("/picture/bombs", test_bombs);
  g_test_add_func ("/picture/sniffs-what-is-written", test_sniffs_what_is_written);
  g_test_add_func ("/picture/prepare", test_prepare);
  g_test_add_func ("/picture/alpha", test_alpha);
  g_test_add_func ("/picture/damaged", test_damaged);
  g_test_add_func ("/picture/confined", test_confined);

  return g_test_run ();
}
