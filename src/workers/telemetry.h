/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GrHubTelemetry: the hub in /metrics. Counters are asked for every five seconds while anybody is in a room that goes
 * through the hub; whether it is up, and how often it came back, is told by its signals. What is counted per track is
 * summed up by kind, so the number of figures does not grow with the number of people. Owned by the composition root.
 * Main thread. */
#pragma once

#include "domain/ports/hub.h"
#include "domain/rooms/house.h"

G_BEGIN_DECLS

#define GR_TYPE_HUB_TELEMETRY (gr_hub_telemetry_get_type ())
G_DECLARE_FINAL_TYPE (GrHubTelemetry, gr_hub_telemetry, GR, HUB_TELEMETRY, GObject)

GrHubTelemetry *gr_hub_telemetry_new (GrHouse *house, GrHubPort *hub);

/* Asks now, without waiting for the next turn. */
void gr_hub_telemetry_poll (GrHubTelemetry *telemetry);

G_END_DECLS
