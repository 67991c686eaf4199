/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Stands before an RTMP server and notes when a publisher's first picture passes. A thread of its own. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _Doorman Doorman;

/* Takes one connection on a port of its own and passes it on to 127.0.0.1:@port. */
Doorman *doorman_new (guint16 port, guint16 *own_port);
void doorman_free (Doorman *doorman);

/* µs, monotonic; 0: not yet. Any thread. */
gint64 doorman_connected_at (Doorman *doorman);
gint64 doorman_first_picture_at (Doorman *doorman);

G_END_DECLS
