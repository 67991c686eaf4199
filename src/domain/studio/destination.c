/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "domain/studio/destination.h"

#include <string.h>

#include "base/error.h"
#include "base/json.h"
#include "base/private-address.h"
#include "base/rtmp-url.h"
#include "base/schema.h"

#define FIELD "rtmpUrl"

static const struct
{
  const char *platform;
  const char *name;
  const char *url;
} platforms[] = {
  { "youtube", "YouTube", "rtmps://a.rtmps.youtube.com:443/live2" },
  { "facebook", "Facebook", "rtmps://live-api-s.facebook.com:443/rtmp" },
  { "twitch", "Twitch", "rtmps://ingest.global-contribute.live-video.net:443/app" },
  { "custom", "RTMP", NULL },
};

#define WORDS(...)                                                                                                     \
  (const char *const[])                                                                                                \
  {                                                                                                                    \
    __VA_ARGS__, NULL                                                                                                  \
  }

static const GrSchema state
    = { .type = GR_SCHEMA_STRING,
        .enumeration = WORDS ("connecting", "live", "reconnecting", "refused", "failed", "ended") };
static const GrSchema reason
    = { .type = GR_SCHEMA_STRING,
        .nullable = TRUE,
        .enumeration = WORDS ("dns", "private", "refused", "tls", "key", "timeout", "disk", "lost", "internal") };
static const GrSchema message = { .type = GR_SCHEMA_STRING, .nullable = TRUE, .max_length = 500 };
/* What the process counts it may count wrongly: all of it has to fit into our integers, seconds as microseconds, too.
 */
static const GrSchema count
    = { .type = GR_SCHEMA_NUMBER, .has_minimum = TRUE, .has_maximum = TRUE, .maximum = G_GINT64_CONSTANT (1) << 53 };
static const GrSchema seconds
    = { .type = GR_SCHEMA_NUMBER, .has_minimum = TRUE, .has_maximum = TRUE, .maximum = 1000000000 };
static const GrSchema round_trip = { .type = GR_SCHEMA_NUMBER, .nullable = TRUE, .has_minimum = TRUE };
static const GrProperty members[] = { { "state", &state, TRUE },
                                      { "reason", &reason, FALSE },
                                      { "message", &message, FALSE },
                                      { "bitsPerSecond", &count, FALSE },
                                      { "dropped", &count, FALSE },
                                      { "roundTripMs", &round_trip, FALSE },
                                      { "attempt", &count, FALSE },
                                      { "retryInMs", &count, FALSE },
                                      { "seconds", &seconds, FALSE },
                                      { "bytes", &count, FALSE },
                                      { "unacknowledgedBytes", &count, FALSE },
                                      { NULL, NULL, FALSE } };
static const GrSchema output = { .type = GR_SCHEMA_OBJECT, .properties = members };

GrOutputStatus *
gr_output_status_new (const char *word)
{
  GrOutputStatus *status = g_new0 (GrOutputStatus, 1);

  status->state = g_strdup (word);
  status->round_trip_ms = -1;

  return status;
}

void
gr_output_status_free (GrOutputStatus *status)
{
  g_free (status->state);
  g_free (status->reason);
  g_free (status->message);
  g_free (status);
}

GrOutputStatus *
gr_output_status_parse (const char *json, GError **error)
{
  g_autoptr (JsonNode) node = gr_json_parse (json, strlen (json), error);
  GrOutputStatus *status;
  JsonObject *object;

  if (node == NULL || !gr_schema_validate (&output, node, error))
    return NULL;

  object = json_node_get_object (node);
  status = gr_output_status_new (gr_json_string (object, "state"));
  status->reason = g_strdup (gr_json_string (object, "reason"));
  status->message = g_strdup (gr_json_string (object, "message"));
  status->bits_per_second = gr_json_int (object, "bitsPerSecond", 0);
  status->dropped = gr_json_int (object, "dropped", 0);
  status->round_trip_ms = gr_json_double (object, "roundTripMs", -1);
  status->attempt = gr_json_int (object, "attempt", 0);
  status->retry_in_ms = gr_json_int (object, "retryInMs", 0);
  status->seconds = gr_json_double (object, "seconds", 0);
  status->bytes = gr_json_int (object, "bytes", 0);
  status->unacknowledged_bytes = gr_json_int (object, "unacknowledgedBytes", 0);

  return status;
}

