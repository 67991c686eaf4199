/* SPDX-License-Identifier: LGPL-2.1-or-later */
#define GR_LOG_TOPIC "workers"

#include "workers/worker.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/log.h"
#include "base/main-call.h"
#include "workers/environment.h"

#define PATH "/org/greenroom/Media1"
#define INTERFACE "org.greenroom.Media1.Worker"
#define CHILD_FD 3
#define PING_EVERY_SECONDS 1
#define PING_TIMEOUT_MS 2000
#define PAUSE_MIN_MS 200
#define PAUSE_MAX_MS 5000

/* One that ran this long had no trouble starting, so the next pause is short again. */
#define STEADY (10 * G_TIME_SPAN_SECOND)

enum
{
  SIGNAL_UP,
  SIGNAL_DOWN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

struct _GrWorker
{
  GObject parent;

  char *name;
  char **argv;
  GSubprocess *process;
  GDBusConnection *connection; /* NULL until it answered the first ping */
  GCancellable *cancellable;   /* of this process's life */
  gboolean up;
  gboolean stopped;
  guint ping_timer;
  guint restart_timer;
  guint pause_ms;
  gint64 began;
};

G_DEFINE_FINAL_TYPE (GrWorker, gr_worker, G_TYPE_OBJECT)

static void spawn (GrWorker *worker);

static gboolean
on_restart (gpointer data)
{
  GrWorker *worker = data;

  worker->restart_timer = 0;
  spawn (worker);

  return G_SOURCE_REMOVE;
}

static void
plan_restart (GrWorker *worker)
{
  if (worker->stopped || worker->restart_timer != 0)
    return;

  if (g_get_monotonic_time () - worker->began > STEADY)
    worker->pause_ms = PAUSE_MIN_MS;

  worker->restart_timer = g_timeout_add (worker->pause_ms, on_restart, worker);
  worker->pause_ms = MIN (worker->pause_ms * 2, PAUSE_MAX_MS);
}

/* Lets go of the process, which is gone or is about to be. */
static void
let_go (GrWorker *worker)
{
  gboolean was_up = worker->up;

  worker->up = FALSE;
  g_clear_handle_id (&worker->ping_timer, g_source_remove);
  g_cancellable_cancel (worker->cancellable);
  g_clear_object (&worker->cancellable);
  if (worker->connection != NULL)
    g_dbus_connection_close (worker->connection, NULL, NULL, NULL);
  g_clear_object (&worker->connection);
  g_clear_object (&worker->process);

  if (was_up && !worker->stopped)
    g_signal_emit (worker, signals[SIGNAL_DOWN], 0);
}

static void
on_ended (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GrWorker) worker = data;
  GSubprocess *process = G_SUBPROCESS (source);

  g_subprocess_wait_finish (process, result, NULL);

  if (process != worker->process)
    return;

  if (g_subprocess_get_if_signaled (process))
    gr_warning ("%s was ended by signal %d", worker->name, g_subprocess_get_term_sig (process));
  else
    gr_warning ("%s ended with status %d", worker->name, g_subprocess_get_exit_status (process));

  let_go (worker);
  plan_restart (worker);
}

static void
on_pong (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GrWorker) worker = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);

  if (worker->connection != G_DBUS_CONNECTION (source))
    return;

  if (reply == NULL)
    {
      gr_warning ("%s does not answer and is replaced: %s", worker->name, error->message);
      g_subprocess_force_exit (worker->process);
      return;
    }

  if (!worker->up)
    {
      worker->up = TRUE;
      gr_info ("%s is up, process %s", worker->name, g_subprocess_get_identifier (worker->process));
      g_signal_emit (worker, signals[SIGNAL_UP], 0, worker->connection);
    }
}

static gboolean
on_ping (gpointer data)
{
  GrWorker *worker = data;

  g_dbus_connection_call (worker->connection, NULL, PATH, INTERFACE, "Ping", NULL, NULL, G_DBUS_CALL_FLAGS_NONE,
                          PING_TIMEOUT_MS, worker->cancellable, on_pong, g_object_ref (worker));

  return G_SOURCE_CONTINUE;
}

