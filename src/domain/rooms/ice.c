/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "domain/rooms/ice.h"

#include <string.h>

#include "base/time.h"

/* A browser keeps its TURN credentials this long. */
#define TURN_SECONDS (24 * 60 * 60)

/* A user name that expires and its password, as coturn's use-auth-secret wants them
 * (draft-uberti-behave-turn-rest-00, section 2.2). */
static void
write_turn_credentials (GrJsonWriter *writer, const char *secret)
{
  g_autofree char *username
      = g_strdup_printf ("%" G_GINT64_FORMAT ":greenroom", gr_now () / G_TIME_SPAN_SECOND + TURN_SECONDS);
  g_autoptr (GHmac) hmac = g_hmac_new (G_CHECKSUM_SHA1, (const guchar *) secret, strlen (secret));
  g_autofree char *credential = NULL;
  guint8 digest[20];
  gsize length = sizeof digest;

  g_hmac_update (hmac, (const guchar *) username, -1);
  g_hmac_get_digest (hmac, digest, &length);
  credential = g_base64_encode (digest, length);
  gr_json_writer_string_member (writer, "username", username);
  gr_json_writer_string_member (writer, "credential", credential);
}

void
gr_ice_servers_write (GrJsonWriter *writer, GrConfig *config)
{
  const char *const *servers = gr_config_get_list (config, "ice", "servers");
  const char *secret = gr_config_get_string (config, "ice", "turn-secret");

  gr_json_writer_begin_array (writer);
  for (guint i = 0; servers[i] != NULL; i++)
    {
      gr_json_writer_begin_object (writer);
      gr_json_writer_begin_array_member (writer, "urls");
      gr_json_writer_string (writer, servers[i]);
      gr_json_writer_end_array (writer);
      if (g_str_has_prefix (servers[i], "turn") && secret[0] != '\0')
        write_turn_credentials (writer, secret);
      gr_json_writer_end_object (writer);
    }
  gr_json_writer_end_array (writer);
}
