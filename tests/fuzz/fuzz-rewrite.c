/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Fuzz target: a slot's rewriter under any order of packets and switches. Four bytes are one step. Whatever comes, no
 * two packets share an outgoing number while it is of use, and each number leads back to its packet. */
#include <stdlib.h>

#include "plugins/hubtransport/bytes.h"
#include "plugins/hubtransport/rewrite.h"

#define STEP_BYTES 4
#define IN_USE 4096

int LLVMFuzzerTestOneInput (const guint8 *bytes, gsize length);

typedef struct
{
  gboolean used;
  guint at;
  guint32 source;
  guint16 sequence;
} Sent;

static void
check_sent (const GrRewrite *rewrite, Sent *sent, guint32 source, guint16 sequence, guint16 out, guint step)
{
  guint32 found_source, back;
  guint16 found_sequence;

  if (sent[out].used && step - sent[out].at < IN_USE && (guint16) (rewrite->highest - out) < IN_USE
      && (sent[out].source != source || sent[out].sequence != sequence))
    abort ();
  if (!gr_rewrite_find (rewrite, out, &found_source, &found_sequence, &back) || found_source != source
      || found_sequence != sequence)
    abort ();

  sent[out] = (Sent){ TRUE, step, source, sequence };
}

int
LLVMFuzzerTestOneInput (const guint8 *bytes, gsize length)
{
  g_autofree Sent *sent = g_new0 (Sent, 65536);
  GrRewrite rewrite;

  gr_rewrite_init (&rewrite, 90000, 100, 0);
  for (guint step = 0; (step + 1) * STEP_BYTES <= length && step < IN_USE; step++)
    {
      const guint8 *given = bytes + step * STEP_BYTES;
      guint32 source = given[0] & 3;
      guint16 sequence = gr_read_u16 (given + 2);
      guint16 out;
      guint32 timestamp;

      if (given[1] < 16)
        gr_rewrite_switch (&rewrite);
      if (given[1] > 240)
        gr_rewrite_leave_out (&rewrite, source, sequence);
      else if (gr_rewrite_packet (&rewrite, source, sequence, sequence * 3000u, step * 1000, &out, &timestamp))
        check_sent (&rewrite, sent, source, sequence, out, step);
    }

  return 0;
}
