/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/id.h"

#include <sodium.h>
#include <string.h>

#include "base/time.h"
#include "base/words.h"

static GMutex id_lock;
static guint64 id_last_ms;
static guint id_counter;

/* The next pair of millisecond and 12-bit counter (RFC 9562, section 6.2, method 1). A clock that stands, or
 * runs back, lets the counter go on; a full counter borrows from the next millisecond. */
static guint64
next_tick (guint *counter)
{
  guint64 ms = gr_now () / 1000;

  g_mutex_lock (&id_lock);
  if (ms > id_last_ms)
    {
      id_last_ms = ms;
      id_counter = randombytes_uniform (0x800);
    }
  else if (++id_counter > 0xfff)
    {
      id_last_ms++;
      id_counter = 0;
    }
  ms = id_last_ms;
  *counter = id_counter;
  g_mutex_unlock (&id_lock);

  return ms;
}

char *
gr_id_new (void)
{
  guint8 bytes[16];
  guint counter;
  guint64 ms;

  g_return_val_if_fail (sodium_init () >= 0, NULL);
  randombytes_buf (bytes, sizeof bytes);
  ms = next_tick (&counter);

  for (guint i = 0; i < 6; i++)
    bytes[i] = ms >> (8 * (5 - i));
  bytes[6] = 0x70 | (counter >> 8);
  bytes[7] = counter & 0xff;
  bytes[8] = 0x80 | (bytes[8] & 0x3f);

  return g_strdup_printf ("%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", bytes[0], bytes[1],
                          bytes[2], bytes[3], bytes[4], bytes[5], bytes[6], bytes[7], bytes[8], bytes[9], bytes[10],
                          bytes[11], bytes[12], bytes[13], bytes[14], bytes[15]);
}

gboolean
gr_id_is_valid (const char *text)
{
  static const char shape[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";

  if (text == NULL)
    return FALSE;

  for (guint i = 0; i < sizeof shape - 1; i++)
    if (shape[i] == '-' ? text[i] != '-' : !g_ascii_isxdigit (text[i]) || g_ascii_isupper (text[i]))
      return FALSE;

  return text[sizeof shape - 1] == '\0';
}

char *
gr_token_new (gsize n_bytes)
{
  g_autofree guint8 *bytes = g_malloc (n_bytes);
  gsize size = sodium_base64_ENCODED_LEN (n_bytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
  char *token = g_malloc (size);

  g_return_val_if_fail (sodium_init () >= 0, NULL);
  randombytes_buf (bytes, n_bytes);
  sodium_bin2base64 (token, size, bytes, n_bytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
  sodium_memzero (bytes, n_bytes);
  return token;
}

char *
gr_hash_token (const char *token)
{
  return g_compute_checksum_for_string (G_CHECKSUM_SHA256, token, -1);
}

gboolean
gr_equal_secret (const char *a, const char *b)
{
  if (a == NULL || b == NULL || strlen (a) != strlen (b))
    return FALSE;

  return sodium_memcmp (a, b, strlen (a)) == 0;
}

char *
gr_code_new (void)
{
  g_return_val_if_fail (sodium_init () >= 0, NULL);

  return g_strdup_printf ("%s-%s-%u", gr_words_first[randombytes_uniform (gr_n_words_first)],
                          gr_words_second[randombytes_uniform (gr_n_words_second)], 10 + randombytes_uniform (90));
}

char *
gr_invite_code_new (void)
{
  static const char letters[] = "0123456789abcdefghjkmnpqrstvwxyz";
  guint8 bytes[12];

  g_return_val_if_fail (sodium_init () >= 0, NULL);
  randombytes_buf (bytes, sizeof bytes);

  for (guint i = 0; i < sizeof bytes; i++)
    bytes[i] = letters[bytes[i] & 0x1f];

  return g_strdup_printf ("%.4s-%.4s-%.4s", bytes, bytes + 4, bytes + 8);
}
