/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Passwords from the terminal, unseen, or from a pipe. One thread; blocks. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Asks twice on the terminal, or reads the first line of standard input. INVALID_INPUT when there is no terminal, when
 * nothing comes, or when the two differ. */
char *gr_password_ask (gboolean from_stdin, GError **error);

G_END_DECLS
