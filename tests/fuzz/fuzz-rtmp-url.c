/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <gio/gio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/private-address.h"
#include "base/rtmp-url.h"
#include "domain/studio/destination.h"

int LLVMFuzzerTestOneInput (const guint8 *bytes, size_t length);

static gboolean
has_controls (const char *text)
{
  for (; *text != '\0'; text++)
    if ((guchar) *text < ' ' || *text == 0x7f)
      return TRUE;

  return FALSE;
}

static void
must_stay_outside (const GrRtmpUrl *url)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (url->host);

  if (address != NULL && gr_address_is_private (address))
    abort ();
}

/* Any text is an address that can be connected to, or is refused with its field; none that is accepted names an address
 * inside. */
int
LLVMFuzzerTestOneInput (const guint8 *bytes, size_t length)
{
  g_autofree char *text = g_strndup ((const char *) bytes, length);
  g_autoptr (GError) error = NULL;
  g_autoptr (GrRtmpUrl) url = gr_rtmp_url_parse (text, "rtmpUrl", &error);

  if (url == NULL)
    {
      if (error == NULL || g_strcmp0 (gr_error_get_field (error), "rtmpUrl") != 0
          || !g_utf8_validate (error->message, -1, NULL))
        abort ();
      return 0;
    }

  if (url->host[0] == '\0' || url->port == 0 || url->application[0] == '\0' || has_controls (url->host)
      || has_controls (url->application))
    abort ();
  if (gr_destination_check_url (text, FALSE, NULL))
    must_stay_outside (url);

  return 0;
}
