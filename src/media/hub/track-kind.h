/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a participant sends, at most one track of each kind. The contract's names; any thread. */
#pragma once

#include "media/hub/sdp.h"

G_BEGIN_DECLS

typedef enum
{
  GR_TRACK_MICROPHONE,
  GR_TRACK_CAMERA,
  GR_TRACK_SCREEN,
  GR_TRACK_SCREEN_AUDIO,
  GR_TRACK_PROGRAMME, /* a show's, by a link */
  GR_TRACK_PROGRAMME_AUDIO,
  GR_N_TRACK_KINDS
} GrTrackKind;

/* Who is seen and heard together, so browsers synchronise the two: a person, what that person shows, a programme. */
typedef enum
{
  GR_SOURCE_PERSON,
  GR_SOURCE_SCREEN,
  GR_SOURCE_PROGRAMME,
  GR_N_SOURCES
} GrSourceKind;

const char *gr_track_kind_name (GrTrackKind kind);

/* GR_ERROR_INVALID_INPUT, field "tracks", for a name that is none. */
gboolean gr_track_kind_parse (const char *name, GrTrackKind *kind, GError **error);

GrSdpKind gr_track_kind_media (GrTrackKind kind);
GrSourceKind gr_track_kind_source (GrTrackKind kind);

/* The inverse of the two. */
GrTrackKind gr_track_kind_of (GrSourceKind source, GrSdpKind media);

G_END_DECLS
