/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Names of things: UUIDv7 ids, random tokens, speakable room codes. Any thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A UUIDv7 (RFC 9562, section 5.7) in lower case; each one sorts after those this process made before. */
char *gr_id_new (void);

/* Whether @text is a UUID in its 36 character form, lower case, of any version. */
gboolean gr_id_is_valid (const char *text);

/* @n_bytes of randomness as base64url without padding; 32 bytes make a secret. */
char *gr_token_new (gsize n_bytes);

/* What the database keeps of a token: SHA-256 in lower case hex. Tokens are random, so no salt is needed. */
char *gr_hash_token (const char *token);

/* Compares in a time that depends only on the lengths; NULL equals nothing. */
gboolean gr_equal_secret (const char *a, const char *b);

/* A speakable room code such as "mill-otter-42". A public address with about eight million values, not a secret. */
char *gr_code_new (void);

/* An invite such as "k7qf-2m9x-w4tz": 60 random bits in Crockford's base 32, lower case, so that it can be read out and
 * typed in. */
char *gr_invite_code_new (void);

G_END_DECLS
