/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "dbus/statistics.h"

#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

/* Bytes of this process in memory; 0 where /proc does not say. */
static guint64
read_memory (void)
{
  g_autofree char *text = NULL;
  guint64 pages = 0;

  if (!g_file_get_contents ("/proc/self/statm", &text, NULL, NULL)
      || sscanf (text, "%*u %" G_GUINT64_FORMAT, &pages) != 1)
    return 0;

  return pages * (guint64) sysconf (_SC_PAGESIZE);
}

static guint32
count_descriptors (void)
{
  g_autoptr (GDir) dir = g_dir_open ("/proc/self/fd", 0, NULL);
  guint32 count = 0;

  while (dir != NULL && g_dir_read_name (dir) != NULL)
    count++;

  /* The one that reads the folder does not count. */
  return count > 0 ? count - 1 : 0;
}

static double
seconds (struct timeval time)
{
  return (double) time.tv_sec + (double) time.tv_usec / G_USEC_PER_SEC;
}

GVariant *
gr_dbus_statistics (const GrDBusServices *services)
{
  g_autoptr (GPtrArray) rooms = gr_house_list (services->house);
  gint64 uptime = (g_get_monotonic_time () - services->started_at) / G_USEC_PER_SEC;
  struct rusage usage = { 0 };
  GVariantBuilder builder;

  getrusage (RUSAGE_SELF, &usage);

  g_variant_builder_init (&builder, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&builder, "{sv}", "rooms", g_variant_new_uint32 (rooms->len));
  g_variant_builder_add (&builder, "{sv}", "participants",
                         g_variant_new_uint32 (gr_house_count_participants (services->house)));
  g_variant_builder_add (&builder, "{sv}", "uptime", g_variant_new_uint64 ((guint64) uptime));
  g_variant_builder_add (&builder, "{sv}", "memory", g_variant_new_uint64 (read_memory ()));
  g_variant_builder_add (&builder, "{sv}", "cpu",
                         g_variant_new_double (seconds (usage.ru_utime) + seconds (usage.ru_stime)));
  g_variant_builder_add (&builder, "{sv}", "descriptors", g_variant_new_uint32 (count_descriptors ()));
  g_variant_builder_add (&builder, "{sv}", "queued", g_variant_new_uint32 (gr_pool_get_queued (services->pool)));
  g_variant_builder_add (&builder, "{sv}", "running", g_variant_new_uint32 (gr_pool_get_running (services->pool)));

  return g_variant_builder_end (&builder);
}
