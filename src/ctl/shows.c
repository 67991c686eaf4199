/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ctl/commands.h"
#include "ctl/graph.h"
#include "ctl/output.h"

#include "base/error.h"

#include <json-glib/json-glib.h>
#include <stdio.h>

#define PAGE 1000

/* The member of a member, such as the slug of "room". */
static char *
member_of_member (GVariant *broadcast, const char *member, const char *name)
{
  g_autoptr (GVariant) inner = g_variant_lookup_value (broadcast, member, G_VARIANT_TYPE_VARDICT);

  return g_strdup (inner != NULL ? gr_member_text (inner, name) : "");
}

static void
add_show (GrTable *table, GVariant *broadcast)
{
  g_autofree char *room = member_of_member (broadcast, "room", "slug");
  const char *started_at = gr_member_text (broadcast, "startedAt");
  const char *start_time = gr_member_text (broadcast, "startTime");

  gr_table_add (table, gr_member_text (broadcast, "title"));
  gr_table_add (table, room);
  gr_table_add (table, gr_member_text (broadcast, "status"));
  gr_table_add (table, gr_member_flag (broadcast, "recorded") ? "yes" : "no");
  gr_table_add (table, gr_member_text (broadcast, "quality"));
  gr_table_add_format (table, "%.19s", started_at[0] != '\0' ? started_at : start_time);
  gr_table_add (table, gr_member_text (broadcast, "id"));
}

gboolean
gr_command_show_list (GrDaemon *daemon, const GrOptions *options, char **arguments, GError **error)
{
  static const char *const titles[] = { "TITLE", "ROOM", "STATUS", "RECORDED", "QUALITY", "START", "ID", NULL };
  g_autoptr (GrTable) table = gr_table_new (titles);
  g_autoptr (GVariant) broadcasts = NULL;

  if (!gr_dbus_manager_call_list_broadcasts_sync (daemon->manager, arguments[0] != NULL ? arguments[0] : "", PAGE, "",
                                                  &broadcasts, NULL, error))
    return FALSE;

  if (options->json)
    {
      gr_print_json (broadcasts);
      return TRUE;
    }

  for (gsize i = 0; i < g_variant_n_children (broadcasts); i++)
    {
      g_autoptr (GVariant) broadcast = g_variant_get_child_value (broadcasts, i);

      add_show (table, broadcast);
    }
  gr_table_print (table);

  return TRUE;
}

gboolean
gr_command_show_start (GrDaemon *daemon, const GrOptions *options, char **arguments, GError **error)
{
  g_auto (GVariantDict) wishes = G_VARIANT_DICT_INIT (NULL);
  g_autoptr (GVariant) broadcast = NULL;
  g_autofree char *path = NULL;

  g_variant_dict_insert (&wishes, "record", "b", options->record);
  g_variant_dict_insert (&wishes, "tracks", "b", options->tracks);
  if (!gr_dbus_manager_call_start_broadcast_sync (daemon->manager, arguments[0], g_variant_dict_end (&wishes), &path,
                                                  &broadcast, NULL, error))
    return FALSE;

  if (options->json)
    gr_print_json (broadcast);
  else
    gr_print_fact ("On air", "%s", gr_member_text (broadcast, "title"));

  return TRUE;
}

/* The object of a running show. */
static GrDBusBroadcast *
find_running (GrDaemon *daemon, const char *name, GError **error)
{
  g_autoptr (GVariant) broadcast = NULL;
  g_autofree char *path = NULL;
  const char *status;

  if (!gr_dbus_manager_call_find_broadcast_sync (daemon->manager, name, &path, &broadcast, NULL, error))
    return NULL;

  status = gr_member_text (broadcast, "status");
  if (g_str_equal (status, "scheduled") || g_str_equal (status, "ended"))
    {
      gr_set_error (error, GR_ERROR_CONFLICT, NULL, "That broadcast is not running: it is %s", status);
      return NULL;
    }

  return gr_dbus_broadcast_proxy_new_sync (daemon->connection,
                                           G_DBUS_PROXY_FLAGS_DO_NOT_CONNECT_SIGNALS
                                               | G_DBUS_PROXY_FLAGS_DO_NOT_LOAD_PROPERTIES,
                                           daemon->bus_name, path, NULL, error);
}

gboolean
gr_command_show_end (GrDaemon *daemon, const GrOptions *options, char **arguments, GError **error)
{
  g_autoptr (GrDBusBroadcast) broadcast = find_running (daemon, arguments[0], error);

  return broadcast != NULL && gr_dbus_broadcast_call_end_sync (broadcast, NULL, error);
}

static void
print_destinations (GVariant *destinations)
{
  static const char *const titles[] = { "DESTINATION", "STATE", "REASON", "MBIT/S", "DROPPED", NULL };
  g_autoptr (GrTable) table = gr_table_new (titles);

  for (gsize i = 0; i < g_variant_n_children (destinations); i++)
    {
      g_autoptr (GVariant) destination = g_variant_get_child_value (destinations, i);
      g_autoptr (GVariant) status = g_variant_lookup_value (destination, "status", G_VARIANT_TYPE_VARDICT);

      gr_table_add (table, gr_member_text (destination, "name"));
      gr_table_add (table, status != NULL ? gr_member_text (status, "state") : "");
      gr_table_add (table, status != NULL ? gr_member_text (status, "reason") : "");
      gr_table_add_format (table, "%.1f", status != NULL ? gr_member_number (status, "bitsPerSecond") / 1e6 : 0);
      gr_table_add_format (table, "%" G_GUINT64_FORMAT, status != NULL ? gr_member_number (status, "dropped") : 0);
    }
  gr_table_print (table);
}

gboolean
gr_command_show_stats (GrDaemon *daemon, const GrOptions *options, char **arguments, GError **error)
{
  g_autoptr (GrDBusBroadcast) broadcast = find_running (daemon, arguments[0], error);
  g_autoptr (GVariant) destinations = NULL;
  g_autoptr (JsonNode) node = NULL;
  g_autofree char *text = NULL;
  g_autofree char *pretty = NULL;

  if (broadcast == NULL || !gr_dbus_broadcast_call_statistics_sync (broadcast, &text, NULL, error)
      || !gr_dbus_broadcast_call_get_destinations_sync (broadcast, &destinations, NULL, error))
    return FALSE;

  node = json_from_string (text, error);
  if (node == NULL)
    return FALSE;

  if (!options->json)
    print_destinations (destinations);
  pretty = json_to_string (node, TRUE);
  puts (pretty);

  return TRUE;
}

gboolean
gr_command_show_graph (GrDaemon *daemon, const GrOptions *options, char **arguments, GError **error)
{
  g_autoptr (GrDBusBroadcast) broadcast = find_running (daemon, arguments[0], error);
  g_autofree char *dot = NULL;

  return broadcast != NULL && gr_dbus_broadcast_call_graph_sync (broadcast, &dot, NULL, error)
         && gr_graph_print (dot, options->json, options->svg, error);
}
