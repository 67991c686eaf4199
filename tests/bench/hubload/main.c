/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Load generator for hubs: starts a server, fills one room of it, and says what a few seconds of it cost, as one JSON
 * object.
 *
 *   bench-hubload --server build/src/media/greenroom-media --publishers 1 --subscribers 50
 *   bench-hubload --janus --publishers 20 --subscribers 0 --voice
 *
 * CPU time is the server's alone: utime and stime of all its threads. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "server.h"

static double
status_of (const char *pid, const char *field)
{
  g_autofree char *path = g_strdup_printf ("/proc/%s/status", pid);
  g_autofree char *text = NULL;
  const char *found;

  if (!g_file_get_contents (path, &text, NULL, NULL) || (found = strstr (text, field)) == NULL)
    gr_load_die (path, field);
  return g_ascii_strtod (found + strlen (field), NULL);
}

static const char *pid;
static double memory_with_one;

static void
note_first (GrLoad *load)
{
  memory_with_one = status_of (pid, "VmRSS:");
}

static double
cpu_seconds (void)
{
  struct timespec time;
  clockid_t clock;

  if (clock_getcpuclockid (atoi (pid), &clock) != 0 || clock_gettime (clock, &time) < 0)
    gr_load_die ("the server", "it is gone");
  return time.tv_sec + time.tv_nsec / 1e9;
}

static int
compare_doubles (gconstpointer a, gconstpointer b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

static double
percentile (const GArray *sorted, guint of_1000)
{
  return g_array_index (sorted, double, sorted->len *of_1000 / 1000);
}

static void
print_figure (const char *name, double value, gboolean last)
{
  printf ("\"%s\":%.3f%s", name, value, last ? "}\n" : ",");
}

static void
check (const GrLoad *load, guint64 expected)
{
  const GrLoadCounters *counters = &load->counters;

  for (guint i = 0; i < load->legs->len; i++)
    {
      const GrLeg *leg = g_ptr_array_index (load->legs, i);

      if (leg->receives > 0 && leg->received == 0)
        gr_load_die ("check", "somebody received nothing");
    }
  /* What was under way when the measurement began comes on top. */
  if (counters->wrong == 0 && counters->strangers == 0 && counters->delays->len > 0
      && counters->received <= expected * 11 / 10)
    return;

  fprintf (stderr,
           "hubload: %" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT " came, %" G_GUINT64_FORMAT
           " decrypted, %" G_GUINT64_FORMAT " wrong, %" G_GUINT64_FORMAT " of unknown streams\n",
           counters->received, expected, counters->decrypted, counters->wrong, counters->strangers);
  gr_load_die ("check", "what came is not what was sent");
}

int
main (int argc, char **argv)
{
  int publishers = 1, subscribers = 50, seconds = 5;
  gboolean voice = FALSE, use_janus = FALSE;
  g_autofree char *path = NULL;
  g_autofree char *address = NULL;
  GrLoad load = { .first_in = note_first };
  const GOptionEntry entries[] = {
    { "server", 0, 0, G_OPTION_ARG_FILENAME, &path, "greenroom-media, or another janus", "PATH" },
    { "janus", 0, 0, G_OPTION_ARG_NONE, &use_janus, "The server is Janus", NULL },
    { "address", 0, 0, G_OPTION_ARG_STRING, &address, "Of the server and of all who connect", "ADDRESS" },
    { "publishers", 0, 0, G_OPTION_ARG_INT, &publishers, "Who send", "N" },
    { "subscribers", 0, 0, G_OPTION_ARG_INT, &subscribers, "Who only receive", "N" },
    { "seconds", 0, 0, G_OPTION_ARG_INT, &seconds, "How long to measure", "N" },
    { "voice", 0, 0, G_OPTION_ARG_NONE, &voice, "Opus instead of VP8, and publishers hear each other", NULL },
    { "even", 0, 0, G_OPTION_ARG_NONE, &load.even, "Packets of a picture evenly, not a frame at once", NULL },
    { 0 },
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) process = NULL;
  struct rlimit files = { 16384, 16384 };
  const GrLoadServer *server;
  double idle, threads, people, cpu;
  guint64 sent = 0;

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    gr_load_die ("usage", error->message);

  setrlimit (RLIMIT_NOFILE, &files);
  load.address = address != NULL ? address : "127.0.0.1";
  gr_load_init (&load, voice);
  server = use_janus ? &gr_load_janus : &gr_load_greenroom;
  process = server->start (&load, path);
  pid = g_subprocess_get_identifier (process);
  idle = status_of (pid, "VmRSS:");
  threads = status_of (pid, "Threads:");
  people = publishers + subscribers;
  server->fill (&load, publishers, subscribers);
  gr_load_run (&load, 2);

  printf ("{");
  print_figure ("idleMemory", idle / 1024, FALSE);
  print_figure ("memory", (status_of (pid, "VmRSS:") - idle) / 1024 / people, FALSE);
  print_figure ("furtherMemory", (status_of (pid, "VmRSS:") - memory_with_one) / 1024 / (people - 1), FALSE);
  print_figure ("threads", (status_of (pid, "Threads:") - threads) / people, FALSE);

  for (guint i = 0; i < load.legs->len; i++)
    sent -= ((GrLeg *) g_ptr_array_index (load.legs, i))->sent;
  load.measuring = TRUE;
  cpu = cpu_seconds ();
  gr_load_run (&load, seconds);
  cpu = cpu_seconds () - cpu;
  for (guint i = 0; i < load.legs->len; i++)
    sent += ((GrLeg *) g_ptr_array_index (load.legs, i))->sent;

  sent *= voice ? publishers - 1 : subscribers;
  check (&load, sent);
  g_array_sort (load.counters.delays, compare_doubles);
  print_figure ("perCpuSecond", load.counters.received / cpu, FALSE);
  print_figure ("cpu", cpu / seconds, FALSE);
  print_figure ("arrived", (double) load.counters.received / sent, FALSE);
  print_figure ("gaps", load.counters.gaps, FALSE);
  print_figure ("repaired", load.counters.asked > 0 ? (double) load.counters.repaired / load.counters.asked : 1, FALSE);
  print_figure ("delayMedian", percentile (load.counters.delays, 500), FALSE);
  print_figure ("delay99", percentile (load.counters.delays, 990), TRUE);
  server->stop (&load, process);
  return 0;
}
