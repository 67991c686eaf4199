/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ws/codec.h"

#include <string.h>

#define LIMIT 1000

/* A client's frame, masked. */
static GByteArray *
client_frame (guint8 first, const void *payload, gsize length)
{
  static const guint8 mask[4] = { 0x12, 0xf4, 0x00, 0x9b };
  g_autoptr (GBytes) plain = gr_ws_encode (first & 0x0f, payload, length);
  gsize size;
  const guint8 *bytes = g_bytes_get_data (plain, &size);
  GByteArray *frame = g_byte_array_new ();

  g_byte_array_append (frame, bytes, size - length);
  frame->data[0] = first;
  frame->data[1] |= 0x80;
  g_byte_array_append (frame, mask, sizeof mask);
  for (gsize i = 0; i < length; i++)
    {
      guint8 byte = bytes[size - length + i] ^ mask[i & 3];

      g_byte_array_append (frame, &byte, 1);
    }
  return frame;
}

static void
append_frame (GByteArray *stream, guint8 first, const char *payload)
{
  g_autoptr (GByteArray) frame = client_frame (first, payload, strlen (payload));

  g_byte_array_append (stream, frame->data, frame->len);
}

/* Feeds @stream in pieces of @piece bytes until an event, and returns what it is. */
static GrWsResult
next (GrWsDecoder *decoder, GByteArray *stream, gsize piece, GrWsEvent *event)
{
  GrWsResult result = GR_WS_NEED_MORE;
  gsize taken = 0;

  while (result == GR_WS_NEED_MORE && taken < stream->len)
    {
      gsize length = MIN (piece, stream->len - taken), left = length;
      const guint8 *bytes = stream->data + taken;

      result = gr_ws_decoder_next (decoder, &bytes, &left, event);
      taken += length - left;
    }
  g_byte_array_remove_range (stream, 0, taken);
  return result;
}

static void
test_messages (void)
{
  static const gsize lengths[] = { 0, 1, 7, 8, 9, 125, 126, 127, 999, LIMIT };
  GrWsEvent event;

  g_test_summary ("Messages of every length form arrive whole, in pieces of any size");
  for (guint i = 0; i < G_N_ELEMENTS (lengths); i++)
    for (gsize piece = 1; piece < 40; piece += 3)
      {
        g_autoptr (GrWsDecoder) decoder = gr_ws_decoder_new (LIMIT);
        g_autofree char *text = g_strnfill (lengths[i], 'x');
        g_autoptr (GByteArray) stream = g_byte_array_new ();

        append_frame (stream, 0x81, text);
        append_frame (stream, 0x81, "next");
        g_assert_cmpint (next (decoder, stream, piece, &event), ==, GR_WS_MESSAGE);
        g_assert_cmpint (event.opcode, ==, GR_WS_TEXT);
        g_assert_cmpstr ((const char *) event.payload, ==, text);
        g_assert_cmpint (next (decoder, stream, piece, &event), ==, GR_WS_MESSAGE);
        g_assert_cmpmem (event.payload, event.length, "next", 4);
        g_assert_cmpuint (stream->len, ==, 0);
      }
}

static void
test_fragments (void)
{
  g_autoptr (GrWsDecoder) decoder = gr_ws_decoder_new (LIMIT);
  g_autoptr (GByteArray) stream = g_byte_array_new ();
  GrWsEvent event;

  g_test_summary ("Fragments become one message, with control frames between them");
  append_frame (stream, 0x01, "Гр");
  append_frame (stream, 0x89, "ping");
  append_frame (stream, 0x00, "ин");
  append_frame (stream, 0x80, "рум");
  g_assert_cmpint (next (decoder, stream, 3, &event), ==, GR_WS_MESSAGE);
  g_assert_cmpint (event.opcode, ==, GR_WS_PING);
  g_assert_cmpstr ((const char *) event.payload, ==, "ping");
  g_assert_cmpint (next (decoder, stream, 3, &event), ==, GR_WS_MESSAGE);
  g_assert_cmpstr ((const char *) event.payload, ==, "Гринрум");
  g_assert_cmpuint (gr_ws_decoder_get_frames (decoder), ==, 4);
}

static void
assert_fails (GByteArray *stream, guint code)
{
  g_autoptr (GrWsDecoder) decoder = gr_ws_decoder_new (LIMIT);
  const guint8 *bytes = stream->data;
  gsize length = stream->len;
  GrWsEvent event;
  GrWsResult result;

  while ((result = gr_ws_decoder_next (decoder, &bytes, &length, &event)) == GR_WS_MESSAGE)
    ;
  g_assert_cmpint (result, ==, GR_WS_FAILED);
  g_assert_cmpuint (event.close_code, ==, code);
  g_assert_cmpint (gr_ws_decoder_next (decoder, &bytes, &length, &event), ==, GR_WS_FAILED);
}

