/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "worker.h"

#include <string.h>
#include <unistd.h>

#include "media-process.h"
#include "person.h"

#define TURN_MS 10

static void
on_signal (GDBusConnection *connection,
           const char *sender,
           const char *path,
           const char *interface,
           const char *name,
           GVariant *arguments,
           gpointer user_data)
{
  Worker *worker = user_data;

  if (g_str_equal (name, "Connected"))
    worker->connected++;
}

static void
on_ended (GObject *process, GAsyncResult *result, gpointer user_data)
{
  Worker *worker = user_data;

  g_subprocess_wait_finish (G_SUBPROCESS (process), result, NULL);
  worker->ended = TRUE;
}

Worker *
worker_start (guint watchdog)
{
  static const char *const role[] = { "hub", "--fd", "3", "--listen", "127.0.0.1:0", NULL };
  Worker *worker = g_new0 (Worker, 1);

  alarm (watchdog);
  worker->process = media_process_start (role, &worker->hub);
  g_subprocess_wait_async (worker->process, NULL, on_ended, worker);
  g_dbus_connection_signal_subscribe (worker->hub, NULL, "org.greenroom.Media1.Hub", NULL, NULL, NULL,
                                      G_DBUS_SIGNAL_FLAGS_NONE, on_signal, worker, NULL);
  return worker;
}

void
worker_stop (Worker *worker)
{
  g_dbus_connection_close_sync (worker->hub, NULL, NULL);
  while (!worker->ended)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (g_subprocess_get_if_exited (worker->process));
  g_assert_cmpint (g_subprocess_get_exit_status (worker->process), ==, 0);

  g_object_unref (worker->hub);
  g_object_unref (worker->process);
  g_free (worker);
  alarm (0);
}

static guint
read_number (const char *status, const char *name)
{
  const char *found = strstr (status, name);

  g_assert_nonnull (found);
  return strtoul (found + strlen (name), NULL, 10);
}

/* proc(5): user and system time, fields 14 and 15, in ticks; the name in field 2 ends with the last bracket. */
static guint
read_processor_ms (const char *pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%s/stat", pid);
  g_autofree char *text = NULL;
  g_auto (GStrv) fields = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  fields = g_strsplit (strrchr (text, ')') + 2, " ", 15);
  return (strtoul (fields[11], NULL, 10) + strtoul (fields[12], NULL, 10)) * 1000 / sysconf (_SC_CLK_TCK);
}

WorkerFigures
worker_figures (Worker *worker)
{
  const char *pid = g_subprocess_get_identifier (worker->process);
  g_autofree char *status_path = g_strdup_printf ("/proc/%s/status", pid);
  g_autofree char *folder_path = g_strdup_printf ("/proc/%s/fd", pid);
  g_autoptr (GDir) folder = g_dir_open (folder_path, 0, NULL);
  g_autofree char *status = NULL;
  WorkerFigures figures = { 0 };

  g_assert_true (g_file_get_contents (status_path, &status, NULL, NULL));
  figures.threads = read_number (status, "Threads:");
  figures.kilobytes = read_number (status, "VmRSS:");
  figures.processor_ms = read_processor_ms (pid);
  while (g_dir_read_name (folder) != NULL)
    figures.descriptors++;
  return figures;
}

void
worker_call (Worker *worker, const char *method, GVariant *arguments)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = hub_call (worker->hub, method, arguments, &error);

  g_assert_no_error (error);
}

char *
worker_statistics (Worker *worker)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = hub_call (worker->hub, "Statistics", NULL, &error);
  char *json;

  g_assert_no_error (error);
  g_variant_get (reply, "(s)", &json);
  return json;
}

/* The statistics are flat and written by us: a member's name and its number stand beside each other. */
static gint64
sum_up (const char *json, const char *member, gboolean once)
{
  g_autofree char *name = g_strdup_printf ("\"%s\":", member);
  gint64 sum = 0;

  for (const char *at = strstr (json, name); at != NULL; at = once ? NULL : strstr (at + 1, name))
    sum += g_ascii_strtoll (at + strlen (name), NULL, 10);
  return sum;
}

gint64
worker_counter (Worker *worker, const char *member)
{
  g_autofree char *json = worker_statistics (worker);

  return sum_up (json, member, TRUE);
}

gint64
worker_sum (Worker *worker, const char *member)
{
  g_autofree char *json = worker_statistics (worker);

  return sum_up (json, member, FALSE);
}

static gboolean
wake (gpointer user_data)
{
  return G_SOURCE_REMOVE;
}

void
worker_turn (void)
{
  guint waker = g_timeout_add (TURN_MS, wake, NULL);
  GSource *source = g_main_context_find_source_by_id (NULL, waker);

  g_source_ref (source);
  g_main_context_iteration (NULL, TRUE);
  g_source_destroy (source);
  g_source_unref (source);
}
