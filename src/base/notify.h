/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tells systemd how the service is (sd_notify(3)): one datagram, no library. Any thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Sends @state, such as "READY=1", to $NOTIFY_SOCKET; does nothing where there is none. */
void gr_notify (const char *state);

G_END_DECLS
