/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GrFakeHub: a GrHubPort that a test drives: what it was told is written down, its answers are the test's. Owned by the
 * test. Main thread. */
#pragma once

#include "domain/ports/hub.h"

G_BEGIN_DECLS

#define GR_TYPE_FAKE_HUB (gr_fake_hub_get_type ())
G_DECLARE_FINAL_TYPE (GrFakeHub, gr_fake_hub, GR, FAKE_HUB, GObject)

/* It is up. */
GrFakeHub *gr_fake_hub_new (void);

/* Says "up" or "down" when this changes. */
void gr_fake_hub_set_up (GrFakeHub *hub, gboolean up);

/* What it says when asked about everything. NULL: NOT_FOUND. About a room it gives a graph of its id.
 */
void gr_fake_hub_set_statistics (GrFakeHub *hub, const char *json);

/* The answer to every offer, or NULL: INVALID_INPUT. */
void gr_fake_hub_set_answer (GrFakeHub *hub, const char *sdp);

/* A line per call, as "leave ROOM PARTICIPANT"; owned by the hub. */
const char *gr_fake_hub_get_journal (GrFakeHub *hub);

G_END_DECLS
