/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plane-scene.h"

#include "plugins/hubtransport/feedback.h"

int
scene_open_socket (void)
{
  struct sockaddr_in any = { .sin_family = AF_INET, .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  int fd = socket (AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

  g_assert_cmpint (bind (fd, (struct sockaddr *) &any, sizeof any), ==, 0);
  return fd;
}

void
scene_open (Scene *scene, int fd, gint64 liveness)
{
  scene->commands = gr_mailbox_new (sizeof (GrCommand), 16);
  scene->notices = gr_mailbox_new (sizeof (GrNotice), 16);
  scene->plane = gr_plane_new (fd >= 0 ? &fd : NULL, fd >= 0, scene->commands, scene->notices, liveness);
}

void
scene_close (Scene *scene)
{
  gr_plane_free (scene->plane);
  gr_mailbox_unref (scene->commands);
  gr_mailbox_unref (scene->notices);
}

void
scene_set_up (Scene *scene, gconstpointer data)
{
  scene_open (scene, scene_open_socket (), SCENE_LIVENESS);
}

void
scene_tear_down (Scene *scene, gconstpointer data)
{
  scene_close (scene);
}

void
scene_obey (Scene *scene, GrCommand command)
{
  gr_plane_obey (scene->plane, &command);
}

void
scene_pass (Scene *scene, gint64 time)
{
  scene->plane->now += time;
  gr_feedback_check (scene->plane);
  gr_plane_flush (scene->plane);
}

gboolean
scene_was_told (Scene *scene, GrHubFactKind kind, GrHubFact *fact)
{
  GrNotice notice;
  gboolean told = FALSE;

  while (gr_mailbox_take (scene->notices, &notice))
    if (!notice.nominated && notice.fact.kind == kind)
      {
        *fact = notice.fact;
        told = TRUE;
      }
  return told;
}
