/* SPDX-License-Identifier: LGPL-2.1-or-later */
#define GR_LOG_TOPIC "app"

#include "app.h"

#include <glib/gstdio.h>
#include <libsoup/soup.h>
#include <unistd.h>

#include "base/directory-lock.h"
#include "base/error.h"
#include "base/log.h"
#include "base/metrics.h"
#include "base/notify.h"
#include "base/pool.h"
#include "base/secret.h"
#include "base/time.h"
#include "dbus/server.h"
#include "http/listener.h"
#include "http/pipeline.h"
#include "http/router.h"
#include "outside/archive-directory.h"
#include "outside/storage-directory.h"
#include "store/store.h"
#include "workers/hub.h"
#include "workers/image.h"
#include "workers/probe.h"
#include "workers/program.h"
#include "workers/telemetry.h"
#include "ws/sockets.h"

#define REQUEST_QUEUE 512
#define SIGN_IN_THREADS 2
#define SIGN_IN_QUEUE 64

/* So many greenroom-image at once; each upload that waits is kept in memory. */
#define UPLOAD_THREADS 2
#define UPLOAD_QUEUE 8

/* The house's own threads at the door and at the ledger. */
#define HOUSE_THREADS 5

/* The shows' own thread, which writes down what happened to them. */
#define STUDIO_THREADS 1
#define HOUSEKEEPING_SECONDS 3600
#define DRAIN_LOOK_MS 20
#define COME_BACK_MS 2000

struct _GrApp
{
  GObject parent;

  GrConfig *config;
  char *data_dir;
  int data_lock; /* held while we use the directory */
  GrStore *store;
  GrAccounts *accounts;
  GrRooms *rooms;
  GrHouse *house;
  GrHubWorker *hub;
  GrHubTelemetry *telemetry;
  GrImageWorker *image;
  GrPictures *pictures;
  GrSwitchboard *board;
  GrVisitors *visitors;
  GrProgramWorkers *programs;
  GrStudio *studio;
  GrShows *shows;
  GrServices services;
  GrStatic *files;
  GrPool *requests; /* HTTP handlers, D-Bus calls */
  GrPool *sign_ins; /* what hashes passwords, so that it holds up nothing else */
  GrPool *uploads;  /* what waits for the image worker, likewise */
  SoupServer *server;
  GrListener *listener;
  GrRouter *router;
  GrSockets *sockets;
  GrDBusServer *dbus;

  guint housekeeping;
  GrMetric *live_rooms;
  GrMetric *live_participants;
};

G_DEFINE_FINAL_TYPE (GrApp, gr_app, G_TYPE_OBJECT)

static void
count_live (GrApp *app)
{
  g_autoptr (GPtrArray) rooms = gr_house_list (app->house);

  gr_metric_set (app->live_rooms, rooms->len);
  gr_metric_set (app->live_participants, gr_house_count_participants (app->house));
}

static void
on_room_event (GrRoom *room, const GrRoomEvent *event, GrApp *app)
{
  if (event->type == GR_ROOM_EVENT_JOINED || event->type == GR_ROOM_EVENT_LEFT)
    count_live (app);
}

static void
on_room_added (GrHouse *house, GrRoom *room, GrApp *app)
{
  g_signal_connect_object (room, "event", G_CALLBACK (on_room_event), app, G_CONNECT_AFTER);
}

static void
on_room_removed (GrHouse *house, GrRoom *room, GrApp *app)
{
  count_live (app);
}

static void
forget_expired (gpointer data)
{
  GrApp *app = data;
  g_autoptr (GError) error = NULL;

  if (!gr_store_forget_expired (app->store, gr_now (), &error))
    gr_warning ("housekeeping failed: %s", error->message);
}

static gboolean
on_housekeeping (gpointer data)
{
  GrApp *app = data;
  g_autoptr (GError) error = NULL;

  if (!gr_pool_push (app->requests, forget_expired, app, NULL, &error))
    gr_warning ("housekeeping waits an hour: %s", error->message);

  return G_SOURCE_CONTINUE;
}

static gboolean
on_upgrade (SoupServerMessage *message, const char *address, gpointer data, GError **error)
{
  GrApp *app = data;

  return gr_sockets_upgrade (app->sockets, message, address, error);
}

