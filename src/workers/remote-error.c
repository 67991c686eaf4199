/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "workers/remote-error.h"

#include "base/error.h"

gboolean
gr_remote_error_translate (const GError *remote, const char *field, GError **error)
{
  g_autofree char *name = g_dbus_error_get_remote_error (remote);
  g_autoptr (GError) stripped = g_error_copy (remote);

  g_dbus_error_strip_remote_error (stripped);

  for (guint code = 0; name != NULL && code < GR_ERROR_LAST; code++)
    if (g_str_equal (name, gr_error_code_traits (code)->dbus_name))
      {
        gboolean input = code == GR_ERROR_INVALID_INPUT || code == GR_ERROR_UNSUPPORTED || code == GR_ERROR_TOO_LARGE;

        gr_set_error (error, code, input ? field : NULL, "%s", stripped->message);
        return TRUE;
      }

  return FALSE;
}
