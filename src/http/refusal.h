/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Refusing a connection below libsoup: one complete error response, then a short lingering close. Main thread. */
#pragma once

#include <gio/gio.h>

#include "base/error.h"

G_BEGIN_DECLS

/* Takes over @connection: writes the response for @code with @message, which pages of @origin may read (NULL: none but
 * our own), at once, as far as the socket takes it, ends
 * the sending side, and reads away what the client still sends (bounded in bytes and to two seconds) so that it gets
 * to read the response instead of a reset. Closes, then calls @released with @user_data. */
void gr_refuse (GIOStream *connection,
                GrErrorCode code,
                const char *message,
                const char *origin,
                GDestroyNotify released,
                gpointer user_data);

G_END_DECLS
