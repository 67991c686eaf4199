/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "waiting.h"

#define DEADLINE_SECONDS 20

static GAsyncResult *last_result;

void
keep_result (GObject *source, GAsyncResult *result, gpointer data)
{
  last_result = g_object_ref (result);
}

static gboolean
on_deadline (gpointer data)
{
  g_error ("nothing happened for %d seconds", DEADLINE_SECONDS);

  return G_SOURCE_REMOVE;
}

void
wait_while (gboolean (*pending) (gpointer), gpointer data)
{
  guint watchdog = g_timeout_add_seconds (DEADLINE_SECONDS, on_deadline, NULL);

  while (pending (data))
    g_main_context_iteration (NULL, TRUE);

  g_source_remove (watchdog);
}

static gboolean
has_no_result (gpointer data)
{
  return last_result == NULL;
}

GAsyncResult *
wait_result (void)
{
  wait_while (has_no_result, NULL);

  return g_steal_pointer (&last_result);
}
