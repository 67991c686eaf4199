/* SPDX-License-Identifier: LGPL-2.1-or-later */
#define GR_LOG_TOPIC "workers"

#include "workers/hub.h"

#include <gio/gunixfdlist.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/log.h"
#include "base/main-call.h"
#include "media-dbus.h"
#include "workers/remote-error.h"
#include "workers/worker.h"

#define PATH "/org/greenroom/Media1"
#define CALL_TIMEOUT_MS 5000

/* Offers that may wait for an answer; a hub that is slower than this is told so by BUSY to the next. */
#define MAX_OFFERS 256

struct _GrHubWorker
{
  GObject parent;

  GrWorker *worker;
  GrMediaDBusHub *proxy; /* NULL while down */
  guint offers;          /* in flight */
};

static void hub_port_init (GrHubPortInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (GrHubWorker,
                               gr_hub_worker,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (GR_TYPE_HUB_PORT, hub_port_init))

static void
translate_error (const GError *remote, GError **error)
{
  if (gr_remote_error_translate (remote, "sdp", error))
    return;

  gr_warning ("the hub failed: %s", remote->message);
  gr_set_error (error, GR_ERROR_UNAVAILABLE, NULL, "Sound and pictures are away for a moment");
}

static void
on_slots (GrMediaDBusHub *proxy, const char *room, const char *participant, GVariant *slots, GrHubWorker *hub)
{
  g_signal_emit_by_name (hub, "slots", room, participant, slots);
}

static void
on_track_seen (GrMediaDBusHub *proxy, const char *room, const char *participant, const char *kind, GrHubWorker *hub)
{
  g_signal_emit_by_name (hub, "track-seen", room, participant, kind);
}

static void
on_speakers (GrMediaDBusHub *proxy, const char *room, GVariant *speakers, GrHubWorker *hub)
{
  g_signal_emit_by_name (hub, "speakers", room, speakers);
}

static void
on_codecs (GrMediaDBusHub *proxy, const char *room, const char *participant, const char *const *video, GrHubWorker *hub)
{
  g_signal_emit_by_name (hub, "codecs", room, participant, video);
}

static void
on_connected (GrMediaDBusHub *proxy, const char *room, const char *participant, GrHubWorker *hub)
{
  g_signal_emit_by_name (hub, "connected", room, participant);
}

static void
on_gone (GrMediaDBusHub *proxy, const char *room, const char *participant, GrHubWorker *hub)
{
  g_signal_emit_by_name (hub, "gone", room, participant);
}

static void
on_up (GrWorker *worker, GDBusConnection *connection, GrHubWorker *hub)
{
  g_autoptr (GError) error = NULL;

  /* No properties are loaded and the peer has no name, so this only makes the object and does not block. */
  hub->proxy = gr_media_dbus_hub_proxy_new_sync (connection, G_DBUS_PROXY_FLAGS_DO_NOT_LOAD_PROPERTIES, NULL, PATH,
                                                 NULL, &error);
  if (hub->proxy == NULL)
    {
      gr_warning ("cannot speak to the hub: %s", error->message);
      return;
    }

  g_dbus_proxy_set_default_timeout (G_DBUS_PROXY (hub->proxy), CALL_TIMEOUT_MS);
  g_signal_connect (hub->proxy, "slots", G_CALLBACK (on_slots), hub);
  g_signal_connect (hub->proxy, "track-seen", G_CALLBACK (on_track_seen), hub);
  g_signal_connect (hub->proxy, "speakers", G_CALLBACK (on_speakers), hub);
  g_signal_connect (hub->proxy, "codecs", G_CALLBACK (on_codecs), hub);
  g_signal_connect (hub->proxy, "connected", G_CALLBACK (on_connected), hub);
  g_signal_connect (hub->proxy, "gone", G_CALLBACK (on_gone), hub);
  g_signal_emit_by_name (hub, "up");
}

static void
forget_proxy (GrHubWorker *hub)
{
  if (hub->proxy != NULL)
    g_signal_handlers_disconnect_by_data (hub->proxy, hub);
  g_clear_object (&hub->proxy);
}

static void
on_down (GrWorker *worker, GrHubWorker *hub)
{
  forget_proxy (hub);
  g_signal_emit_by_name (hub, "down");
}

static gboolean
is_up (GrHubPort *port)
{
  return GR_HUB_WORKER (port)->proxy != NULL;
}

static void
on_answer (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GrHubWorker *hub = g_task_get_source_object (task);
  g_autoptr (GError) remote = NULL;
  char *answer = NULL;
  GError *error = NULL;

  hub->offers--;

  if (gr_media_dbus_hub_call_offer_finish (GR_MEDIA_DBUS_HUB (source), &answer, result, &remote))
    {
      g_task_return_pointer (task, answer, g_free);
      return;
    }

  translate_error (remote, &error);
  g_task_return_error (task, error);
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
  GrHubWorker *hub = GR_HUB_WORKER (port);
  g_autoptr (GTask) task = g_task_new (hub, NULL, callback, user_data);
  g_autoptr (GVariant) owned = g_variant_ref_sink (tracks);

  if (hub->proxy == NULL)
    {
      g_task_return_new_error (task, GR_ERROR, GR_ERROR_UNAVAILABLE, "Sound and pictures are away for a moment");
      return;
    }

  if (hub->offers >= MAX_OFFERS)
    {
      g_task_return_new_error (task, GR_ERROR, GR_ERROR_BUSY, "Too many people come in at once; try again");
      return;
    }

  hub->offers++;
  gr_media_dbus_hub_call_offer (hub->proxy, room, participant, sdp, owned, NULL, on_answer, g_steal_pointer (&task));
}

static char *
task_finish (GrHubPort *port, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
subscribe (GrHubPort *port, const char *room, const char *participant, GVariant *pictures)
{
  GrHubWorker *hub = GR_HUB_WORKER (port);
  g_autoptr (GVariant) owned = g_variant_ref_sink (pictures);

  if (hub->proxy != NULL)
    gr_media_dbus_hub_call_subscribe (hub->proxy, room, participant, owned, NULL, NULL, NULL);
}

static void
allow (GrHubPort *port,
       const char *room,
       const char *participant,
       const char *const *kinds,
       gboolean backstage,
       gboolean hears_backstage)
{
  GrHubWorker *hub = GR_HUB_WORKER (port);

  if (hub->proxy != NULL)
    gr_media_dbus_hub_call_allow (hub->proxy, room, participant, kinds, backstage, hears_backstage, NULL, NULL, NULL);
}

static void
leave (GrHubPort *port, const char *room, const char *participant)
{
  GrHubWorker *hub = GR_HUB_WORKER (port);

  if (hub->proxy != NULL)
    gr_media_dbus_hub_call_leave (hub->proxy, room, participant, NULL, NULL, NULL);
}

static void
on_asked (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  g_autoptr (GError) remote = NULL;
  g_autoptr (GVariant) reply = g_dbus_proxy_call_finish (G_DBUS_PROXY (source), result, &remote);
  GError *error = NULL;
  char *text;

  if (reply == NULL)
    {
      translate_error (remote, &error);
      g_task_return_error (task, error);
      return;
    }

  g_variant_get (reply, "(s)", &text);
  g_task_return_pointer (task, text, g_free);
}

/* A call of @method whose answer is one text; @arguments is taken. */
static void
call_async (GrHubPort *port, const char *method, GVariant *arguments, GAsyncReadyCallback callback, gpointer user_data)
{
  GrHubWorker *hub = GR_HUB_WORKER (port);
  g_autoptr (GTask) task = g_task_new (hub, NULL, callback, user_data);
  g_autoptr (GVariant) owned = arguments != NULL ? g_variant_ref_sink (arguments) : NULL;

  if (hub->proxy == NULL)
    {
      g_task_return_new_error (task, GR_ERROR, GR_ERROR_UNAVAILABLE, "The hub is away for a moment");
      return;
    }

  g_dbus_proxy_call (G_DBUS_PROXY (hub->proxy), method, owned, G_DBUS_CALL_FLAGS_NONE, CALL_TIMEOUT_MS, NULL, on_asked,
                     g_steal_pointer (&task));
}

static void
ask_async (GrHubPort *port, const char *room, GAsyncReadyCallback callback, gpointer user_data)
{
  if (room != NULL)
    call_async (port, "Graph", g_variant_new ("(s)", room), callback, user_data);
  else
    call_async (port, "Statistics", NULL, callback, user_data);
}

static void
quality_async (
    GrHubPort *port, const char *room, const char *participant, GAsyncReadyCallback callback, gpointer user_data)
{
  call_async (port, "Quality", g_variant_new ("(ss)", room, participant), callback, user_data);
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
gr_hub_worker_dispose (GObject *object)
{
  GrHubWorker *hub = GR_HUB_WORKER (object);

  forget_proxy (hub);
  if (hub->worker != NULL)
    g_signal_handlers_disconnect_by_data (hub->worker, hub);
  g_clear_object (&hub->worker);

  G_OBJECT_CLASS (gr_hub_worker_parent_class)->dispose (object);
}

static void
gr_hub_worker_class_init (GrHubWorkerClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = gr_hub_worker_dispose;
}

static void
gr_hub_worker_init (GrHubWorker *hub)
{
}

GrHubWorker *
gr_hub_worker_new (GrConfig *config)
{
  GrHubWorker *hub = g_object_new (GR_TYPE_HUB_WORKER, NULL);
  const char *const *announced = gr_config_get_list (config, "media", "announce");
  const char *program = gr_config_get_string (config, "media", "program");
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();

  if (program[0] == '\0')
    return hub;

  g_ptr_array_add (argv, (char *) program);
  g_ptr_array_add (argv, (char *) "hub");
  g_ptr_array_add (argv, (char *) "--listen");
  g_ptr_array_add (argv, (char *) gr_config_get_string (config, "media", "listen"));
  for (guint i = 0; announced[i] != NULL; i++)
    {
      g_ptr_array_add (argv, (char *) "--announce");
      g_ptr_array_add (argv, (char *) announced[i]);
    }
  g_ptr_array_add (argv, NULL);

  hub->worker = gr_worker_new ("the hub", (const char *const *) argv->pdata);
  g_signal_connect (hub->worker, "up", G_CALLBACK (on_up), hub);
  g_signal_connect (hub->worker, "down", G_CALLBACK (on_down), hub);

  return hub;
}

void
gr_hub_worker_start (GrHubWorker *hub)
{
  if (hub->worker != NULL)
    gr_worker_start (hub->worker);
}

void
gr_hub_worker_stop (GrHubWorker *hub)
{
  if (hub->worker != NULL)
    gr_worker_stop (hub->worker);
  forget_proxy (hub);
}

static void
on_attached (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;

  if (!gr_media_dbus_hub_call_attach_finish (GR_MEDIA_DBUS_HUB (source), NULL, result, &error))
    gr_warning ("a programme is not linked with the hub: %s", error->message);
}

void
gr_hub_worker_attach (GrHubWorker *hub, const char *room, const char *participant, int socket)
{
  g_autoptr (GUnixFDList) fds = g_unix_fd_list_new_from_array (&socket, 1);

  if (hub->proxy != NULL)
    gr_media_dbus_hub_call_attach (hub->proxy, room, participant, g_variant_new_handle (0), fds, NULL, on_attached,
                                   NULL);
}

void
gr_hub_worker_watch (GrHubWorker *hub, const char *room, const char *participant, GVariant *tracks)
{
  if (hub->proxy != NULL)
    gr_media_dbus_hub_call_watch (hub->proxy, room, participant, tracks, NULL, NULL, NULL);
}
