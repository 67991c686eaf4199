/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the Manager does with shows. Pool threads; what runs is asked on main. */
#include "base/error.h"
#include "base/id.h"
#include "base/main-call.h"
#include "dbus/broadcast.h"
#include "dbus/values.h"
#include "domain/studio/json.h"

#define DEFAULT_LIMIT 100
#define MAX_LIMIT 1000

typedef struct
{
  const GrDBusServices *services;
  GPtrArray *records;
  GVariantBuilder *builder;
} Look;

static GVariant *
broadcast_value (const GrBroadcastRecord *record, const GrShowFacts *facts)
{
  g_autoptr (GString) text = g_string_new (NULL);
  GrJsonWriter json = GR_JSON_WRITER (text);

  gr_broadcast_record_write (&json, record, facts);

  return gr_dbus_json_value (text->str);
}

static gboolean
look (gpointer data, GError **error)
{
  Look *wanted = data;

  for (guint i = 0; i < wanted->records->len; i++)
    {
      const GrBroadcastRecord *record = g_ptr_array_index (wanted->records, i);
      GrShowFacts facts = gr_shows_get_facts (wanted->services->shows, record);

      g_variant_builder_add_value (wanted->builder, broadcast_value (record, &facts));
    }

  return TRUE;
}

static gint64
patience (void)
{
  return g_get_monotonic_time () + GR_DBUS_MAIN_PATIENCE;
}

static GVariant *
list_broadcasts (const GrDBusServices *services, const char *subject, GVariant *parameters, GError **error)
{
  GrBroadcastFilter filter = { .everywhere = TRUE };
  g_autoptr (GPtrArray) records = NULL;
  GVariantBuilder builder;
  Look wanted = { .services = services, .builder = &builder };
  const char *status;
  const char *after;
  guint32 limit;

  g_variant_get (parameters, "(&su&s)", &status, &limit, &after);
  filter.has_status = status[0] != '\0';
  if (filter.has_status && !gr_broadcast_status_from_string (status, &filter.status))
    {
      gr_set_error (error, GR_ERROR_INVALID_INPUT, "status", "A status is scheduled, live or ended");
      return NULL;
    }

  if (after[0] != '\0' && !gr_id_is_valid (after))
    {
      gr_set_error (error, GR_ERROR_INVALID_INPUT, "after", "\"after\" must be an id");
      return NULL;
    }

  records = gr_studio_store_list_broadcasts (gr_studio_get_store (services->studio), &filter,
                                             limit == 0 ? DEFAULT_LIMIT : (gint) MIN (limit, MAX_LIMIT),
                                             after[0] != '\0' ? after : NULL, error);
  if (records == NULL)
    return NULL;

  wanted.records = records;
  g_variant_builder_init (&builder, G_VARIANT_TYPE ("aa{sv}"));
  if (!gr_main_call (look, &wanted, patience (), error))
    {
      g_variant_builder_clear (&builder);
      return NULL;
    }

  return g_variant_new ("(aa{sv})", &builder);
}

/* By its title, among the newest that are still to come or running. */
static GrBroadcastRecord *
find_by_title (const GrDBusServices *services, const char *title, GError **error)
{
  GrStudioStore *store = gr_studio_get_store (services->studio);
  GrBroadcastFilter filter = { .everywhere = TRUE };
  g_autoptr (GPtrArray) records = gr_studio_store_list_broadcasts (store, &filter, MAX_LIMIT, NULL, error);
  g_autofree char *wanted = g_utf8_casefold (title, -1);
  const GrBroadcastRecord *found = NULL;

  for (guint i = 0; records != NULL && i < records->len; i++)
    {
      const GrBroadcastRecord *record = g_ptr_array_index (records, i);
      g_autofree char *folded = g_utf8_casefold (record->title, -1);

      if (record->status == GR_BROADCAST_ENDED || !g_str_equal (folded, wanted))
        continue;

      if (found != NULL)
        {
          gr_set_error (error, GR_ERROR_CONFLICT, "name", "Several broadcasts are called \"%s\": say %s or %s", title,
                        found->id, record->id);
          return NULL;
        }
      found = record;
    }

  if (found == NULL && records != NULL)
    gr_set_error (error, GR_ERROR_NOT_FOUND, "name", "There is no broadcast \"%s\" to come or running", title);

  return found != NULL ? gr_broadcast_record_copy (found) : NULL;
}

