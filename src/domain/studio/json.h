/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How shows look in the contract (schemas/openapi.yaml), for HTTP, the WebSocket and D-Bus alike. Each function appends
 * one value. Any thread. */
#pragma once

#include "base/json-writer.h"
#include "domain/studio/broadcast.h"

G_BEGIN_DECLS

void gr_broadcast_record_write (GrJsonWriter *writer, const GrBroadcastRecord *record, const GrShowFacts *facts);

/* The members of an object: revision and scene. */
void gr_scene_write_members (GrJsonWriter *writer, const char *scene, gint64 revision);

/* Likewise revision and brand. */
void gr_brand_write_members (GrJsonWriter *writer, const GrBrand *brand);

void gr_saved_scene_write (GrJsonWriter *writer, const GrSavedScene *scene);

/* With links into @studio for who may have them; NULL: none. */
void gr_recording_write (GrJsonWriter *writer, const GrRecording *recording, GrStudio *studio);

/* Of a file's name; static. */
const char *gr_recording_file_type (const char *name);

G_END_DECLS
