/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plugins/hubtransport/hub-thread.h"

#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "plugins/hubtransport/feedback.h"
#include "plugins/hubtransport/forward.h"
#include "plugins/hubtransport/snapshot.h"
#include "plugins/hubtransport/transport.h"

/* µs */
#define LEVELS_INTERVAL (100 * 1000)
#define RATES_INTERVAL G_USEC_PER_SEC
#define LIVENESS_INTERVAL (100 * 1000)
/* The place of the mailbox among the events; sockets have their indices. */
#define COMMANDS G_MAXUINT32
#define LINKS (G_MAXUINT32 - 1)

struct _GrHubThread
{
  GThread *thread;
  int epoll;
  GrPlane *plane;
};

static void
receive (GrPlane *plane, guint socket)
{
  struct mmsghdr messages[GR_PLANE_ARRIVALS];
  struct iovec spans[GR_PLANE_ARRIVALS];
  GrAddress from[GR_PLANE_ARRIVALS];
  int n;

  memset (messages, 0, sizeof messages);
  memset (from, 0, sizeof from);
  for (guint i = 0; i < GR_PLANE_ARRIVALS; i++)
    {
      spans[i] = (struct iovec){ plane->received[i], GR_PLANE_RECEIVE_BYTES };
      messages[i].msg_hdr.msg_name = &from[i].any;
      messages[i].msg_hdr.msg_namelen = sizeof from[i].v6;
      messages[i].msg_hdr.msg_iov = &spans[i];
      messages[i].msg_hdr.msg_iovlen = 1;
    }

  n = recvmmsg (plane->sockets[socket].fd, messages, GR_PLANE_ARRIVALS, MSG_DONTWAIT, NULL);
  plane->counters.receive_calls++;
  for (int i = 0; i < n; i++)
    {
      from[i].socket = socket;
      if (messages[i].msg_hdr.msg_flags & MSG_TRUNC)
        plane->counters.truncated++;
      else
        gr_transport_receive (plane, &from[i], plane->received[i], messages[i].msg_len);
    }

  gr_forward_all (plane);
}

/* FALSE when the thread shall end. */
static gboolean
take_commands (GrPlane *plane)
{
  GrCommand command;

  gr_mailbox_acknowledge (plane->commands);
  while (gr_mailbox_take (plane->commands, &command))
    {
      if (command.kind == GR_COMMAND_QUIT)
        return FALSE;
      gr_plane_obey (plane, &command);
    }

  return TRUE;
}

static void
do_what_is_due (GrPlane *plane)
{
  if (plane->now >= plane->next_check)
    gr_feedback_check (plane);
  if (plane->now >= plane->next_levels)
    {
      gr_snapshot_tell_levels (plane);
      plane->next_levels = plane->now + LEVELS_INTERVAL;
    }
  if (plane->now >= plane->next_liveness)
    {
      gr_transport_check (plane);
      gr_feedback_report (plane);
      plane->next_liveness = plane->now + LIVENESS_INTERVAL;
    }
  if (plane->now >= plane->next_rates)
    {
      gr_snapshot_take_rates (plane, plane->now - plane->next_rates + RATES_INTERVAL);
      plane->next_rates = plane->now + RATES_INTERVAL;
    }
}

/* Milliseconds until something is due, −1 for an empty house. */
static int
time_left (const GrPlane *plane)
{
  gint64 due;

  if (g_hash_table_size (plane->peers) == 0)
    return -1;

  due = MIN (MIN (plane->next_check, plane->next_levels), MIN (plane->next_liveness, plane->next_rates));
  return CLAMP ((due - g_get_monotonic_time () + 999) / 1000, 0, 1000);
}

static gpointer
run (gpointer user_data)
{
  GrHubThread *thread = user_data;
  GrPlane *plane = thread->plane;
  gboolean running = TRUE;

  while (running)
    {
      struct epoll_event events[GR_HUB_MAX_ADDRESSES + 2];
      int n = epoll_wait (thread->epoll, events, G_N_ELEMENTS (events), time_left (plane));

      plane->now = g_get_monotonic_time ();
      for (int i = 0; i < n; i++)
        if (events[i].data.u32 == COMMANDS)
          running = take_commands (plane);
        else if (events[i].data.u32 == LINKS)
          gr_link_receive_all (plane);
        else
          receive (plane, events[i].data.u32);
      do_what_is_due (plane);
      gr_plane_flush (plane);
    }

  return NULL;
}

static gboolean
watch (int epoll, int fd, guint32 place)
{
  struct epoll_event event = { .events = EPOLLIN, .data.u32 = place };

  return epoll_ctl (epoll, EPOLL_CTL_ADD, fd, &event) == 0;
}

GrHubThread *
gr_hub_thread_start (GrPlane *plane)
{
  GrHubThread *thread = g_new0 (GrHubThread, 1);
  gboolean watched;

  thread->plane = plane;
  thread->epoll = epoll_create1 (EPOLL_CLOEXEC);
  watched = thread->epoll >= 0 && watch (thread->epoll, gr_mailbox_get_fd (plane->commands), COMMANDS)
            && watch (thread->epoll, plane->link_epoll, LINKS);
  for (guint i = 0; watched && i < plane->n_sockets; i++)
    watched = watch (thread->epoll, plane->sockets[i].fd, i);

  if (watched)
    thread->thread = g_thread_try_new ("hub", run, thread, NULL);
  if (thread->thread == NULL)
    {
      gr_hub_thread_stop (thread);
      return NULL;
    }

  return thread;
}

void
gr_hub_thread_stop (GrHubThread *thread)
{
  GrMailbox *commands = gr_mailbox_ref (thread->plane->commands);
  GrCommand command = { .kind = GR_COMMAND_QUIT };

  if (thread->thread != NULL)
    {
      /* A full mailbox is being emptied. */
      while (!gr_mailbox_post (commands, &command))
        g_thread_yield ();
      g_thread_join (thread->thread);
    }

  gr_mailbox_close (commands);
  while (gr_mailbox_take (commands, &command))
    gr_command_clear (&command);
  gr_mailbox_unref (commands);
  gr_plane_free (thread->plane);
  if (thread->epoll >= 0)
    close (thread->epoll);
  g_free (thread);
}