static GrBroadcastRecord *
find (const GrDBusServices *services, const char *name, GError **error)
{
  return gr_id_is_valid (name) ? gr_studio_store_get_broadcast (gr_studio_get_store (services->studio), name, error)
                               : find_by_title (services, name, error);
}

static GVariant *
find_broadcast (const GrDBusServices *services, const char *subject, GVariant *parameters, GError **error)
{
  g_autoptr (GPtrArray) one = g_ptr_array_new ();
  g_autoptr (GrBroadcastRecord) record = NULL;
  g_autofree char *path = NULL;
  GVariantBuilder builder;
  Look wanted = { .services = services, .records = one, .builder = &builder };
  g_autoptr (GVariant) values = NULL;
  g_autoptr (GVariant) value = NULL;
  const char *name;

  g_variant_get (parameters, "(&s)", &name);
  record = find (services, name, error);
  if (record == NULL)
    return NULL;

  g_ptr_array_add (one, record);
  g_variant_builder_init (&builder, G_VARIANT_TYPE ("aa{sv}"));
  if (!gr_main_call (look, &wanted, patience (), error))
    {
      g_variant_builder_clear (&builder);
      return NULL;
    }

  values = g_variant_ref_sink (g_variant_builder_end (&builder));
  value = g_variant_get_child_value (values, 0);
  path = gr_dbus_broadcast_path (record->id);

  return g_variant_new ("(o@a{sv})", path, value);
}

typedef struct
{
  const GrDBusServices *services;
  GrShowPlan *plan;
  GVariant *value;
} Beginning;

static gboolean
begin_show (gpointer data, GError **error)
{
  Beginning *beginning = data;
  GrBroadcast *broadcast = gr_shows_start (beginning->services->shows, beginning->plan, error);
  GrShowFacts facts;

  if (broadcast == NULL)
    return FALSE;

  facts = gr_broadcast_get_facts (broadcast);
  beginning->value = broadcast_value (gr_broadcast_get_record (broadcast), &facts);

  return TRUE;
}

static GVariant *
start_broadcast (const GrDBusServices *services, const char *subject, GVariant *parameters, GError **error)
{
  g_autoptr (GVariant) options = NULL;
  g_autoptr (GrBroadcastRecord) record = NULL;
  g_autoptr (GrShowPlan) plan = NULL;
  g_autofree char *path = NULL;
  Beginning beginning = { .services = services };
  gboolean record_mix = FALSE;
  gboolean tracks = FALSE;
  const char *name;

  g_variant_get (parameters, "(&s@a{sv})", &name, &options);
  g_variant_lookup (options, "record", "b", &record_mix);
  g_variant_lookup (options, "tracks", "b", &tracks);

  record = find (services, name, error);
  plan = record != NULL ? gr_studio_begin (services->studio, record->id, record_mix, tracks, error) : NULL;
  if (plan == NULL)
    return NULL;

  beginning.plan = plan;
  if (!gr_main_call (begin_show, &beginning, patience (), error))
    {
      gr_studio_postpone (services->studio, plan);
      return NULL;
    }

  path = gr_dbus_broadcast_path (record->id);

  return g_variant_new ("(o@a{sv})", path, beginning.value);
}

void
gr_dbus_broadcasts_connect (gpointer manager, GrDBusServices *services)
{
  gr_dbus_call_connect (manager, "handle-list-broadcasts", services, NULL, list_broadcasts);
  gr_dbus_call_connect (manager, "handle-find-broadcast", services, NULL, find_broadcast);
  gr_dbus_call_connect (manager, "handle-start-broadcast", services, NULL, start_broadcast);
}