static void
assert_frame_fails (guint8 first, const void *payload, gsize length, guint code)
{
  g_autoptr (GByteArray) frame = client_frame (first, payload, length);

  assert_fails (frame, code);
}

static void
test_violations (void)
{
  static const guint8 unmasked[] = { 0x81, 0x01, 'x' };
  static const guint8 long_form[] = { 0x81, 0x80 | 126, 0, 5, 1, 2, 3, 4 };
  static const guint8 huge[] = { 0x82, 0x80 | 127, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1, 2, 3, 4 };
  g_autofree char *too_long = g_strnfill (LIMIT + 1, 'x');
  g_autoptr (GByteArray) stream = g_byte_array_new ();

  g_test_summary ("What breaks RFC 6455 is closed with the code it names");
  g_byte_array_append (stream, unmasked, sizeof unmasked);
  assert_fails (stream, GR_WS_PROTOCOL_ERROR);
  g_byte_array_set_size (stream, 0);
  g_byte_array_append (stream, long_form, sizeof long_form);
  assert_fails (stream, GR_WS_PROTOCOL_ERROR);
  g_byte_array_set_size (stream, 0);
  g_byte_array_append (stream, huge, sizeof huge);
  assert_fails (stream, GR_WS_TOO_BIG);

  assert_frame_fails (0xc1, "x", 1, GR_WS_PROTOCOL_ERROR); /* a reserved bit */
  assert_frame_fails (0x83, "x", 1, GR_WS_PROTOCOL_ERROR); /* an unknown opcode */
  assert_frame_fails (0x80, "x", 1, GR_WS_PROTOCOL_ERROR); /* a continuation of nothing */
  assert_frame_fails (0x09, "x", 1, GR_WS_PROTOCOL_ERROR); /* a fragmented ping */
  assert_frame_fails (0x89, too_long, 126, GR_WS_PROTOCOL_ERROR);
  assert_frame_fails (0x88, "\x03", 1, GR_WS_PROTOCOL_ERROR);     /* half a close code */
  assert_frame_fails (0x88, "\x03\xed", 2, GR_WS_PROTOCOL_ERROR); /* 1005 */
  assert_frame_fails (0x88, "\x03\xe8\xff", 3, GR_WS_INVALID_TEXT);
  assert_frame_fails (0x81, "\xc3", 1, GR_WS_INVALID_TEXT);
  assert_frame_fails (0x81, too_long, LIMIT + 1, GR_WS_TOO_BIG);

  g_byte_array_set_size (stream, 0);
  append_frame (stream, 0x01, "a");
  append_frame (stream, 0x01, "b");
  assert_fails (stream, GR_WS_PROTOCOL_ERROR);
}

static void
test_bound_across_fragments (void)
{
  g_autoptr (GByteArray) stream = g_byte_array_new ();

  g_test_summary ("The bound of a message holds across its fragments");
  append_frame (stream, 0x01, "first");
  for (guint i = 0; i < LIMIT / 5; i++)
    append_frame (stream, 0x00, "again");
  assert_fails (stream, GR_WS_TOO_BIG);
}

static void
test_close (void)
{
  g_autoptr (GrWsDecoder) decoder = gr_ws_decoder_new (LIMIT);
  g_autoptr (GByteArray) stream = client_frame (0x88, "\x03\xe9gone", 6);
  g_autoptr (GByteArray) empty = client_frame (0x88, "", 0);
  g_autofree char *long_reason = g_strnfill (61, 'x');
  g_autofree char *wide_reason = g_strconcat (long_reason, long_reason, "€", NULL);
  g_autoptr (GBytes) frame = gr_ws_encode_close (GR_WS_GOING_AWAY, wide_reason);
  GrWsEvent event;

  g_test_summary ("Close frames carry a code and a reason, cut between characters");
  g_assert_cmpint (next (decoder, stream, 100, &event), ==, GR_WS_MESSAGE);
  g_assert_cmpuint (event.close_code, ==, GR_WS_GOING_AWAY);
  g_assert_cmpstr (event.reason, ==, "gone");
  g_assert_cmpint (next (decoder, empty, 100, &event), ==, GR_WS_MESSAGE);
  g_assert_cmpuint (event.close_code, ==, GR_WS_NO_STATUS);
  g_assert_cmpuint (g_bytes_get_size (frame), ==, 2 + 2 + 122);
}

