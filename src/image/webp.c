/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "image/webp.h"

#include <string.h>

#define FILE_HEAD 12
#define CHUNK_HEAD 8

/* Flags of VP8X: ICC profile, EXIF, XMP. */
#define METADATA_FLAGS (0x20 | 0x08 | 0x04)

static guint32
read_length (const guint8 *bytes)
{
  return bytes[0] | bytes[1] << 8 | bytes[2] << 16 | (guint32) bytes[3] << 24;
}

static void
write_length (guint8 *bytes, guint32 length)
{
  for (guint i = 0; i < 4; i++)
    bytes[i] = length >> (8 * i);
}

static gboolean
is_metadata (const guint8 *chunk)
{
  return memcmp (chunk, "ICCP", 4) == 0 || memcmp (chunk, "EXIF", 4) == 0 || memcmp (chunk, "XMP ", 4) == 0;
}

gsize
gr_webp_keep_pixels (guint8 *bytes, gsize length)
{
  gsize kept = FILE_HEAD;
  gsize at = FILE_HEAD;

  if (length < FILE_HEAD)
    return length;

  while (length - at >= CHUNK_HEAD)
    {
      guint8 *chunk = bytes + at;
      /* Chunks are padded to even lengths. */
      gsize size = CHUNK_HEAD + (gsize) read_length (chunk + 4);

      size += size & 1;
      if (size > length - at)
        break;

      at += size;
      if (is_metadata (chunk))
        continue;

      if (memcmp (chunk, "VP8X", 4) == 0 && size > CHUNK_HEAD)
        chunk[CHUNK_HEAD] &= ~METADATA_FLAGS;
      memmove (bytes + kept, chunk, size);
      kept += size;
    }

  write_length (bytes + 4, kept - CHUNK_HEAD);
  return kept;
}
