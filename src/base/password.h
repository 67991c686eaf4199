/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Passwords: Argon2id (RFC 9106) by libsodium, 19 MiB and two passes. At most two run at once and 32 wait;
 * past that it is GR_ERROR_BUSY. Blocks for tens of milliseconds: pool threads only. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The encoded hash ("$argon2id$…") of @password. GR_ERROR_BUSY. */
char *gr_password_hash (const char *password, GError **error);

/* Whether @password is the one of @hash: GR_ERROR_BAD_CREDENTIALS if not, GR_ERROR_BUSY if nobody looked. Without
 * @hash (NULL: no such account, or one without a password) it does the same work and fails, so that time tells nothing.
 */
gboolean gr_password_verify (const char *hash, const char *password, GError **error);

/* Whether @hash was made with other parameters than today's, so that it is replaced at the next login. */
gboolean gr_password_needs_rehash (const char *hash);

G_END_DECLS