static void
test_encode (void)
{
  static const struct
  {
    gsize length;
    gsize header;
  } cases[] = { { 0, 2 }, { 125, 2 }, { 126, 4 }, { 65535, 4 }, { 65536, 10 } };

  g_test_summary ("Frames have the shortest length form");
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = g_strnfill (cases[i].length, 'x');
      g_autoptr (GBytes) frame = gr_ws_encode_text (text, -1);
      const guint8 *bytes = g_bytes_get_data (frame, NULL);

      g_assert_cmpuint (g_bytes_get_size (frame), ==, cases[i].header + cases[i].length);
      g_assert_cmphex (bytes[0], ==, 0x81);
      g_assert_cmphex (bytes[1] & 0x80, ==, 0);
    }
}

static void
test_accept_key (void)
{
  g_autofree char *accept = gr_ws_accept_key ("dGhlIHNhbXBsZSBub25jZQ==");

  g_test_summary ("The accept key is that of the RFC's example");
  g_assert_cmpstr (accept, ==, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
  g_assert_null (gr_ws_accept_key (NULL));
  g_assert_null (gr_ws_accept_key ("short=="));
  g_assert_null (gr_ws_accept_key ("dGhlIHNhbXBsZSBub25jZQ==, dGhlIHNhbXBsZSBub25jZQ=="));
}

static void
test_utf8 (void)
{
  g_test_summary ("Our UTF-8 check agrees with GLib's on random bytes, but takes NUL");
  g_assert_true (gr_ws_is_utf8 ((const guint8 *) "a\0b", 3));
  for (guint i = 0; i < 200000; i++)
    {
      guint8 text[24];
      guint length = g_test_rand_int_range (0, sizeof text);

      /* Mostly ASCII and mostly plausible sequences, else nearly all would be wrong at once. */
      for (guint j = 0; j < length; j++)
        text[j] = g_test_rand_bit () ? g_test_rand_int_range (1, 0x80) : g_test_rand_int_range (0x80, 0x100);
      for (guint j = 0; j + 3 < length; j += 4)
        if (g_test_rand_bit ())
          {
            char sequence[6];
            gint size = g_unichar_to_utf8 (g_test_rand_int_range (1, 0x120000), sequence);

            memcpy (text + j, sequence, MIN (size, 4));
          }
      g_assert_cmpint (gr_ws_is_utf8 (text, length), ==, g_utf8_validate_len ((const char *) text, length, NULL));
    }
}

/* Run with -m perf. */
static void
test_speed (void)
{
  g_autoptr (GrWsDecoder) decoder = gr_ws_decoder_new (GR_WS_MESSAGE_BYTES);
  g_autofree char *text = g_strnfill (200, 'x');
  g_autoptr (GByteArray) frame = client_frame (0x81, text, strlen (text));
  g_autoptr (GByteArray) stream = g_byte_array_new ();
  guint frames = 0;
  double seconds;

  if (!g_test_perf ())
    {
      g_test_skip ("Only with -m perf");
      return;
    }

  for (guint i = 0; i < 64; i++)
    g_byte_array_append (stream, frame->data, frame->len);

  g_test_timer_start ();
  while (frames < 5000000)
    {
      const guint8 *bytes = stream->data;
      gsize length = stream->len;
      GrWsEvent event;

      while (gr_ws_decoder_next (decoder, &bytes, &length, &event) == GR_WS_MESSAGE)
        frames++;
    }
  seconds = g_test_timer_elapsed ();
  g_test_maximized_result (frames / seconds, "{\"decoded_frames_per_second\": %.0f}", frames / seconds);

  g_test_timer_start ();
  for (frames = 0; frames < 5000000; frames++)
    g_bytes_unref (gr_ws_encode_text (text, 200));
  seconds = g_test_timer_elapsed ();
  g_test_maximized_result (frames / seconds, "{\"encoded_frames_per_second\": %.0f}", frames / seconds);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ws/codec/messages", test_messages);
  g_test_add_func ("/ws/codec/fragments", test_fragments);
  g_test_add_func ("/ws/codec/violations", test_violations);
  g_test_add_func ("/ws/codec/bound-across-fragments", test_bound_across_fragments);
  g_test_add_func ("/ws/codec/close", test_close);
  g_test_add_func ("/ws/codec/encode", test_encode);
  g_test_add_func ("/ws/codec/accept-key", test_accept_key);
  g_test_add_func ("/ws/codec/utf8", test_utf8);
  g_test_add_func ("/ws/codec/speed", test_speed);
  return g_test_run ();
}
