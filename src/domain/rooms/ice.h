/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The STUN and TURN servers that browsers are told. Any thread. */
#pragma once

#include "base/config.h"
#include "base/json-writer.h"

G_BEGIN_DECLS

/* Appends an array of RTCIceServer dictionaries (WebRTC 1.0, section 4.2.4) from [ice] servers, the TURN ones with
 * credentials for a day made from [ice] turn-secret. */
void gr_ice_servers_write (GrJsonWriter *writer, GrConfig *config);

G_END_DECLS
