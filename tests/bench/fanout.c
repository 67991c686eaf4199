/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Load generator for chat: fills rooms with sockets, has one of each room say something at every tick, and measures the
 * time until each socket has read it. One thread, so that its own cost stays small beside the server's.
 *
 *   fanout --port 8080 --pid SERVER --sockets 500 --messages 100 --tick 100 --label greenroom ROOM…
 *
 * Prints one line of JSON per figure. Plain RFC 6455 without TLS; anything that answers join with joined and passes
 * chat-message on can be measured. */
#define _GNU_SOURCE

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#define RECEIVE_BYTES (256 * 1024)
#define DEADLINE_SECONDS 60
#define MARK "tick "

typedef struct
{
  int fd;
  guint room;
  gboolean joined;
  GByteArray *pending; /* what is not a whole frame yet */
  GByteArray *outgoing;
} Client;

typedef struct
{
  GPtrArray *clients;
  guint per_room;
  guint n_rooms;
  guint n_joined;
  int epoll;
  gint64 *sent_at;   /* by tick */
  GArray *latencies; /* double, ms */
} Load;

static void
die (const char *what)
{
  fprintf (stderr, "fanout: %s: %s\n", what, g_strerror (errno));
  exit (1);
}

static void
write_all (int fd, const void *bytes, gsize length)
{
  while (length > 0)
    {
      gssize written = send (fd, bytes, length, MSG_NOSIGNAL);

      if (written < 0 && errno == EAGAIN)
        continue;
      if (written < 0)
        die ("send");

      bytes = (const guint8 *) bytes + written;
      length -= written;
    }
}

/* A masked frame (RFC 6455, section 5.3) with a mask of zeros, which is as good as any on loopback. */
static void
send_frame (Client *client, guint8 opcode, const char *payload, gsize length)
{
  guint8 head[8] = { 0x80 | opcode, 0x80 | MIN (length, 126), length >> 8, length & 0xff };

  if (length < 126)
    memset (head + 2, 0, 4);

  /* In one piece, or Nagle's algorithm would hold the payload back until the head is acknowledged. */
  g_byte_array_set_size (client->outgoing, 0);
  g_byte_array_append (client->outgoing, head, length < 126 ? 6 : 8);
  g_byte_array_append (client->outgoing, (const guint8 *) payload, length);
  write_all (client->fd, client->outgoing->data, client->outgoing->len);
}

static void
send_text (Client *client, const char *text)
{
  send_frame (client, 0x1, text, strlen (text));
}

static Client *
open_client (guint16 port, guint room)
{
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons (port) };
  Client *client = g_new0 (Client, 1);
  char request[512];
  char reply[1024];
  gsize got = 0;

  inet_pton (AF_INET, "127.0.0.1", &address.sin_addr);
  client->room = room;
  client->pending = g_byte_array_new ();
  client->outgoing = g_byte_array_new ();
  client->fd = socket (AF_INET, SOCK_STREAM, 0);
  if (client->fd < 0 || connect (client->fd, (struct sockaddr *) &address, sizeof address) < 0)
    die ("connect");

  g_snprintf (request, sizeof request,
              "GET /ws HTTP/1.1\r\nHost: 127.0.0.1:%u\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
              "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
              port);
  write_all (client->fd, request, strlen (request));

  /* The server says nothing more before it is spoken to, so what comes is the handshake alone. */
  while (got < 4 || memcmp (reply + got - 4, "\r\n\r\n", 4) != 0)
    {
      gssize n = recv (client->fd, reply + got, sizeof reply - got, 0);

      if (n <= 0 || got + n == sizeof reply)
        die ("handshake");
      got += n;
    }

  if (strncmp (reply, "HTTP/1.1 101", 12) != 0)
    {
      fprintf (stderr, "fanout: the server refused: %.*s\n", (int) got, reply);
      exit (1);
    }

  fcntl (client->fd, F_SETFL, O_NONBLOCK);

  return client;
}

