/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "image/sniff.h"

#include <string.h>

#include "base/error.h"

/* Markers of JPEG (ITU-T T.81, table B.1). */
#define JPEG_TEM 0x01
#define JPEG_RST0 0xd0
#define JPEG_RST7 0xd7
#define JPEG_EOI 0xd9
#define JPEG_SOS 0xda

/* What people send, and can convert, that is not taken. */
static const struct
{
  const char *name;
  guint offset;
  const char *magic;
} others[] = {
  { "a GIF", 0, "GIF8" },       { "an SVG", 0, "<svg" },         { "an SVG or XML", 0, "<?xml" },
  { "an AVIF", 4, "ftypavif" }, { "a HEIC photo", 4, "ftyphe" }, { "a HEIC photo", 4, "ftypmif1" },
  { "a BMP", 0, "BM" },         { "a TIFF", 0, "II*" },          { "a TIFF", 0, "MM" },
  { "a JPEG XL", 4, "JXL " },   { "a PDF", 0, "%PDF" },          { "a web page", 0, "<!DOCTYPE" },
  { "a web page", 0, "<html" }, { "a video", 4, "ftyp" },
};

static guint
read16 (const guint8 *bytes)
{
  return bytes[0] << 8 | bytes[1];
}

static guint
read16_little (const guint8 *bytes)
{
  return bytes[1] << 8 | bytes[0];
}

static guint
read24_little (const guint8 *bytes)
{
  return (guint) bytes[2] << 16 | bytes[1] << 8 | bytes[0];
}

static guint
read32 (const guint8 *bytes)
{
  return (guint) bytes[0] << 24 | bytes[1] << 16 | bytes[2] << 8 | bytes[3];
}

static gboolean
has (const guint8 *bytes, gsize length, gsize offset, const char *magic, gsize magic_length)
{
  return length >= offset + magic_length && memcmp (bytes + offset, magic, magic_length) == 0;
}

/* Frame headers are C0 to CF without DHT, JPG and DAC. */
static gboolean
is_frame (guint8 marker)
{
  return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
}

/* Walks the segments up to the frame header. A height of 0, to be told later by DNL, counts as none. */
static gboolean
read_jpeg (const guint8 *bytes, gsize length, GrPictureHead *head)
{
  gsize at = 2;

  while (at + 1 < length && bytes[at] == 0xff)
    {
      guint8 marker = bytes[at + 1];

      /* Any number of FF may stand before a marker. */
      if (marker == 0xff)
        {
          at++;
          continue;
        }

      at += 2;
      if (marker == JPEG_TEM || (marker >= JPEG_RST0 && marker <= JPEG_RST7))
        continue;
      if (marker == JPEG_EOI || marker == JPEG_SOS || length - at < 2)
        return FALSE;

      if (is_frame (marker))
        {
          if (length - at < 7)
            return FALSE;
          head->height = read16 (bytes + at + 3);
          head->width = read16 (bytes + at + 5);
          return TRUE;
        }

      if (read16 (bytes + at) < 2 || read16 (bytes + at) > length - at)
        return FALSE;
      at += read16 (bytes + at);
    }

  return FALSE;
}

static gboolean
read_png (const guint8 *bytes, gsize length, GrPictureHead *head)
{
  if (length < 24 || !has (bytes, length, 8, "\0\0\0\rIHDR", 8))
    return FALSE;

  head->width = read32 (bytes + 16);
  head->height = read32 (bytes + 20);
  return TRUE;
}

/* RFC 9649, sections 2.5 to 2.7; the frame header of VP8: RFC 6386, section 9.1. */
static gboolean
read_webp (const guint8 *bytes, gsize length, GrPictureHead *head)
{
  if (length < 30)
    return FALSE;

  if (has (bytes, length, 12, "VP8 ", 4) && has (bytes, length, 23, "\x9d\x01\x2a", 3))
    {
      head->width = read16_little (bytes + 26) & 0x3fff;
      head->height = read16_little (bytes + 28) & 0x3fff;
      return TRUE;
    }

  if (has (bytes, length, 12, "VP8L", 4) && bytes[20] == 0x2f)
    {
      guint bits = read24_little (bytes + 21) | (guint) bytes[24] << 24;

      head->width = (bits & 0x3fff) + 1;
      head->height = (bits >> 14 & 0x3fff) + 1;
      return TRUE;
    }

  if (has (bytes, length, 12, "VP8X", 4))
    {
      head->width = read24_little (bytes + 24) + 1;
      head->height = read24_little (bytes + 27) + 1;
      return TRUE;
    }

  return FALSE;
}

static gboolean
refuse_type (const guint8 *bytes, gsize length, GError **error)
{
  gsize blank = 0;

  while (blank < length && blank < 256 && g_ascii_isspace (bytes[blank]))
    blank++;

  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    if (has (bytes, length, others[i].offset + (others[i].magic[0] == '<' ? blank : 0), others[i].magic,
             strlen (others[i].magic)))
      {
        gr_set_error (error, GR_ERROR_UNSUPPORTED, "file", "This is %s; send a JPEG, PNG or WebP picture",
                      others[i].name);
        return FALSE;
      }

  gr_set_error (error, GR_ERROR_UNSUPPORTED, "file", "This is no picture; send a JPEG, PNG or WebP one");
  return FALSE;
}

static gboolean
check_size (const GrPictureHead *head, GError **error)
{
  guint most = head->type == GR_PICTURE_WEBP ? GR_PICTURE_MAX_WEBP_PIXELS : GR_PICTURE_MAX_PIXELS;

  if (head->width == 0 || head->height == 0)
    {
      gr_set_error (error, GR_ERROR_INVALID_INPUT, "file", "This picture has no size");
      return FALSE;
    }

  if (head->width > GR_PICTURE_MAX_SIDE || head->height > GR_PICTURE_MAX_SIDE
      || (guint64) head->width * head->height > most)
    {
      gr_set_error (error, GR_ERROR_TOO_LARGE, "file",
                    "This picture has %u × %u pixels; up to %u million are taken, and up to %d on a side", head->width,
                    head->height, most / 1000000, GR_PICTURE_MAX_SIDE);
      return FALSE;
    }

  return TRUE;
}

gboolean
gr_picture_sniff (const guint8 *bytes, gsize length, GrPictureHead *head, GError **error)
{
  gboolean whole;

  *head = (GrPictureHead){ 0 };
  if (has (bytes, length, 0, "\xff\xd8\xff", 3))
    {
      head->type = GR_PICTURE_JPEG;
      whole = read_jpeg (bytes, length, head);
    }
  else if (has (bytes, length, 0, "\x89PNG\r\n\x1a\n", 8))
    {
      head->type = GR_PICTURE_PNG;
      whole = read_png (bytes, length, head);
    }
  else if (has (bytes, length, 0, "RIFF", 4) && has (bytes, length, 8, "WEBP", 4))
    {
      head->type = GR_PICTURE_WEBP;
      whole = read_webp (bytes, length, head);
    }
  else
    {
      return refuse_type (bytes, length, error);
    }

  if (!whole)
    {
      gr_set_error (error, GR_ERROR_INVALID_INPUT, "file", "This picture is damaged at its beginning, or cut off");
      return FALSE;
    }

  return check_size (head, error);
}
