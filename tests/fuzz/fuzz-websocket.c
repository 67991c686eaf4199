/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdlib.h>
#include <string.h>

#include "ws/codec.h"

#define LIMIT 512

int LLVMFuzzerTestOneInput (const guint8 *bytes, size_t length);

/* A digest of all that a decoder reports for @bytes in pieces of @piece. */
static guint
decode (const guint8 *bytes, gsize length, gsize piece)
{
  g_autoptr (GrWsDecoder) decoder = gr_ws_decoder_new (LIMIT);
  guint digest = 5381;

  for (gsize taken = 0; taken < length;)
    {
      gsize left = MIN (piece, length - taken);
      const guint8 *at = bytes + taken;
      GrWsEvent event;
      GrWsResult result;

      taken += left;
      while ((result = gr_ws_decoder_next (decoder, &at, &left, &event)) == GR_WS_MESSAGE)
        {
          gboolean control = event.opcode >= GR_WS_CLOSE;

          if (event.length > (control ? GR_WS_CONTROL_BYTES : LIMIT) || event.payload[event.length] != '\0')
            abort ();
          if (event.opcode == GR_WS_TEXT && !gr_ws_is_utf8 (event.payload, event.length))
            abort ();
          digest = digest * 33 + event.opcode;
          for (gsize i = 0; i < event.length; i++)
            digest = digest * 33 + event.payload[i];
        }

      if (result == GR_WS_FAILED)
        return gr_ws_close_code_is_valid (event.close_code) ? digest * 33 + event.close_code : (abort (), 0);
      if (left != 0)
        abort ();
    }

  return digest;
}

/* A stream means the same in whatever pieces it comes. */
int
LLVMFuzzerTestOneInput (const guint8 *bytes, size_t length)
{
  if (decode (bytes, length, G_MAXSIZE) != decode (bytes, length, 3))
    abort ();

  return 0;
}
