/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What it costs to protect a packet, ours beside libsrtp2, in the same run: rounds alternate, and the median of each
 * counts. A round is long enough for the clock and short enough for the scheduler. Prints one line of JSON per figure.
 */
#include <glib.h>
#include <srtp2/srtp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "plugins/hubtransport/bytes.h"
#include "plugins/hubtransport/srtp.h"

#define ROUNDS 41
#define PACKETS 4000

typedef struct
{
  GrSrtp *ours;
  srtp_t theirs;
  guint8 packet[2048];
  gsize length;
  guint16 our_sequence;
  guint16 their_sequence;
} Bench;

static double
cpu_ns (void)
{
  struct timespec now;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &now);
  return now.tv_sec * 1e9 + now.tv_nsec;
}

/* ns per packet */
static double
run_ours (Bench *bench)
{
  double begin = cpu_ns ();

  for (guint i = 0; i < PACKETS; i++)
    {
      gr_write_u16 (bench->packet + 2, bench->our_sequence++);
      if (gr_srtp_protect (bench->ours, bench->packet, bench->length, sizeof bench->packet) < 0)
        abort ();
    }

  return (cpu_ns () - begin) / PACKETS;
}

static double
run_theirs (Bench *bench)
{
  double begin = cpu_ns ();

  for (guint i = 0; i < PACKETS; i++)
    {
      int length = bench->length;

      gr_write_u16 (bench->packet + 2, bench->their_sequence++);
      if (srtp_protect (bench->theirs, bench->packet, &length) != srtp_err_status_ok)
        abort ();
    }

  return (cpu_ns () - begin) / PACKETS;
}

static int
compare (const void *a, const void *b)
{
  double first = *(const double *) a, second = *(const double *) b;

  return first < second ? -1 : first > second;
}

static double
median (double *figures)
{
  qsort (figures, ROUNDS, sizeof *figures, compare);
  return figures[ROUNDS / 2];
}

static void
measure (GrSrtpProfile profile, const char *name, gsize length)
{
  guint8 key[30] = { 1, 2, 3 };
  srtp_policy_t policy = { .ssrc = { .type = ssrc_any_outbound }, .key = key, .window_size = 128 };
  Bench bench = { .ours = gr_srtp_new (profile, GR_SRTP_SENDER, key, 32), .packet = { 0x80, 96 }, .length = length };
  double ours[ROUNDS], theirs[ROUNDS], our_median, their_median;

  if (profile == GR_SRTP_AEAD_AES_128_GCM)
    srtp_crypto_policy_set_aes_gcm_128_16_auth (&policy.rtp);
  else
    srtp_crypto_policy_set_aes_cm_128_hmac_sha1_80 (&policy.rtp);
  srtp_crypto_policy_set_rtcp_default (&policy.rtcp);
  if (srtp_create (&bench.theirs, &policy) != srtp_err_status_ok)
    abort ();

  for (guint i = 0; i < ROUNDS; i++)
    {
      ours[i] = run_ours (&bench);
      theirs[i] = run_theirs (&bench);
    }

  our_median = median (ours);
  their_median = median (theirs);
  printf ("{\"bench\":\"srtp-protect\",\"profile\":\"%s\",\"bytes\":%zu,\"greenroom_ns\":%.0f,\"libsrtp2_ns\":%.0f,"
          "\"ratio\":%.2f}\n",
          name, length, our_median, their_median, their_median / our_median);

  gr_srtp_free (bench.ours);
  srtp_dealloc (bench.theirs);
}

int
main (void)
{
  static const gsize lengths[] = { 100, 1200 };

  if (srtp_init () != srtp_err_status_ok)
    abort ();
  for (guint i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      measure (GR_SRTP_AES_CM_128_HMAC_SHA1_80, "AES_CM_128_HMAC_SHA1_80", lengths[i]);
      measure (GR_SRTP_AEAD_AES_128_GCM, "AEAD_AES_128_GCM", lengths[i]);
    }

  return 0;
}
