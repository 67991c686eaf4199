/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GrMailbox: a bounded queue of small values of one size between threads, with an eventfd that wakes the reader. Its
 * slots are allocated once. Many threads share it and post; one reads. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _GrMailbox GrMailbox;

/* For @capacity values of @value_size bytes. Returns NULL with errno set if there is no descriptor left. */
GrMailbox *gr_mailbox_new (gsize value_size, guint capacity);
GrMailbox *gr_mailbox_ref (GrMailbox *mailbox);
void gr_mailbox_unref (GrMailbox *mailbox);

/* From now on nobody can post; the reader takes what is left. */
void gr_mailbox_close (GrMailbox *mailbox);

/* Becomes readable when there is something to take. */
int gr_mailbox_get_fd (GrMailbox *mailbox);

/* Copies the value in. Returns FALSE when the mailbox is full or closed: the value stays the caller's. Any thread. */
gboolean gr_mailbox_post (GrMailbox *mailbox, gconstpointer value);

/* Makes the descriptor quiet again; call it before taking. Reader's thread. */
void gr_mailbox_acknowledge (GrMailbox *mailbox);

/* Copies the oldest value out, FALSE if there is none. Reader's thread. */
gboolean gr_mailbox_take (GrMailbox *mailbox, gpointer value);

G_END_DECLS
