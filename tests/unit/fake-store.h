/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GrFakeStore: the store's port in memory, as much of it as the domain calls. Judges joins by capacity alone: the rest
 * is the real store's business and tested there. Any thread. */
#pragma once

#include "domain/ports/store.h"

G_BEGIN_DECLS

#define GR_TYPE_FAKE_STORE (gr_fake_store_get_type ())
G_DECLARE_FINAL_TYPE (GrFakeStore, gr_fake_store, GR, FAKE_STORE, GObject)

GrFakeStore *gr_fake_store_new (void);

/* While it is away everything fails with GR_ERROR_UNAVAILABLE. */
void gr_fake_store_set_away (GrFakeStore *store, gboolean away);

/* While the door is held, whoever takes a seat has it but is not told. */
void gr_fake_store_hold_door (GrFakeStore *store, gboolean held);

guint gr_fake_store_count_seats (GrFakeStore *store);

/* The role that a participant's seat has; -1 if it is free. */
gint gr_fake_store_get_role (GrFakeStore *store, const char *participant_id);

G_END_DECLS
