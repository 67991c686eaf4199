/* SPDX-License-Identifier: LGPL-2.1-or-later */
#define GR_LOG_TOPIC "workers"

#include "workers/program.h"

#include <gio/gunixfdlist.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/error.h"
#include "base/json-writer.h"
#include "base/log.h"
#include "base/main-call.h"
#include "media-dbus.h"
#include "workers/worker.h"

#define PATH "/org/greenroom/Media1"
#define CALL_TIMEOUT_MS 5000

/* A long recording is copied once when it ends. */
#define END_TIMEOUT_MS (10 * 60 * 1000)

struct _GrProgramWorkers
{
  GObject parent;

  GrHubWorker *hub;
  char *program;     /* "": none */
  GHashTable *shows; /* id → Show */
};

/* A process, or the place of one. */
typedef struct
{
  GrProgramWorkers *workers; /* not owned */
  char *id;
  char *room; /* NULL: it mixes nothing, so that no hub need know of it */
  GrWorker *worker;
  GrMediaDBusProgram *proxy; /* NULL while down */
  GVariant *tracks;          /* what the hub was told to send; NULL: nothing yet */
} Show;

static void program_port_init (GrProgramPortInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (GrProgramWorkers,
                               gr_program_workers,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (GR_TYPE_PROGRAM_PORT, program_port_init))

static void
forget_proxy (Show *show)
{
  if (show->proxy != NULL)
    g_signal_handlers_disconnect_by_data (show->proxy, show);
  g_clear_object (&show->proxy);
}

static void
show_free (Show *show)
{
  g_signal_handlers_disconnect_by_data (show->worker, show);
  gr_worker_stop (show->worker);
  forget_proxy (show);
  g_object_unref (show->worker);
  g_clear_pointer (&show->tracks, g_variant_unref);
  g_free (show->room);
  g_free (show->id);
  g_free (show);
}

static Show *
find (GrProgramPort *port, const char *id)
{
  Show *show = g_hash_table_lookup (GR_PROGRAM_WORKERS (port)->shows, id);

  return show != NULL && show->proxy != NULL ? show : NULL;
}

static void
on_called (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autofree char *what = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = g_dbus_proxy_call_finish (G_DBUS_PROXY (source), result, &error);

  /* What a process that died was asked is asked of the next one anew. */
  if (reply == NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CLOSED)
      && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    gr_warning ("the programme did not take %s: %s", what, error->message);
}

/* A call whose failure is for the log alone. Its arguments, which may hold a key, are not. */
static void
tell (Show *show, const char *method, GVariant *arguments)
{
  g_dbus_proxy_call (G_DBUS_PROXY (show->proxy), method, arguments, G_DBUS_CALL_FLAGS_NONE, CALL_TIMEOUT_MS, NULL,
                     on_called, g_strdup (method));
}

/* A pair of sockets, one end for each. While the hub is away there is none; it comes with the hub. */
static void
link_with_hub (Show *show)
{
  GrHubWorker *hub = show->workers->hub;
  g_autoptr (GUnixFDList) fds = NULL;
  int ends[2];

  if (show->room == NULL || !gr_hub_port_is_up (GR_HUB_PORT (hub)))
    return;

  if (socketpair (AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends) < 0)
    {
      gr_warning ("the show %s is not linked with the hub: no descriptors are left", show->id);
      return;
    }

  gr_hub_worker_attach (hub, show->room, show->id, ends[0]);
  fds = g_unix_fd_list_new_from_array (&ends[1], 1);
  g_dbus_proxy_call_with_unix_fd_list (G_DBUS_PROXY (show->proxy), "Link", g_variant_new ("(h)", 0),
                                       G_DBUS_CALL_FLAGS_NONE, CALL_TIMEOUT_MS, fds, NULL, on_called,
                                       g_strdup ("Link"));
  if (show->tracks != NULL)
    gr_hub_worker_watch (hub, show->room, show->id, show->tracks);
}

static void
on_started (GrMediaDBusProgram *proxy, Show *show)
{
  g_signal_emit_by_name (show->workers, "started", show->id);
}

/* Who hears of it may close the show. */
static void
on_output (GrMediaDBusProgram *proxy, const char *id, const char *status, Show *show)
{
  g_autofree char *name = g_strdup (show->id);

  g_signal_emit_by_name (show->workers, "output", name, id, status);
}

/* It will do no more good: another one is to take its place. */
static void
on_failed (GrMediaDBusProgram *proxy, const char *why, Show *show)
{
  gint pid = gr_worker_get_pid (show->worker);

  g_signal_emit_by_name (show->workers, "failed", show->id, why);
  if (pid > 0)
    kill (pid, SIGKILL);
}

static void
on_up (GrWorker *worker, GDBusConnection *connection, Show *show)
{
  g_autoptr (GError) error = NULL;

  /* No properties are loaded and the peer has no name, so this only makes the object and does not block. */
  show->proxy = gr_media_dbus_program_proxy_new_sync (connection, G_DBUS_PROXY_FLAGS_DO_NOT_LOAD_PROPERTIES, NULL, PATH,
                                                      NULL, &error);
  if (show->proxy == NULL)
    {
      gr_warning ("cannot speak to a programme: %s", error->message);
      return;
    }

  g_signal_connect (show->proxy, "started", G_CALLBACK (on_started), show);
  g_signal_connect (show->proxy, "output", G_CALLBACK (on_output), show);
  g_signal_connect (show->proxy, "failed", G_CALLBACK (on_failed), show);
  link_with_hub (show);
  g_signal_emit_by_name (show->workers, "up", show->id);
}

static void
on_down (GrWorker *worker, Show *show)
{
  g_autofree char *name = g_strdup (show->id);

  forget_proxy (show);
  g_signal_emit_by_name (show->workers, "down", name);
}

/* The new hub knows no show. */
static void
on_hub_up (GrHubPort *hub, GrProgramWorkers *workers)
{
  GHashTableIter iter;
  gpointer show;

  g_hash_table_iter_init (&iter, workers->shows);
  while (g_hash_table_iter_next (&iter, NULL, &show))
    if (((Show *) show)->proxy != NULL)
      link_with_hub (show);
}

static gboolean
program_open (GrProgramPort *port, const char *id, const char *room, GError **error)
{
  GrProgramWorkers *workers = GR_PROGRAM_WORKERS (port);
  const char *argv[] = { workers->program, "program", NULL };
  g_autofree char *name
      = room != NULL ? g_strdup_printf ("the programme of %s", id) : g_strdup_printf ("the process for %s", id);
  Show *show;

  if (!g_file_test (workers->program, G_FILE_TEST_IS_EXECUTABLE))
    {
      gr_set_error (error, GR_ERROR_UNAVAILABLE, NULL, "This server has no program that makes shows");
      return FALSE;
    }

  show = g_new0 (Show, 1);
  show->workers = workers;
  show->id = g_strdup (id);
  show->room = g_strdup (room);
  show->worker = gr_worker_new (name, argv);
  g_signal_connect (show->worker, "up", G_CALLBACK (on_up), show);
  g_signal_connect (show->worker, "down", G_CALLBACK (on_down), show);
  g_hash_table_replace (workers->shows, show->id, show);
  gr_worker_start (show->worker);

  return TRUE;
}

static void
program_close (GrProgramPort *port, const char *id)
{
  GrProgramWorkers *workers = GR_PROGRAM_WORKERS (port);
  Show *show = g_hash_table_lookup (workers->shows, id);

  if (show == NULL)
    return;

  if (show->room != NULL)
    gr_hub_port_leave (GR_HUB_PORT (workers->hub), show->room, show->id);
  g_hash_table_remove (workers->shows, id);
}

static void
program_start (GrProgramPort *port, const char *id, const char *settings)
{
  Show *show = find (port, id);

  if (show != NULL)
    tell (show, "Start", g_variant_new ("(s)", settings));
}

static void
program_set_scene (GrProgramPort *port, const char *id, const char *scene)
{
  Show *show = find (port, id);

  if (show != NULL)
    tell (show, "SetScene", g_variant_new ("(s)", scene));
}

static void
program_set_people (GrProgramPort *port, const char *id, const char *people)
{
  Show *show = find (port, id);

  if (show != NULL)
    tell (show, "SetPeople", g_variant_new ("(s)", people));
}

static void
program_watch (GrProgramPort *port, const char *id, GVariant *tracks)
{
  GrProgramWorkers *workers = GR_PROGRAM_WORKERS (port);
  g_autoptr (GVariant) owned = g_variant_ref_sink (tracks);
  Show *show = g_hash_table_lookup (workers->shows, id);

  if (show == NULL)
    return;

  g_clear_pointer (&show->tracks, g_variant_unref);
  show->tracks = g_steal_pointer (&owned);
  gr_hub_worker_watch (workers->hub, show->room, show->id, show->tracks);
}

/* An output that the process was asked for. */
typedef struct
{
  GrProgramWorkers *workers;
  char *show;
  char *id;
} Wanted;

static void
wanted_free (Wanted *wanted)
{
  g_object_unref (wanted->workers);
  g_free (wanted->show);
  g_free (wanted->id);
  g_free (wanted);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Wanted, wanted_free)

/* One that the process does not take has failed before it began; nothing else would ever be heard of it. */
static void
on_output_added (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Wanted) wanted = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = g_dbus_proxy_call_finish (G_DBUS_PROXY (source), result, &error);
  g_autoptr (GString) status = g_string_new (NULL);
  GrJsonWriter json = GR_JSON_WRITER (status);

  if (reply != NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CLOSED)
      || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  g_dbus_error_strip_remote_error (error);
  gr_warning ("the programme did not take an output: %s", error->message);
  gr_json_writer_begin_object (&json);
  gr_json_writer_string_member (&json, "state", "failed");
  gr_json_writer_string_member (&json, "reason", "internal");
  gr_json_writer_string_member (&json, "message", error->message);
  gr_json_writer_end_object (&json);
  g_signal_emit_by_name (wanted->workers, "output", wanted->show, wanted->id, status->str);
}

