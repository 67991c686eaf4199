/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "http/head.h"

int LLVMFuzzerTestOneInput (const guint8 *bytes, size_t length);

/* Frames @bytes in pieces of @piece and says where the head ended, or the error's code. */
static gssize
frame (GrHead *head, const guint8 *bytes, gsize length, gsize piece)
{
  gsize taken = 0;

  gr_head_reset (head);
  while (taken < length && !head->complete)
    {
      g_autoptr (GError) error = NULL;
      gsize part = MIN (piece, length - taken);
      gssize fed = gr_head_feed (head, bytes + taken, part, &error);

      if (fed < 0)
        return error->domain == GR_ERROR ? -1 : (abort (), 0);
      if (!head->complete && (gsize) fed != part)
        abort ();
      taken += fed;
    }

  return head->complete ? (gssize) taken : 0;
}

/* A head ends at the same byte whatever pieces it comes in, and what passes is bounded and clean. */
int
LLVMFuzzerTestOneInput (const guint8 *bytes, size_t length)
{
  GrHead head;
  gssize whole, pieces;

  gr_head_init (&head);
  whole = frame (&head, bytes, length, G_MAXSIZE);
  if (whole > 0
      && (head.bytes->len > GR_HEAD_MAX_BYTES || head.bytes->len < 4 || head.path == NULL
          || memcmp (head.bytes->data + head.bytes->len - 4, "\r\n\r\n", 4) != 0
          || memchr (head.bytes->data, '\0', head.bytes->len) != NULL))
    abort ();

  pieces = frame (&head, bytes, length, 3);
  if (whole != pieces)
    abort ();

  gr_head_clear (&head);
  return 0;
}