static gboolean
open_data (GrApp *app, GError **error)
{
  app->data_dir = gr_config_data_dir (app->config);

  if (g_mkdir_with_parents (app->data_dir, 0700) < 0)
    {
      gr_set_error (error, GR_ERROR_UNAVAILABLE, "data.dir", "Cannot make the data directory %s: %s", app->data_dir,
                    g_strerror (errno));
      return FALSE;
    }

  app->data_lock = gr_directory_lock (app->data_dir, error);
  if (app->data_lock < 0)
    return FALSE;

  app->store = gr_store_open (gr_config_get_string (app->config, "store", "url"), app->data_dir,
                              gr_config_get_int (app->config, "store", "pool") + SIGN_IN_THREADS + UPLOAD_THREADS
                                  + HOUSE_THREADS + STUDIO_THREADS,
                              error);

  /* Whoever sat in a room when the daemon ended is not there now. */
  return app->store != NULL && gr_store_leave_all_seats (app->store, gr_now (), error);
}

static void
build_pictures (GrApp *app)
{
  g_autofree char *path = g_build_filename (app->data_dir, "files", NULL);
  g_autoptr (GrStorage) storage = gr_storage_directory_new (path);

  app->image = gr_image_worker_new (app->config);
  app->pictures = gr_pictures_new (GR_PICTURE_STORE (app->store), storage, GR_PICTURE_MAKER (app->image), app->config);
}

static char *
find_picture (const char *picture_id, gpointer data)
{
  GrApp *app = data;

  return gr_pictures_get_studio_path (app->pictures, picture_id, NULL);
}

static gboolean
build_studio (GrApp *app, GError **error)
{
  const char *configured = gr_config_get_string (app->config, "outputs", "recordings");
  g_autofree char *usual = g_build_filename (app->data_dir, "recordings", NULL);
  g_autoptr (GrArchive) archive = gr_archive_directory_new (configured[0] != '\0' ? configured : usual);
  g_autoptr (GPtrArray) left = NULL;
  GrVaultKey vault;
  GrVaultKey links;

  if (!gr_secret_load (app->data_dir, "vault.key", sizeof vault.bytes, vault.bytes, error)
      || !gr_secret_load (app->data_dir, "links.key", sizeof links.bytes, links.bytes, error))
    return FALSE;

  app->studio = gr_studio_new (GR_STUDIO_STORE (app->store), archive, app->config, &vault, &links);
  gr_studio_set_probe (app->studio, gr_probe_destination, app->config);
  app->programs = gr_program_workers_new (app->config, app->hub);
  app->shows = gr_shows_new (app->house, app->studio, GR_PROGRAM_PORT (app->programs), app->config);

  gr_studio_set_picture_path (app->studio, find_picture, app);
  gr_shows_set_picture_path (app->shows, find_picture, app);

  /* Whatever was on air when the daemon ended is not now. */
  left = gr_studio_recover (app->studio, error);
  if (left == NULL)
    return FALSE;

  gr_shows_finish_recordings (app->shows, left);

  return TRUE;
}

static gboolean
build_domain (GrApp *app, GError **error)
{
  GrJwtKey key;

  if (!gr_secret_load (app->data_dir, "access.key", GR_JWT_KEY_BYTES, key.bytes, error))
    return FALSE;

  app->accounts = gr_accounts_new (app->store, app->config, &key);
  app->rooms = gr_rooms_new (app->store, app->config);
  app->house = gr_house_new (app->store, app->accounts, app->config);
  app->hub = gr_hub_worker_new (app->config);
  app->board = gr_switchboard_new (app->house, GR_HUB_PORT (app->hub));
  app->visitors = gr_visitors_new (app->house, app->board);
  app->telemetry = gr_hub_telemetry_new (app->house, GR_HUB_PORT (app->hub));
  build_pictures (app);
  g_signal_connect_object (app->house, "room-added", G_CALLBACK (on_room_added), app, 0);
  g_signal_connect_object (app->house, "room-removed", G_CALLBACK (on_room_removed), app, 0);
  if (!build_studio (app, error))
    return FALSE;

  app->services = (GrServices){ app->config,   app->store,  app->accounts, app->rooms,   app->house,
                                app->visitors, app->studio, app->shows,    app->pictures };

  return TRUE;
}