static void
program_add_output (GrProgramPort *port, const char *id, const char *output_id, const char *output)
{
  Show *show = find (port, id);
  Wanted *wanted;

  if (show == NULL)
    return;

  wanted = g_new (Wanted, 1);
  *wanted = (Wanted){ g_object_ref (show->workers), g_strdup (id), g_strdup (output_id) };
  g_dbus_proxy_call (G_DBUS_PROXY (show->proxy), "AddOutput", g_variant_new ("(ss)", output_id, output),
                     G_DBUS_CALL_FLAGS_NONE, CALL_TIMEOUT_MS, NULL, on_output_added, wanted);
}

static void
program_remove_output (GrProgramPort *port, const char *id, const char *output_id)
{
  Show *show = find (port, id);

  if (show != NULL)
    tell (show, "RemoveOutput", g_variant_new ("(s)", output_id));
}

static void
on_asked (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = g_dbus_proxy_call_finish (G_DBUS_PROXY (source), result, &error);
  char *text;

  if (reply == NULL)
    {
      gr_warning ("a programme did not answer: %s", error->message);
      g_task_return_new_error (task, GR_ERROR, GR_ERROR_UNAVAILABLE, "The programme does not answer");
      return;
    }

  g_variant_get (reply, "(s)", &text);
  g_task_return_pointer (task, text, g_free);
}

