/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plugins/hubtransport/mailbox.h"

#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct _GrMailbox
{
  int fd;
  gsize value_size;
  guint capacity;

  /* A leaf: nothing else is locked while it is held. Facts pass here, never packets of media. */
  GMutex lock;
  guint8 *values;
  guint first;
  guint length;
  gboolean closed;
};

static gpointer
nth (GrMailbox *mailbox, guint position)
{
  return mailbox->values + (gsize) ((mailbox->first + position) % mailbox->capacity) * mailbox->value_size;
}

GrMailbox *
gr_mailbox_new (gsize value_size, guint capacity)
{
  int fd = eventfd (0, EFD_CLOEXEC | EFD_NONBLOCK);
  GrMailbox *mailbox;

  if (fd < 0)
    return NULL;

  mailbox = g_atomic_rc_box_new0 (GrMailbox);
  mailbox->fd = fd;
  mailbox->value_size = value_size;
  mailbox->capacity = capacity;
  mailbox->values = g_malloc_n (capacity, value_size);
  g_mutex_init (&mailbox->lock);
  return mailbox;
}

static void
clear (gpointer box)
{
  GrMailbox *mailbox = box;

  close (mailbox->fd);
  g_mutex_clear (&mailbox->lock);
  g_free (mailbox->values);
}

GrMailbox *
gr_mailbox_ref (GrMailbox *mailbox)
{
  return g_atomic_rc_box_acquire (mailbox);
}

void
gr_mailbox_unref (GrMailbox *mailbox)
{
  g_atomic_rc_box_release_full (mailbox, clear);
}

void
gr_mailbox_close (GrMailbox *mailbox)
{
  g_mutex_lock (&mailbox->lock);
  mailbox->closed = TRUE;
  g_mutex_unlock (&mailbox->lock);
}

int
gr_mailbox_get_fd (GrMailbox *mailbox)
{
  return mailbox->fd;
}

gboolean
gr_mailbox_post (GrMailbox *mailbox, gconstpointer value)
{
  gboolean wakes = FALSE;
  gboolean fits;

  g_mutex_lock (&mailbox->lock);
  fits = !mailbox->closed && mailbox->length < mailbox->capacity;
  if (fits)
    {
      memcpy (nth (mailbox, mailbox->length), value, mailbox->value_size);
      wakes = mailbox->length++ == 0;
    }
  g_mutex_unlock (&mailbox->lock);

  /* Fails only if the counter overflows, and then it is readable already. */
  if (wakes)
    eventfd_write (mailbox->fd, 1);

  return fits;
}

void
gr_mailbox_acknowledge (GrMailbox *mailbox)
{
  eventfd_t count;

  eventfd_read (mailbox->fd, &count);
}

gboolean
gr_mailbox_take (GrMailbox *mailbox, gpointer value)
{
  gboolean any;

  g_mutex_lock (&mailbox->lock);
  any = mailbox->length > 0;
  if (any)
    {
      memcpy (value, nth (mailbox, 0), mailbox->value_size);
      mailbox->first = (mailbox->first + 1) % mailbox->capacity;
      mailbox->length--;
    }
  g_mutex_unlock (&mailbox->lock);
  return any;
}