static void
take_text (Load *load, Client *client, const char *text, gsize length, gint64 now)
{
  const char *mark;

  if (!client->joined)
    {
      if (memmem (text, MIN (length, 40), "\"joined\"", 8) == NULL)
        return;

      client->joined = TRUE;
      load->n_joined++;
      return;
    }

  if (memmem (text, MIN (length, 40), "\"chat-message\"", 14) == NULL)
    return;

  mark = memmem (text, length, MARK, strlen (MARK));
  if (mark != NULL)
    {
      guint tick = strtoul (mark + strlen (MARK), NULL, 10);
      double ms = (now - load->sent_at[tick]) / 1000.0;

      g_array_append_val (load->latencies, ms);
    }
}

static void
take_frames (Load *load, Client *client, gint64 now)
{
  GByteArray *pending = client->pending;
  gsize at = 0;

  while (pending->len - at >= 2)
    {
      const guint8 *frame = pending->data + at;
      gsize length = frame[1] & 0x7f;
      gsize head = 2;

      if (length == 126)
        {
          head = 4;
          if (pending->len - at < head)
            break;
          length = frame[2] << 8 | frame[3];
        }
      else if (length == 127)
        {
          head = 10;
          if (pending->len - at < head)
            break;
          length = 0;
          for (guint i = 2; i < 10; i++)
            length = length << 8 | frame[i];
        }

      if (pending->len - at < head + length)
        break;

      if ((frame[0] & 0xf) == 0x1)
        take_text (load, client, (const char *) frame + head, length, now);
      else if ((frame[0] & 0xf) == 0x9)
        send_frame (client, 0xa, (const char *) frame + head, length);
      at += head + length;
    }

  g_byte_array_remove_range (pending, 0, at);
}

/* Reads whatever has come, waiting up to @ms for the first of it. */
static void
pump (Load *load, int ms)
{
  static guint8 bytes[RECEIVE_BYTES];
  struct epoll_event events[256];
  int n = epoll_wait (load->epoll, events, G_N_ELEMENTS (events), ms);

  for (int i = 0; i < n; i++)
    {
      Client *client = events[i].data.ptr;
      gssize got = recv (client->fd, bytes, sizeof bytes, 0);

      if (got <= 0 && errno != EAGAIN)
        die ("a socket was closed");

      if (got > 0)
        {
          g_byte_array_append (client->pending, bytes, got);
          take_frames (load, client, g_get_monotonic_time ());
        }
    }
}

static void
fill_rooms (Load *load, guint16 port, char **rooms)
{
  gint64 deadline = g_get_monotonic_time () + DEADLINE_SECONDS * G_USEC_PER_SEC;

  for (guint i = 0; i < load->per_room * load->n_rooms; i++)
    {
      Client *client = open_client (port, i % load->n_rooms);
      struct epoll_event event = { .events = EPOLLIN, .data.ptr = client };
      g_autofree char *join
          = g_strdup_printf ("{\"type\":\"join\",\"room\":\"%s\",\"name\":\"Person %u\"}", rooms[client->room], i);

      g_ptr_array_add (load->clients, client);
      epoll_ctl (load->epoll, EPOLL_CTL_ADD, client->fd, &event);
      send_text (client, join);

      while (!client->joined)
        {
          pump (load, 100);
          if (g_get_monotonic_time () > deadline)
            die ("joining took too long");
        }
    }
}

/* A different socket speaks each time, as rooms limit how fast one person may. */
static void
speak (Load *load, guint tick)
{
  g_autofree char *text
      = g_strdup_printf ("{\"type\":\"chat-message\",\"text\":\"" MARK "%u of a long evening\"}", tick);

  load->sent_at[tick] = g_get_monotonic_time ();
  for (guint room = 0; room < load->n_rooms; room++)
    send_text (g_ptr_array_index (load->clients, (tick % load->per_room) * load->n_rooms + room), text);
}

