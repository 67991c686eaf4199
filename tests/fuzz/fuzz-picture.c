/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdlib.h>

#include "base/error.h"
#include "image/sniff.h"

int LLVMFuzzerTestOneInput (const guint8 *bytes, size_t length);

/* Any file is a picture within the bounds, or is refused with the field that is to blame. */
int
LLVMFuzzerTestOneInput (const guint8 *bytes, size_t length)
{
  g_autoptr (GError) error = NULL;
  GrPictureHead head;

  if (!gr_picture_sniff (bytes, length, &head, &error))
    {
      if (error == NULL || !g_utf8_validate (error->message, -1, NULL) || gr_error_get_field (error) == NULL)
        abort ();
      return 0;
    }

  if (head.width == 0 || head.height == 0 || head.width > GR_PICTURE_MAX_SIDE || head.height > GR_PICTURE_MAX_SIDE
      || head.width * head.height > GR_PICTURE_MAX_PIXELS)
    abort ();

  return 0;
}