static void
build_files (GrApp *app)
{
  const char *root = gr_config_get_string (app->config, "http", "root");
  g_autoptr (GError) error = NULL;

  app->files = gr_static_new (root, &error);
  if (app->files == NULL)
    gr_warning ("no browser client to serve: %s", error->message);
}

static gboolean
build_edges (GrApp *app, GError **error)
{
  GrListenerSettings settings = GR_LISTENER_SETTINGS_DEFAULT;
  g_autoptr (GPtrArray) proxies = gr_config_get_networks (app->config, "http", "trusted-proxies");
  gint64 request_seconds = gr_config_get_int (app->config, "http", "request-timeout");

  if (!gr_pipeline_is_complete (error))
    return FALSE;

  app->requests = gr_pool_new ("request", gr_config_get_int (app->config, "store", "pool"), REQUEST_QUEUE);
  app->sign_ins = gr_pool_new ("sign-in", SIGN_IN_THREADS, SIGN_IN_QUEUE);
  app->uploads = gr_pool_new ("upload", UPLOAD_THREADS, UPLOAD_QUEUE);
  app->server = soup_server_new (NULL, NULL);
  app->router = gr_router_new (app->server, &app->services, app->files,
                               &(GrRouterPools){ app->requests, app->sign_ins, app->uploads });
  app->sockets = gr_sockets_new (app->house, app->board, app->studio, app->shows, app->config);
  gr_router_set_upgrade (app->router, on_upgrade, app);

  settings.per_address = gr_config_get_int (app->config, "http", "connections-per-address");
  settings.proxies = proxies;
  settings.guard.request_ms = request_seconds * 1000;
  settings.guard.body_bounds = gr_router_body_bounds;
  settings.guard.allowed_origins = gr_config_get_list (app->config, "http", "allowed-origins");
  app->listener = gr_listener_new (app->server, &settings);
  app->dbus = gr_dbus_server_new (app->house, app->rooms, app->accounts, app->store, GR_HUB_PORT (app->hub),
                                  app->config, app->requests);
  gr_dbus_server_add_shows (app->dbus, app->studio, app->shows);

  return TRUE;
}

/* For the person at the terminal; the log has no secrets. */
static void
greet (GrApp *app, const char *setup)
{
  const char *configured = gr_config_get_string (app->config, "http", "public-url");
  g_autofree char *local = g_strdup_printf ("http://localhost:%u", gr_listener_get_port (app->listener));
  const char *url = configured[0] != '\0' ? configured : local;

  g_print ("Greenroom is open at %s\n", url);
  if (setup != NULL)
    g_print ("Make the administrator's account, once: %s/signup?setup=%s\n", url, setup);
}

static gboolean
is_quiet (GrApp *app)
{
  return gr_sockets_count (app->sockets) == 0 && gr_pool_get_queued (app->requests) == 0
         && gr_pool_get_running (app->requests) == 0 && gr_pool_get_queued (app->sign_ins) == 0
         && gr_pool_get_running (app->sign_ins) == 0 && gr_pool_get_queued (app->uploads) == 0
         && gr_pool_get_running (app->uploads) == 0;
}

static gboolean
on_drain_look (gpointer data)
{
  GTask *task = data;
  GrApp *app = g_task_get_source_object (task);
  gint64 *deadline = g_task_get_task_data (task);
  /* Shows end while people leave: somebody who does not must not keep a recording from its end. */
  gboolean shows_are_over = gr_shows_wind_up (app->shows);

  if ((!is_quiet (app) || !shows_are_over) && g_get_monotonic_time () < *deadline)
    return G_SOURCE_CONTINUE;

  gr_house_drain (app->house, *deadline);
  g_task_return_boolean (task, TRUE);

  return G_SOURCE_REMOVE;
}

