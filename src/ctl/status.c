/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ctl/commands.h"
#include "ctl/output.h"

static char *
format_span (guint64 seconds)
{
  guint64 minutes = seconds / 60, hours = minutes / 60, days = hours / 24;

  if (days > 0)
    return g_strdup_printf ("%" G_GUINT64_FORMAT " d %" G_GUINT64_FORMAT " h", days, hours % 24);
  if (hours > 0)
    return g_strdup_printf ("%" G_GUINT64_FORMAT " h %" G_GUINT64_FORMAT " min", hours, minutes % 60);
  if (minutes > 0)
    return g_strdup_printf ("%" G_GUINT64_FORMAT " min %" G_GUINT64_FORMAT " s", minutes, seconds % 60);

  return g_strdup_printf ("%" G_GUINT64_FORMAT " s", seconds);
}

static void
print_json (GrDaemon *daemon, GVariant *statistics)
{
  g_auto (GVariantDict) dict = G_VARIANT_DICT_INIT (statistics);

  g_variant_dict_insert (&dict, "version", "s", gr_dbus_manager_get_version (daemon->manager));
  g_variant_dict_insert (&dict, "ready", "b", gr_dbus_manager_get_ready (daemon->manager));
  g_variant_dict_insert (&dict, "way", "s", daemon->way);
  gr_print_json (g_variant_dict_end (&dict));
}

gboolean
gr_command_status (GrDaemon *daemon, const GrOptions *options, char **arguments, GError **error)
{
  g_autoptr (GVariant) statistics = NULL;
  g_autofree char *uptime = NULL;
  g_autofree char *memory = NULL;
  double cpu = 0;

  if (!gr_dbus_manager_call_statistics_sync (daemon->manager, &statistics, NULL, error))
    return FALSE;

  if (options->json)
    {
      print_json (daemon, statistics);
      return TRUE;
    }

  uptime = format_span (gr_member_number (statistics, "uptime"));
  memory = g_format_size_full (gr_member_number (statistics, "memory"), G_FORMAT_SIZE_IEC_UNITS);
  g_variant_lookup (statistics, "cpu", "d", &cpu);

  gr_print_fact ("Greenroom", "%s, %s", gr_dbus_manager_get_version (daemon->manager),
                 gr_dbus_manager_get_ready (daemon->manager) ? "ready" : "not ready");
  gr_print_fact ("Reached by", "%s", daemon->way);
  gr_print_fact ("Up for", "%s", uptime);
  gr_print_fact ("Live rooms", "%" G_GUINT64_FORMAT, gr_member_number (statistics, "rooms"));
  gr_print_fact ("People", "%" G_GUINT64_FORMAT, gr_member_number (statistics, "participants"));
  gr_print_fact ("Memory", "%s", memory);
  gr_print_fact ("CPU time", "%.1f s", cpu);
  gr_print_fact ("Descriptors", "%" G_GUINT64_FORMAT, gr_member_number (statistics, "descriptors"));
  gr_print_fact ("Jobs", "%" G_GUINT64_FORMAT " running, %" G_GUINT64_FORMAT " waiting",
                 gr_member_number (statistics, "running"), gr_member_number (statistics, "queued"));

  return TRUE;
}