static void
program_ask_async (
    GrProgramPort *port, const char *id, GrProgramQuestion question, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (port, NULL, callback, user_data);
  Show *show = find (port, id);

  if (show == NULL)
    {
      g_task_return_new_error (task, GR_ERROR, GR_ERROR_UNAVAILABLE, "The programme is not running now");
      return;
    }

  g_dbus_proxy_call (G_DBUS_PROXY (show->proxy), question == GR_PROGRAM_GRAPH ? "Graph" : "Statistics", NULL,
                     G_DBUS_CALL_FLAGS_NONE, CALL_TIMEOUT_MS, NULL, on_asked, g_steal_pointer (&task));
}

static char *
program_ask_finish (GrProgramPort *port, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
on_ended (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = g_dbus_proxy_call_finish (G_DBUS_PROXY (source), result, &error);

  if (reply == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_boolean (task, TRUE);
}

static void
program_end_async (GrProgramPort *port, const char *id, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (port, NULL, callback, user_data);
  Show *show = find (port, id);

  if (show == NULL)
    {
      g_task_return_new_error (task, GR_ERROR, GR_ERROR_UNAVAILABLE, "The programme is not running now");
      return;
    }

  g_dbus_proxy_call (G_DBUS_PROXY (show->proxy), "End", NULL, G_DBUS_CALL_FLAGS_NONE, END_TIMEOUT_MS, NULL, on_ended,
                     g_steal_pointer (&task));
}

static gboolean
program_end_finish (GrProgramPort *port, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
program_port_init (GrProgramPortInterface *iface)
{
  iface->open = program_open;
  iface->close = program_close;
  iface->start = program_start;
  iface->set_scene = program_set_scene;
  iface->set_people = program_set_people;
  iface->watch = program_watch;
  iface->add_output = program_add_output;
  iface->remove_output = program_remove_output;
  iface->ask_async = program_ask_async;
  iface->ask_finish = program_ask_finish;
  iface->end_async = program_end_async;
  iface->end_finish = program_end_finish;
}

static void
gr_program_workers_dispose (GObject *object)
{
  GrProgramWorkers *workers = GR_PROGRAM_WORKERS (object);

  g_clear_pointer (&workers->shows, g_hash_table_unref);
  g_clear_object (&workers->hub);
  g_clear_pointer (&workers->program, g_free);

  G_OBJECT_CLASS (gr_program_workers_parent_class)->dispose (object);
}

static void
gr_program_workers_class_init (GrProgramWorkersClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = gr_program_workers_dispose;
}

static void
gr_program_workers_init (GrProgramWorkers *workers)
{
  workers->shows = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) show_free);
}

GrProgramWorkers *
gr_program_workers_new (GrConfig *config, GrHubWorker *hub)
{
  GrProgramWorkers *workers = g_object_new (GR_TYPE_PROGRAM_WORKERS, NULL);

  workers->hub = g_object_ref (hub);
  workers->program = g_strdup (gr_config_get_string (config, "media", "program"));
  g_signal_connect_object (hub, "up", G_CALLBACK (on_hub_up), workers, 0);

  return workers;
}

void
gr_program_workers_stop (GrProgramWorkers *workers)
{
  gr_assert_main ();
  g_hash_table_remove_all (workers->shows);
}
