/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where a show goes: what makes an address good, and how an output fares. Values; any thread. */
#pragma once

#include <gio/gio.h>

#include "base/json-writer.h"
#include "domain/studio/record.h"

G_BEGIN_DECLS

/* How an output of a show fares, as OutputStatus of the contract and Output of org.greenroom.Media1.Program say. */
typedef struct
{
  char *state;  /* "idle" where no show is running */
  char *reason; /* NULL: nothing is wrong */
  char *message;
  gint64 bits_per_second;
  gint64 dropped;
  double round_trip_ms; /* negative: not known */
  gint64 attempt;
  gint64 retry_in_ms;
  double seconds; /* of a recording, likewise bytes */
  gint64 bytes;
  gint64 unacknowledged_bytes; /* sent, and not confirmed by the other side yet */
} GrOutputStatus;

GrOutputStatus *gr_output_status_new (const char *state);
void gr_output_status_free (GrOutputStatus *status);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GrOutputStatus, gr_output_status_free)

/* What a program process says of an output. MALFORMED, or INVALID_INPUT with the member. */
GrOutputStatus *gr_output_status_parse (const char *json, GError **error);

/* The address of a platform, without the key; NULL for "custom". */
const char *gr_platform_get_url (const char *platform);

/* What the platform is called. */
const char *gr_platform_get_name (const char *platform);

/* Whether @url is one that a show can go to: rtmp:// or rtmps://, a host, an application's path, and, unless
 * @allow_private, no address inside our own network. Names are looked up when they are connected to, not here.
 * INVALID_INPUT (field rtmpUrl). */
gboolean gr_destination_check_url (const char *url, gboolean allow_private, GError **error);

/* As in the contract, without the key; a password in the address is masked. @status: NULL is idle. */
void gr_destination_write (GrJsonWriter *writer, const GrDestination *destination, const GrOutputStatus *status);

G_END_DECLS
