/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* /health, /config, /metrics and the contract itself. Pool threads. */
#include "base/metrics.h"
#include "domain/rooms/ice.h"
#include <string.h>

#include "http/resources.h"

static gboolean
get_health (GrRequest *request, GError **error)
{
  if (!gr_store_ping (request->services->store, error))
    return FALSE;

  gr_json_writer_begin_object (&request->json);
  gr_json_writer_bool_member (&request->json, "ok", TRUE);
  gr_json_writer_end_object (&request->json);

  return TRUE;
}

static gboolean
get_config (GrRequest *request, GError **error)
{
  GrConfig *config = request->services->config;
  GrJsonWriter *json = &request->json;
  g_autofree char *signaling_url = g_strconcat ("ws", request->origin + strlen ("http"), "/ws", NULL);

  gr_json_writer_begin_object (json);
  gr_json_writer_string_member (json, "signalingUrl", signaling_url);
  gr_json_writer_name (json, "iceServers");
  gr_ice_servers_write (json, config);
  gr_json_writer_bool_member (json, "registration", gr_config_get_bool (config, "accounts", "registration"));
  gr_json_writer_bool_member (json, "guests", gr_config_get_bool (config, "rooms", "guests"));
  gr_json_writer_int_member (json, "capacity", gr_config_get_int (config, "rooms", "capacity"));
  gr_json_writer_int_member (json, "capacityMax", gr_config_get_int (config, "rooms", "capacity-max"));
  gr_json_writer_string_member (json, "version", GREENROOM_VERSION);
  gr_json_writer_end_object (json);

  return TRUE;
}

static gboolean
get_metrics (GrRequest *request, GError **error)
{
  g_autofree char *text = gr_metrics_text ();

  request->type = "text/plain; version=0.0.4";
  g_string_append (request->text, text);

  return TRUE;
}

static gboolean
get_contract (GrRequest *request, GError **error)
{
  g_string_append (request->text, gr_contract_openapi);

  return TRUE;
}

const GrBinding gr_server_bindings[] = {
  { GR_OP_GET_HEALTH, get_health },
  { GR_OP_GET_CONFIG, get_config },
  { GR_OP_GET_METRICS, get_metrics },
  { GR_OP_GET_CONTRACT, get_contract },
  { 0 },
};
