/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Who is who, for a test: a resolver that answers as it is told, in the place of GIO's; and an authority that certifies
 * servers, which the whole process trusts. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The first lookup of @name gives @first, each later one @later; all else is for the resolver of before. For the rest
 * of the process. */
void names_set (const char *name, const char *first, const char *later);
/* Lookups of @name so far. */
guint names_count (void);

/* A certificate for the host @name. @trusted: by the authority, else by nobody. Files go to @directory. */
GTlsCertificate *names_certify (const char *directory, const char *name, gboolean trusted);
/* Trusts the authority of @directory, from now on. */
void names_trust (const char *directory);

G_END_DECLS
