/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Fuzz target: STUN messages. What is read stays within the bytes, and what we answer can be read. */
#include <netinet/in.h>
#include <stdlib.h>

#include "plugins/hubtransport/stun.h"

#define PASSWORD "VOkJxbRl1RmTxUk/WvJxBt"

int LLVMFuzzerTestOneInput (const guint8 *bytes, gsize length);

static void
check_answer (const guint8 *answer, gsize length, gboolean authenticated)
{
  GrStunMessage message;

  if (!gr_stun_parse (&message, answer, length) || !message.has_fingerprint
      || gr_stun_check_integrity (&message, answer, PASSWORD) != authenticated)
    abort ();
}

int
LLVMFuzzerTestOneInput (const guint8 *bytes, gsize length)
{
  struct sockaddr_in v4 = { .sin_family = AF_INET };
  struct sockaddr_in6 v6 = { .sin6_family = AF_INET6 };
  guint8 answer[GR_STUN_MAX_ANSWER];
  GrStunMessage message;
  volatile guint sum = 0;

  if (!gr_stun_parse (&message, bytes, length))
    return 0;

  gr_stun_check_integrity (&message, bytes, PASSWORD);
  if (message.ufrag_length > message.username_length || message.n_unknown > GR_STUN_MAX_UNKNOWN)
    abort ();
  for (gsize i = 0; i < message.username_length; i++)
    sum += message.username[i];

  check_answer (answer, gr_stun_write_success (answer, sizeof answer, &message, (struct sockaddr *) &v4, PASSWORD),
                TRUE);
  check_answer (answer, gr_stun_write_success (answer, sizeof answer, &message, (struct sockaddr *) &v6, PASSWORD),
                TRUE);
  check_answer (answer, gr_stun_write_error (answer, sizeof answer, &message, GR_STUN_UNKNOWN_ATTRIBUTE, PASSWORD),
                TRUE);
  check_answer (answer, gr_stun_write_error (answer, sizeof answer, &message, GR_STUN_BAD_REQUEST, NULL), FALSE);
  return 0;
}