static double
cpu_seconds (int pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/stat", pid);
  g_autofree char *stat = NULL;
  g_auto (GStrv) fields = NULL;

  if (pid == 0 || !g_file_get_contents (path, &stat, NULL, NULL))
    return 0;

  fields = g_strsplit (strrchr (stat, ')') + 2, " ", -1);

  return (g_ascii_strtod (fields[11], NULL) + g_ascii_strtod (fields[12], NULL)) / sysconf (_SC_CLK_TCK);
}

static int
compare_doubles (gconstpointer a, gconstpointer b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

static void
print_figure (const char *label, const char *figure, double value, const char *unit, const char *target)
{
  printf ("{\"name\":\"%s: %s\",\"value\":%.2f,\"unit\":\"%s\"%s%s}\n", label, figure, value, unit,
          target[0] != '\0' ? ",\"target\":" : "", target);
}

int
main (int argc, char **argv)
{
  int port = 0, pid = 0, per_room = 500, messages = 100, tick_ms = 100;
  g_autofree char *label = NULL;
  g_autofree char *target = NULL;
  const GOptionEntry entries[] = {
    { "port", 0, 0, G_OPTION_ARG_INT, &port, "Port on 127.0.0.1", "PORT" },
    { "pid", 0, 0, G_OPTION_ARG_INT, &pid, "The server, to count its CPU time", "PID" },
    { "sockets", 0, 0, G_OPTION_ARG_INT, &per_room, "Sockets in each room", "N" },
    { "messages", 0, 0, G_OPTION_ARG_INT, &messages, "Messages in each room", "N" },
    { "tick", 0, 0, G_OPTION_ARG_INT, &tick_ms, "Milliseconds between messages", "MS" },
    { "label", 0, 0, G_OPTION_ARG_STRING, &label, "Begins the name of each figure", "TEXT" },
    { "target", 0, 0, G_OPTION_ARG_STRING, &target, "Of the 99th percentile, in ms", "MS" },
    { 0 },
  };
  g_autoptr (GOptionContext) context = g_option_context_new ("ROOM…");
  g_autoptr (GError) error = NULL;
  Load load = { .clients = g_ptr_array_new (), .latencies = g_array_new (FALSE, FALSE, sizeof (double)) };
  struct rlimit files = { 16384, 16384 };
  gint64 began;
  double cpu;
  guint expected;

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error) || argc < 2 || port == 0)
    {
      fprintf (stderr, "fanout: %s\n", error != NULL ? error->message : "say --port and the rooms");
      return 2;
    }

  setrlimit (RLIMIT_NOFILE, &files);
  load.n_rooms = argc - 1;
  load.per_room = per_room;
  load.sent_at = g_new0 (gint64, messages);
  load.epoll = epoll_create1 (0);
  fill_rooms (&load, port, argv + 1);

  expected = messages * per_room * load.n_rooms;
  began = g_get_monotonic_time ();
  cpu = cpu_seconds (pid);
  for (int tick = 0; tick < messages; tick++)
    {
      speak (&load, tick);
      for (gint64 left; (left = began + (tick + 1) * tick_ms * 1000L - g_get_monotonic_time ()) > 0;)
        pump (&load, (left + 999) / 1000);
    }
  while (load.latencies->len < expected && g_get_monotonic_time () < began + DEADLINE_SECONDS * G_USEC_PER_SEC)
    pump (&load, 100);
  cpu = cpu_seconds (pid) - cpu;

  if (load.latencies->len < expected)
    {
      fprintf (stderr, "fanout: %u of %u deliveries came\n", load.latencies->len, expected);
      return 1;
    }

  g_array_sort (load.latencies, compare_doubles);
  print_figure (label, "chat delivery, median", g_array_index (load.latencies, double, expected / 2), "ms", "");
  print_figure (label, "chat delivery, p99", g_array_index (load.latencies, double, expected / 100 * 99), "ms",
                target != NULL ? target : "");
  if (pid != 0)
    print_figure (label, "server CPU per delivery", cpu / expected * 1e6, "us", "");

  return 0;
}
