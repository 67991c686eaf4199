/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Fuzz target: a slot's rewriter under any order of packets and switches. Four bytes are one step. Whatever comes, no
 * two packets share an outgoing number while it is of use, and each number leads back to its packet. */
#include <stdlib.h>

#include "plugins/hubtransport/bytes.h"
#include "plugins/hubtransport/rewrite.h"

#define STEP_BYTES 4
#define MAX_STEPS 8192

int LLVMFuzzerTestOneInput (const guint8 *bytes, gsize length);

typedef struct
{
  gint64 extended; /* outgoing number that does not wrap, as SRTP's index; 0: unused */
  guint32 source;
  guint16 sequence;
} Sent;

/* @before is the newest extended number so far; returns the newest now. */
static gint64
check_sent (const GrRewrite *rewrite, Sent *sent, gint64 before, guint32 source, guint16 sequence, guint16 out)
{
  gint64 extended = before + (gint16) (out - (guint16) before);
  guint32 found_source, back;
  guint16 found_sequence;

  if (sent[out].extended == extended && (sent[out].source != source || sent[out].sequence != sequence))
    abort ();
  if (!gr_rewrite_find (rewrite, out, &found_source, &found_sequence, &back) || found_source != source
      || found_sequence != sequence)
    abort ();

  sent[out] = (Sent){ extended, source, sequence };
  return MAX (before, extended);
}

int
LLVMFuzzerTestOneInput (const guint8 *bytes, gsize length)
{
  g_autofree Sent *sent = g_new0 (Sent, 65536);
  gint64 newest = 65536 + 99;
  GrRewrite rewrite;

  gr_rewrite_init (&rewrite, 90000, 100, 0);
  for (guint step = 0; (step + 1) * STEP_BYTES <= length && step < MAX_STEPS; step++)
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
        newest = check_sent (&rewrite, sent, newest, source, sequence, out);
    }

  return 0;
}