static void
gr_app_dispose (GObject *object)
{
  GrApp *app = GR_APP (object);

  g_clear_handle_id (&app->housekeeping, g_source_remove);
  if (app->image != NULL)
    gr_image_worker_stop (app->image);
  if (app->uploads != NULL)
    gr_pool_stop (app->uploads);
  if (app->requests != NULL)
    gr_pool_stop (app->requests);
  if (app->sign_ins != NULL)
    gr_pool_stop (app->sign_ins);
  if (app->house != NULL)
    gr_house_stop (app->house);
  if (app->shows != NULL)
    gr_shows_stop (app->shows);
  g_clear_object (&app->dbus);
  g_clear_object (&app->sockets);
  g_clear_object (&app->router);
  g_clear_object (&app->listener);
  g_clear_object (&app->server);
  g_clear_pointer (&app->requests, gr_pool_free);
  g_clear_pointer (&app->uploads, gr_pool_free);
  g_clear_pointer (&app->sign_ins, gr_pool_free);
  g_clear_pointer (&app->files, gr_static_free);
  g_clear_object (&app->pictures);
  g_clear_object (&app->image);
  g_clear_object (&app->telemetry);
  g_clear_object (&app->shows);
  if (app->programs != NULL)
    gr_program_workers_stop (app->programs);
  g_clear_object (&app->programs);
  g_clear_object (&app->studio);
  g_clear_object (&app->visitors);
  g_clear_object (&app->board);
  if (app->hub != NULL)
    gr_hub_worker_stop (app->hub);
  g_clear_object (&app->hub);
  g_clear_object (&app->house);
  g_clear_object (&app->rooms);
  g_clear_object (&app->accounts);
  g_clear_object (&app->store);
  g_clear_pointer (&app->config, gr_config_unref);
  g_clear_pointer (&app->data_dir, g_free);
  if (app->data_lock >= 0)
    close (app->data_lock);
  app->data_lock = -1;

  G_OBJECT_CLASS (gr_app_parent_class)->dispose (object);
}

static void
gr_app_class_init (GrAppClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = gr_app_dispose;
}

static void
gr_app_init (GrApp *app)
{
  app->data_lock = -1;
  app->live_rooms = gr_metrics_gauge ("greenroom_rooms", NULL, "Rooms with somebody inside");
  app->live_participants = gr_metrics_gauge ("greenroom_participants", NULL, "People inside rooms");
}

GrApp *
gr_app_new (GrConfig *config, GError **error)
{
  g_autoptr (GrApp) app = g_object_new (GR_TYPE_APP, NULL);

  app->config = gr_config_ref (config);

  if (!open_data (app, error) || !build_domain (app, error))
    return NULL;

  build_files (app);

  if (!build_edges (app, error))
    return NULL;

  return g_steal_pointer (&app);
}

gboolean
gr_app_start (GrApp *app, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  const char *addresses = gr_config_get_string (app->config, "http", "listen");
  int inherited = gr_listener_inherit (app->listener, error);
  const char *setup;

  if (inherited < 0 || (inherited == 0 && !gr_listener_listen (app->listener, addresses, error)))
    return FALSE;

  if (!gr_dbus_server_start (app->dbus, app->data_dir, error))
    return FALSE;

  setup = gr_accounts_open_setup (app->accounts, &local_error);
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  app->housekeeping = g_timeout_add_seconds (HOUSEKEEPING_SECONDS, on_housekeeping, app);
  on_housekeeping (app);

  gr_hub_worker_start (app->hub);
  gr_dbus_server_set_ready (app->dbus, TRUE);
  gr_notify ("READY=1");
  gr_info ("ready on port %u", gr_listener_get_port (app->listener));
  greet (app, setup);

  return TRUE;
}

void
gr_app_drain_async (GrApp *app, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (app, NULL, callback, user_data);
  gint64 *deadline = g_new (gint64, 1);

  gr_notify ("STOPPING=1");
  gr_info ("draining %u sockets", gr_sockets_count (app->sockets));
  *deadline = g_get_monotonic_time () + gr_config_get_int (app->config, "drain", "seconds") * G_TIME_SPAN_SECOND;
  g_task_set_task_data (task, deadline, g_free);

  gr_dbus_server_set_ready (app->dbus, FALSE);
  gr_listener_stop (app->listener);
  gr_sockets_drain (app->sockets, COME_BACK_MS);
  g_timeout_add_full (G_PRIORITY_DEFAULT, DRAIN_LOOK_MS, on_drain_look, task, g_object_unref);
}

void
gr_app_drain_finish (GrApp *app, GAsyncResult *result)
{
  g_task_propagate_boolean (G_TASK (result), NULL);
  gr_dbus_server_stop (app->dbus);
}
