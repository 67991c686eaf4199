/* SPDX-License-Identifier: LGPL-2.1-or-later */
#define GR_LOG_TOPIC "http"

#include "http/file-answer.h"

#include <string.h>

#include "base/log.h"
#include "base/main-call.h"

#define PIECE_BYTES (256 * 1024)

/* A file on its way. Holds the pool's job, too: freed when neither libsoup nor the pool needs it. */
typedef struct
{
  grefcount references;
  SoupServerMessage *message; /* NULL once it is over */
  GInputStream *stream;
  GrPool *pool;
  gint64 left;
  GBytes *piece; /* read, or NULL: it failed */
  gboolean reading;
} Transfer;

gboolean
gr_file_part_parse (const char *range, gint64 bytes, GrFilePart *part)
{
  const char *cursor = range != NULL && g_str_has_prefix (range, "bytes=") ? range + strlen ("bytes=") : NULL;
  guint64 first = 0;
  guint64 last = G_MAXINT64;
  char *end;

  *part = (GrFilePart){ 0, bytes, FALSE };
  if (cursor == NULL || strspn (cursor, "0123456789-") != strlen (cursor) || strcmp (cursor, "-") == 0
      || strchr (cursor, '-') == NULL || strchr (cursor, '-') != strrchr (cursor, '-'))
    return TRUE;

  if (cursor[0] == '-')
    {
      first = g_ascii_strtoull (cursor + 1, &end, 10);
      if (first == 0)
        return FALSE;
      first = first < (guint64) bytes ? bytes - first : 0;
    }
  else
    {
      first = g_ascii_strtoull (cursor, &end, 10);
      if (end[1] != '\0')
        last = g_ascii_strtoull (end + 1, &end, 10);
    }

  if (last < first)
    return TRUE;

  if (first >= (guint64) bytes)
    return FALSE;

  last = MIN (last, (guint64) bytes - 1);
  *part = (GrFilePart){ first, last - first + 1, TRUE };

  return TRUE;
}

static void
transfer_unref (Transfer *transfer)
{
  if (!g_ref_count_dec (&transfer->references))
    return;

  g_clear_pointer (&transfer->piece, g_bytes_unref);
  g_object_unref (transfer->stream);
  g_free (transfer);
}

/* Back on main with a piece. A connection that cannot be given the bytes it was promised is closed. */
static void
send_piece (gpointer data)
{
  Transfer *transfer = data;

  transfer->reading = FALSE;
  if (transfer->message != NULL && transfer->piece != NULL)
    {
      transfer->left -= g_bytes_get_size (transfer->piece);
      soup_message_body_append_bytes (soup_server_message_get_response_body (transfer->message), transfer->piece);
      soup_server_message_unpause (transfer->message);
    }
  else if (transfer->message != NULL)
    {
      g_autoptr (GIOStream) connection = soup_server_message_steal_connection (transfer->message);

      g_io_stream_close (connection, NULL, NULL);
    }
  g_clear_pointer (&transfer->piece, g_bytes_unref);
}

static void
read_piece (gpointer data)
{
  Transfer *transfer = data;
  g_autoptr (GError) error = NULL;

  transfer->piece = g_input_stream_read_bytes (transfer->stream, MIN (transfer->left, PIECE_BYTES), NULL, &error);
  if (transfer->piece == NULL)
    gr_warning ("a file cannot be read: %s", error->message);
  else if (g_bytes_get_size (transfer->piece) == 0)
    g_clear_pointer (&transfer->piece, g_bytes_unref);

  gr_main_post (send_piece, transfer, (GDestroyNotify) transfer_unref);
}

static void
want_piece (Transfer *transfer)
{
  g_autoptr (GError) error = NULL;

  if (transfer->left == 0 || transfer->reading)
    return;

  transfer->reading = TRUE;
  g_ref_count_inc (&transfer->references);
  if (gr_pool_push (transfer->pool, read_piece, transfer, (GDestroyNotify) NULL, &error))
    return;

  /* Too busy: the piece counts as one that cannot be read. */
  gr_main_post (send_piece, transfer, (GDestroyNotify) transfer_unref);
}

static void
on_wrote_chunk (SoupServerMessage *message, guint bytes, Transfer *transfer)
{
  want_piece (transfer);
}

static void
on_finished (SoupServerMessage *message, Transfer *transfer)
{
  transfer->message = NULL;
  transfer_unref (transfer);
}

void
gr_file_answer (SoupServerMessage *message, GInputStream *stream, gint64 length, GrPool *pool)
{
  Transfer *transfer = g_new0 (Transfer, 1);

  g_ref_count_init (&transfer->references);
  transfer->message = message;
  transfer->stream = g_object_ref (stream);
  transfer->pool = pool;
  transfer->left = length;

  soup_message_headers_set_content_length (soup_server_message_get_response_headers (message), length);
  soup_message_body_set_accumulate (soup_server_message_get_response_body (message), FALSE);
  g_signal_connect (message, "wrote-chunk", G_CALLBACK (on_wrote_chunk), transfer);
  g_signal_connect (message, "finished", G_CALLBACK (on_finished), transfer);
  want_piece (transfer);
}
