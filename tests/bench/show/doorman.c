/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "doorman.h"

#include <poll.h>
#include <unistd.h>

/* The handshake, then connect, publish and what the stream is: with less than this no picture has come. The first one
 * of a show is a keyframe, and larger. */
#define BEFORE_PICTURES (3073 + 4096)

struct _Doorman
{
  GSocketListener *listener;
  guint16 port;
  GCancellable *cancellable;
  GThread *thread;
  GMutex mutex; /* guards what follows */
  gint64 connected;
  gint64 picture;
};

static void
note (Doorman *doorman, gint64 *moment)
{
  g_mutex_lock (&doorman->mutex);
  if (*moment == 0)
    *moment = g_get_monotonic_time ();
  g_mutex_unlock (&doorman->mutex);
}

static gboolean
pass (int from, int to, gsize *bytes)
{
  char buffer[65536];
  gssize n = read (from, buffer, sizeof buffer);

  for (gssize at = 0, written; at < n; at += written)
    if ((written = write (to, buffer + at, n - at)) <= 0)
      return FALSE;
  *bytes += MAX (n, 0);
  return n > 0;
}

static gpointer
stand (gpointer user_data)
{
  Doorman *doorman = user_data;
  g_autoptr (GSocketConnection) guest = g_socket_listener_accept (doorman->listener, NULL, doorman->cancellable, NULL);
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketConnection) server = NULL;
  struct pollfd ends[3] = { 0 };
  gsize in = 0, out = 0;
  gboolean open = TRUE;

  if (guest == NULL)
    return NULL;
  note (doorman, &doorman->connected);
  server = g_socket_client_connect_to_host (client, "127.0.0.1", doorman->port, doorman->cancellable, NULL);
  if (server == NULL)
    return NULL;

  ends[0] = (struct pollfd){ .fd = g_socket_get_fd (g_socket_connection_get_socket (guest)), .events = POLLIN };
  ends[1] = (struct pollfd){ .fd = g_socket_get_fd (g_socket_connection_get_socket (server)), .events = POLLIN };
  ends[2] = (struct pollfd){ .fd = g_cancellable_get_fd (doorman->cancellable), .events = POLLIN };
  g_socket_set_blocking (g_socket_connection_get_socket (guest), TRUE);
  g_socket_set_blocking (g_socket_connection_get_socket (server), TRUE);
  while (open && poll (ends, G_N_ELEMENTS (ends), -1) > 0 && ends[2].revents == 0)
    {
      if (ends[0].revents != 0)
        open = pass (ends[0].fd, ends[1].fd, &in);
      if (open && ends[1].revents != 0)
        open = pass (ends[1].fd, ends[0].fd, &out);
      if (in > BEFORE_PICTURES)
        note (doorman, &doorman->picture);
    }

  g_cancellable_release_fd (doorman->cancellable);
  return NULL;
}

Doorman *
doorman_new (guint16 port, guint16 *own_port)
{
  Doorman *doorman = g_new0 (Doorman, 1);

  g_mutex_init (&doorman->mutex);
  doorman->port = port;
  doorman->listener = g_socket_listener_new ();
  doorman->cancellable = g_cancellable_new ();
  *own_port = g_socket_listener_add_any_inet_port (doorman->listener, NULL, NULL);
  doorman->thread = g_thread_new ("doorman", stand, doorman);
  return doorman;
}

void
doorman_free (Doorman *doorman)
{
  g_cancellable_cancel (doorman->cancellable);
  g_thread_join (doorman->thread);
  g_object_unref (doorman->cancellable);
  g_object_unref (doorman->listener);
  g_mutex_clear (&doorman->mutex);
  g_free (doorman);
}

static gint64
read_moment (Doorman *doorman, const gint64 *moment)
{
  gint64 value;

  g_mutex_lock (&doorman->mutex);
  value = *moment;
  g_mutex_unlock (&doorman->mutex);
  return value;
}

gint64
doorman_connected_at (Doorman *doorman)
{
  return read_moment (doorman, &doorman->connected);
}

gint64
doorman_first_picture_at (Doorman *doorman)
{
  return read_moment (doorman, &doorman->picture);
}
