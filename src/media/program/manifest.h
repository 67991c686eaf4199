/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* manifest.json: how the files of single tracks lie beside each other on one clock. Any thread.
 *
 *   {"version":1,"originUs":1234567,"tracks":[{"file":"01-camera.mkv","participantId":"…","name":"…","kind":"camera",
 *    "codec":"vp8","offsetUs":0,"durationUs":5000000,"continues":null,"error":null}]}
 *
 * A file begins offsetUs after the earliest one; that one begins at originUs of the programme's clock. A file that
 * broke off says why in "error", and the next one of the same track names it in "continues". */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

typedef struct
{
  const char *file;
  const char *participant;
  const char *name;
  const char *kind;
  const char *codec;
  GstClockTime begin;    /* running time */
  GstClockTime duration; /* so far */
  const char *continues; /* a file, or NULL */
  const char *error;     /* or NULL */
} GrManifestTrack;

/* Replaces @directory/manifest.json at once. */
gboolean gr_manifest_write (const char *directory, const GrManifestTrack *tracks, guint n_tracks, GError **error);

G_END_DECLS
