/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fake-hub.h"

#include "base/error.h"

struct _GrFakeHub
{
  GObject parent;

  gboolean up;
  char *statistics;
  char *answer;
  GString *journal;
};

static void hub_port_init (GrHubPortInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (GrFakeHub,
                               gr_fake_hub,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (GR_TYPE_HUB_PORT, hub_port_init))

static gboolean
is_up (GrHubPort *port)
{
  return GR_FAKE_HUB (port)->up;
}

static void
answer_task (GrHubPort *port, const char *text, GrErrorCode code, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (port, NULL, callback, user_data);

  if (!GR_FAKE_HUB (port)->up)
    g_task_return_new_error (task, GR_ERROR, GR_ERROR_UNAVAILABLE, "The hub is away for a moment");
  else if (text == NULL)
    g_task_return_new_error (task, GR_ERROR, code, "The hub says no");
  else
    g_task_return_pointer (task, g_strdup (text), g_free);
}

static void
offer_async (GrHubPort *port,
             const char *room,
             const char *participant,
             const char *sdp,
             GVariant *tracks,
             GAsyncReadyCallback callback,
             gpointer user_data)
{
  GrFakeHub *hub = GR_FAKE_HUB (port);
  g_autoptr (GVariant) owned = g_variant_ref_sink (tracks);
  g_autofree char *text = g_variant_print (owned, FALSE);

  g_string_append_printf (hub->journal, "offer %s %s %s\n", room, participant, text);
  answer_task (port, hub->answer, GR_ERROR_INVALID_INPUT, callback, user_data);
}

static char *
task_finish (GrHubPort *port, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
subscribe (GrHubPort *port, const char *room, const char *participant, GVariant *pictures)
{
  g_autoptr (GVariant) owned = g_variant_ref_sink (pictures);
  g_autofree char *text = g_variant_print (owned, FALSE);

  g_string_append_printf (GR_FAKE_HUB (port)->journal, "subscribe %s %s %s\n", room, participant, text);
}

static void
allow (GrHubPort *port,
       const char *room,
       const char *participant,
       const char *const *kinds,
       gboolean backstage,
       gboolean hears_backstage)
{
  g_autofree char *text = g_strjoinv (" ", (char **) kinds);

  g_string_append_printf (GR_FAKE_HUB (port)->journal, "allow %s %s %s%s%s\n", room, participant, text,
                          backstage ? " backstage" : "", hears_backstage ? " hears-backstage" : "");
}

static void
leave (GrHubPort *port, const char *room, const char *participant)
{
  g_string_append_printf (GR_FAKE_HUB (port)->journal, "leave %s %s\n", room, participant);
}

static void
ask_async (GrHubPort *port, const char *room, GAsyncReadyCallback callback, gpointer user_data)
{
  GrFakeHub *hub = GR_FAKE_HUB (port);
  g_autofree char *graph = room != NULL ? g_strdup_printf ("digraph \"%s\" { }\n", room) : NULL;

  answer_task (port, room != NULL ? graph : hub->statistics, GR_ERROR_NOT_FOUND, callback, user_data);
}

static void
quality_async (
    GrHubPort *port, const char *room, const char *participant, GAsyncReadyCallback callback, gpointer user_data)
{
  g_string_append_printf (GR_FAKE_HUB (port)->journal, "quality %s %s\n", room, participant);
  answer_task (port, GR_FAKE_HUB (port)->statistics, GR_ERROR_NOT_FOUND, callback, user_data);
}

static void
hub_port_init (GrHubPortInterface *iface)
{
  iface->is_up = is_up;
  iface->offer_async = offer_async;
  iface->offer_finish = task_finish;
  iface->subscribe = subscribe;
  iface->allow = allow;
  iface->leave = leave;
  iface->ask_async = ask_async;
  iface->ask_finish = task_finish;
  iface->quality_async = quality_async;
  iface->quality_finish = task_finish;
}

static void
gr_fake_hub_finalize (GObject *object)
{
  GrFakeHub *hub = GR_FAKE_HUB (object);

  g_free (hub->statistics);
  g_free (hub->answer);
  g_string_free (hub->journal, TRUE);

  G_OBJECT_CLASS (gr_fake_hub_parent_class)->finalize (object);
}

static void
gr_fake_hub_class_init (GrFakeHubClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = gr_fake_hub_finalize;
}

static void
gr_fake_hub_init (GrFakeHub *hub)
{
  hub->up = TRUE;
  hub->journal = g_string_new (NULL);
}

GrFakeHub *
gr_fake_hub_new (void)
{
  return g_object_new (GR_TYPE_FAKE_HUB, NULL);
}

void
gr_fake_hub_set_up (GrFakeHub *hub, gboolean up)
{
  if (hub->up == up)
    return;

  hub->up = up;
  g_signal_emit_by_name (hub, up ? "up" : "down");
}

void
gr_fake_hub_set_statistics (GrFakeHub *hub, const char *json)
{
  g_free (hub->statistics);
  hub->statistics = g_strdup (json);
}

void
gr_fake_hub_set_answer (GrFakeHub *hub, const char *sdp)
{
  g_free (hub->answer);
  hub->answer = g_strdup (sdp);
}

const char *
gr_fake_hub_get_journal (GrFakeHub *hub)
{
  return hub->journal->str;
}
