/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "http/static.h"

#include <gio/gio.h>
#include <string.h>

#include "base/error.h"

#define MAX_TOTAL_BYTES (64 * 1024 * 1024)
#define MIN_GZIP_BYTES 512

typedef struct
{
  GBytes *plain;
  GBytes *gzipped; /* NULL where it would not pay */
  const char *type;
  char *etag;
  gboolean immutable; /* named by its content */
} StaticFile;

struct _GrStatic
{
  GHashTable *files; /* "/assets/x.js" → StaticFile */
  gsize total;
};

static const struct
{
  const char *suffix;
  const char *type;
  gboolean text;
} types[] = {
  { ".html", "text/html; charset=utf-8", TRUE },
  { ".js", "text/javascript; charset=utf-8", TRUE },
  { ".css", "text/css; charset=utf-8", TRUE },
  { ".json", "application/json", TRUE },
  { ".webmanifest", "application/manifest+json", TRUE },
  { ".svg", "image/svg+xml", TRUE },
  { ".txt", "text/plain; charset=utf-8", TRUE },
  { ".png", "image/png", FALSE },
  { ".ico", "image/x-icon", FALSE },
  { ".woff2", "font/woff2", FALSE },
  { ".mp3", "audio/mpeg", FALSE },
  { ".ogg", "audio/ogg", FALSE },
  { ".wav", "audio/wav", FALSE },
  { ".wasm", "application/wasm", TRUE },
};

static void
static_file_free (StaticFile *file)
{
  g_bytes_unref (file->plain);
  g_clear_pointer (&file->gzipped, g_bytes_unref);
  g_free (file->etag);
  g_free (file);
}

static GBytes *
gzip (GBytes *plain)
{
  g_autoptr (GZlibCompressor) compressor = g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, 9);
  g_autoptr (GInputStream) source = g_memory_input_stream_new_from_bytes (plain);
  g_autoptr (GInputStream) compressed = g_converter_input_stream_new (source, G_CONVERTER (compressor));
  g_autoptr (GOutputStream) sink = g_memory_output_stream_new_resizable ();

  if (g_output_stream_splice (sink, compressed, G_OUTPUT_STREAM_SPLICE_CLOSE_TARGET, NULL, NULL) < 0)
    return NULL;

  return g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (sink));
}

static void
add_file (GrStatic *files, const char *name, GBytes *content)
{
  StaticFile *file = g_new0 (StaticFile, 1);
  g_autofree char *sum = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, content);

  file->plain = g_bytes_ref (content);
  file->type = "application/octet-stream";
  file->etag = g_strdup_printf ("\"%.16s\"", sum);
  file->immutable = g_str_has_prefix (name, "/assets/");

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    if (g_str_has_suffix (name, types[i].suffix))
      {
        file->type = types[i].type;
        if (types[i].text && g_bytes_get_size (content) >= MIN_GZIP_BYTES)
          file->gzipped = gzip (content);
        break;
      }

  g_hash_table_insert (files->files, g_strdup (name), file);
}

static gboolean
read_directory (GrStatic *files, const char *directory, const char *prefix, GError **error)
{
  g_autoptr (GDir) dir = g_dir_open (directory, 0, error);
  const char *entry;

  if (dir == NULL)
    return FALSE;

  while ((entry = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (directory, entry, NULL);
      g_autofree char *name = g_strconcat (prefix, "/", entry, NULL);
      g_autoptr (GBytes) content = NULL;
      char *bytes;
      gsize length;

      if (g_file_test (path, G_FILE_TEST_IS_DIR))
        {
          if (!read_directory (files, path, name, error))
            return FALSE;
          continue;
        }

      if (!g_file_get_contents (path, &bytes, &length, error))
        return FALSE;

      content = g_bytes_new_take (bytes, length);
      files->total += length;

      if (files->total > MAX_TOTAL_BYTES)
        {
          gr_set_error (error, GR_ERROR_TOO_LARGE, NULL, "The client in %s is larger than 64 MiB", directory);
          return FALSE;
        }

      add_file (files, name, content);
    }

  return TRUE;
}

GrStatic *
gr_static_new (const char *root, GError **error)
{
  g_autoptr (GrStatic) files = g_new0 (GrStatic, 1);

  files->files = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) static_file_free);

  if (!read_directory (files, root, "", error))
    return NULL;

  if (!g_hash_table_contains (files->files, "/index.html"))
    {
      gr_set_error (error, GR_ERROR_NOT_FOUND, NULL, "There is no index.html in %s", root);
      return NULL;
    }

  return g_steal_pointer (&files);
}

void
gr_static_free (GrStatic *files)
{
  g_hash_table_unref (files->files);
  g_free (files);
}

gboolean
gr_static_answer (GrStatic *files, SoupServerMessage *message, const char *path)
{
  SoupMessageHeaders *in = soup_server_message_get_request_headers (message);
  SoupMessageHeaders *out = soup_server_message_get_response_headers (message);
  const char *known = soup_message_headers_get_one (in, "If-None-Match");
  const char *accepted = soup_message_headers_get_list (in, "Accept-Encoding");
  StaticFile *file = g_hash_table_lookup (files->files, path);
  GBytes *content;

  /* The client's own routes have no dot in their last segment; what has one was meant to be a file. */
  if (file == NULL && strchr (strrchr (path, '/'), '.') == NULL)
    file = g_hash_table_lookup (files->files, "/index.html");

  if (file == NULL)
    return FALSE;

  soup_message_headers_replace (out, "ETag", file->etag);
  soup_message_headers_replace (out, "Vary", "Accept-Encoding");
  soup_message_headers_replace (out, "Cache-Control",
                                file->immutable ? "public, max-age=31536000, immutable" : "no-cache");

  if (known != NULL && strstr (known, file->etag) != NULL)
    {
      soup_server_message_set_status (message, SOUP_STATUS_NOT_MODIFIED, NULL);
      return TRUE;
    }

  content = file->plain;
  if (file->gzipped != NULL && accepted != NULL && strstr (accepted, "gzip") != NULL)
    {
      content = file->gzipped;
      soup_message_headers_replace (out, "Content-Encoding", "gzip");
    }

  soup_message_headers_replace (out, "Content-Type", file->type);
  soup_message_body_append_bytes (soup_server_message_get_response_body (message), content);
  soup_server_message_set_status (message, SOUP_STATUS_OK, NULL);

  return TRUE;
}