static void
on_connected (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GrWorker) worker = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GDBusConnection) connection = g_dbus_connection_new_finish (result, &error);

  /* Another process, or none, may have taken this one's place meanwhile. */
  if (connection == NULL || worker->process == NULL || worker->connection != NULL)
    return;

  worker->connection = g_steal_pointer (&connection);
  worker->ping_timer = g_timeout_add_seconds (PING_EVERY_SECONDS, on_ping, worker);
  on_ping (worker);
}

/* Both ends of a socketpair: ours as a stream, the child's as a descriptor. */
static GSocketConnection *
make_pair (int *child_fd)
{
  g_autoptr (GSocket) socket = NULL;
  int ends[2];

  if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
    return NULL;

  *child_fd = ends[1];
  socket = g_socket_new_from_fd (ends[0], NULL);

  return g_socket_connection_factory_create_connection (socket);
}

static void
spawn (GrWorker *worker)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_NONE);
  g_auto (GStrv) environment = gr_worker_environment ();
  g_autoptr (GSocketConnection) stream = NULL;
  g_autoptr (GError) error = NULL;
  int child_fd;

  stream = make_pair (&child_fd);
  if (stream == NULL)
    {
      gr_warning ("%s has to wait: no descriptors are left", worker->name);
      plan_restart (worker);
      return;
    }

  g_subprocess_launcher_take_fd (launcher, child_fd, CHILD_FD);
  g_subprocess_launcher_set_environ (launcher, environment);
  worker->began = g_get_monotonic_time ();
  worker->process = g_subprocess_launcher_spawnv (launcher, (const char *const *) worker->argv, &error);
  if (worker->process == NULL)
    {
      gr_warning ("%s cannot be started: %s", worker->name, error->message);
      return;
    }

  worker->cancellable = g_cancellable_new ();
  g_subprocess_wait_async (worker->process, NULL, on_ended, g_object_ref (worker));
  g_dbus_connection_new (G_IO_STREAM (stream), NULL, G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT, NULL,
                         worker->cancellable, on_connected, g_object_ref (worker));
}

static void
gr_worker_finalize (GObject *object)
{
  GrWorker *worker = GR_WORKER (object);

  g_free (worker->name);
  g_strfreev (worker->argv);

  G_OBJECT_CLASS (gr_worker_parent_class)->finalize (object);
}

static void
gr_worker_class_init (GrWorkerClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = gr_worker_finalize;

  signals[SIGNAL_UP] = g_signal_new ("up", GR_TYPE_WORKER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                     G_TYPE_DBUS_CONNECTION);
  signals[SIGNAL_DOWN] = g_signal_new ("down", GR_TYPE_WORKER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
gr_worker_init (GrWorker *worker)
{
  worker->pause_ms = PAUSE_MIN_MS;
}

GrWorker *
gr_worker_new (const char *name, const char *const *argv)
{
  GrWorker *worker = g_object_new (GR_TYPE_WORKER, NULL);
  g_autoptr (GStrvBuilder) arguments = g_strv_builder_new ();

  g_strv_builder_addv (arguments, (const char **) argv);
  g_strv_builder_add (arguments, "--fd");
  g_strv_builder_add (arguments, G_STRINGIFY (CHILD_FD));
  worker->argv = g_strv_builder_end (arguments);
  worker->name = g_strdup (name);

  return worker;
}

void
gr_worker_start (GrWorker *worker)
{
  gr_assert_main ();
  spawn (worker);
}

void
gr_worker_stop (GrWorker *worker)
{
  gr_assert_main ();
  worker->stopped = TRUE;
  g_clear_handle_id (&worker->restart_timer, g_source_remove);
  if (worker->process != NULL)
    g_subprocess_send_signal (worker->process, SIGTERM);
  let_go (worker);
}

gint
gr_worker_get_pid (GrWorker *worker)
{
  const char *identifier = worker->process != NULL ? g_subprocess_get_identifier (worker->process) : NULL;

  return identifier != NULL ? atoi (identifier) : 0;
}
