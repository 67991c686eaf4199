/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Fuzz target: SRTP and SRTCP. No input is authentic by chance; and taken as a plain packet, what can be protected
 * comes back as it was, once. */
#include <stdlib.h>
#include <string.h>

#include "plugins/hubtransport/srtp.h"

int LLVMFuzzerTestOneInput (const guint8 *bytes, gsize length);

static const guint8 key[30] = "the fuzzers do not know it yet";

static void
check_forgery (GrSrtp *receiver, const guint8 *bytes, gsize length)
{
  g_autofree guint8 *packet = g_malloc (length + 1);

  memcpy (packet, bytes, length);
  if (gr_srtp_unprotect (receiver, packet, length) >= 0)
    abort ();
}

static void
check_round_trip (GrSrtp *sender, GrSrtp *receiver, const guint8 *bytes, gsize length)
{
  gsize size = length + GR_SRTP_MAX_TRAILER;
  g_autofree guint8 *packet = g_malloc (size);
  g_autofree guint8 *again = NULL;
  gssize protected;

  memcpy (packet, bytes, length);
  protected = gr_srtp_protect (sender, packet, length, size);
  if (protected < 0)
    {
      if (memcmp (packet, bytes, length) != 0)
        abort ();
      return;
    }

  again = g_memdup2 (packet, protected);
  if (gr_srtp_unprotect (receiver, packet, protected) != (gssize) length || memcmp (packet, bytes, length) != 0
      || gr_srtp_unprotect (receiver, again, protected) >= 0)
    abort ();
}

int
LLVMFuzzerTestOneInput (const guint8 *bytes, gsize length)
{
  static const GrSrtpProfile profiles[] = { GR_SRTP_AES_CM_128_HMAC_SHA1_80, GR_SRTP_AEAD_AES_128_GCM };

  for (guint i = 0; i < G_N_ELEMENTS (profiles); i++)
    {
      g_autoptr (GrSrtp) sender = gr_srtp_new (profiles[i], GR_SRTP_SENDER, key, 2);
      g_autoptr (GrSrtp) receiver = gr_srtp_new (profiles[i], GR_SRTP_RECEIVER, key, 2);

      check_forgery (receiver, bytes, length);
      check_round_trip (sender, receiver, bytes, length);
    }

  return 0;
}
