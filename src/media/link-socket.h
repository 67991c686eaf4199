/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The end of a link that came with a D-Bus call: Hub.Attach, Program.Link. Main thread. */
#pragma once

#include <gio/gio.h>
#include <gio/gunixfdlist.h>

G_BEGIN_DECLS

/* The descriptor that @handle names, the caller's to close; −1 with GR_ERROR_INVALID_INPUT, field "socket", if it is
 * not there or is no SOCK_SEQPACKET of AF_UNIX. */
int gr_link_take_fd (GUnixFDList *fds, GVariant *handle, GError **error);

G_END_DECLS
