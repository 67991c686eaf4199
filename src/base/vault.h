/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Secrets of others that we must be able to say again, such as stream keys, as they lie in the database: sealed with
 * XChaCha20-Poly1305 (libsodium) under a key of the installation. Any thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define GR_VAULT_KEY_BYTES 32

typedef struct
{
  guint8 bytes[GR_VAULT_KEY_BYTES];
} GrVaultKey;

/* @secret sealed, as Base64. It opens only with the same @key and @owner, such as the id of the row that holds it. */
char *gr_vault_seal (const GrVaultKey *key, const char *owner, const char *secret);

/* What was sealed; gr_vault_forget() it. GR_ERROR_INTERNAL when it is not what gr_vault_seal() made for @owner. */
char *gr_vault_open (const GrVaultKey *key, const char *owner, const char *sealed, GError **error);

/* Overwrites and frees a secret (NULL is fine). */
void gr_vault_forget (char *secret);

G_END_DECLS