static void
write_status (GrJsonWriter *writer, const GrOutputStatus *status)
{
  gr_json_writer_begin_object (writer);
  gr_json_writer_string_member (writer, "state", status->state);
  gr_json_writer_string_member (writer, "reason", status->reason);
  gr_json_writer_string_member (writer, "message", status->message);
  gr_json_writer_int_member (writer, "bitsPerSecond", status->bits_per_second);
  gr_json_writer_int_member (writer, "dropped", status->dropped);
  if (status->round_trip_ms >= 0)
    gr_json_writer_double_member (writer, "roundTripMs", status->round_trip_ms);
  else
    gr_json_writer_null_member (writer, "roundTripMs");
  gr_json_writer_int_member (writer, "unacknowledgedBytes", status->unacknowledged_bytes);
  gr_json_writer_int_member (writer, "attempt", status->attempt);
  gr_json_writer_int_member (writer, "retryInMs", status->retry_in_ms);
  gr_json_writer_end_object (writer);
}

const char *
gr_platform_get_url (const char *platform)
{
  for (guint i = 0; i < G_N_ELEMENTS (platforms); i++)
    if (g_str_equal (platforms[i].platform, platform))
      return platforms[i].url;

  return NULL;
}

const char *
gr_platform_get_name (const char *platform)
{
  for (guint i = 0; i < G_N_ELEMENTS (platforms); i++)
    if (g_str_equal (platforms[i].platform, platform))
      return platforms[i].name;

  return platform;
}

static gboolean
is_inside (const char *host)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (host);

  if (address != NULL)
    return gr_address_is_private (address);

  return g_ascii_strcasecmp (host, "localhost") == 0 || g_str_has_suffix (host, ".localhost");
}

gboolean
gr_destination_check_url (const char *url, gboolean allow_private, GError **error)
{
  g_autoptr (GrRtmpUrl) parsed = gr_rtmp_url_parse (url, FIELD, error);

  if (parsed == NULL)
    return FALSE;

  if (!allow_private && is_inside (parsed->host))
    {
      gr_set_error (error, GR_ERROR_INVALID_INPUT, FIELD,
                    "This address lies inside the server's own network, where shows may not go");
      return FALSE;
    }

  return TRUE;
}

/* Some servers take a name and a password before the host. */
static char *
mask (const char *url)
{
  const char *host = strstr (url, "://");
  const char *at = host != NULL ? strchr (host + 3, '@') : NULL;

  if (at == NULL || at > host + 3 + strcspn (host + 3, "/?"))
    return g_strdup (url);

  return g_strdup_printf ("%.*s://••••%s", (int) (host - url), url, at);
}

void
gr_destination_write (GrJsonWriter *writer, const GrDestination *destination, const GrOutputStatus *status)
{
  g_autoptr (GrOutputStatus) idle = gr_output_status_new ("idle");
  g_autofree char *url = mask (destination->url);

  gr_json_writer_begin_object (writer);
  gr_json_writer_string_member (writer, "id", destination->id);
  gr_json_writer_string_member (writer, "platform", destination->platform);
  gr_json_writer_string_member (writer, "name", destination->name);
  gr_json_writer_string_member (writer, "rtmpUrl", url);
  gr_json_writer_bool_member (writer, "enabled", destination->enabled);
  gr_json_writer_name (writer, "status");
  write_status (writer, status != NULL ? status : idle);
  gr_json_writer_time_member (writer, "createdAt", destination->created_at);
  gr_json_writer_end_object (writer);
}
