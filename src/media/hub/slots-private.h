/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the rooms of GrSlotTable share: slots.c reads their offers and keeps the table, slots-offer.c makes ours. The
 * hub's thread. */
#pragma once

#include "media/hub/slots.h"

G_BEGIN_DECLS

/* Marks a payload type as GR_SLOT_RTX of the format in the lower bits. */
#define GR_SLOT_RTX 0x80

struct _GrSlotTable
{
  GArray *lines;                                /* of GrSlotLine, in the order of the m-lines */
  guint8 payload_types[GR_SDP_N_PAYLOAD_TYPES]; /* format + 1, perhaps with GR_SLOT_RTX; 0 */
  guint8 extensions[GR_EXTENSION_MAX_ID + 1];   /* extension + 1; 0 */
};

GrSlotLine *gr_slot_table_line (const GrSlotTable *table, guint index);

/* Changes are made to a copy, which becomes the table once all of them fit. */
GrSlotTable *gr_slot_table_copy (const GrSlotTable *table);
void gr_slot_table_take_over (GrSlotTable *table, GrSlotTable *changed);

/* FALSE, with an error that names the mid. */
gboolean gr_slot_table_fail_line (const GrSdpMedia *media, GError **error, const char *message);

/* @line becomes the first slot of its kind that is free, with SSRCs that neither side uses; @offer: theirs, or NULL. */
void gr_slot_line_begin (GrSlotTable *table, GrSlotLine *line, const GrSdp *offer);
void gr_slot_line_end (GrSlotLine *line);

G_END_DECLS
