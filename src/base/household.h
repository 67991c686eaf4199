/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Who counts as one when we count by network address. Any thread. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What those of one household share, as text: an IPv4 address (also when mapped into IPv6), or the /64 of an IPv6
 * address, since whoever has one address of it has all. */
char *gr_household_of (GInetAddress *address);

/* Likewise of a textual address; what is none stands for itself. */
char *gr_household_of_text (const char *address);

G_END_DECLS
