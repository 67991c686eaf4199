/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "media/hub/track-kind.h"

#include "base/error.h"

static const struct
{
  const char *name;
  GrSdpKind media;
  GrSourceKind source;
} kinds[GR_N_TRACK_KINDS] = {
  [GR_TRACK_MICROPHONE] = { "microphone", GR_SDP_AUDIO, GR_SOURCE_PERSON },
  [GR_TRACK_CAMERA] = { "camera", GR_SDP_VIDEO, GR_SOURCE_PERSON },
  [GR_TRACK_SCREEN] = { "screen", GR_SDP_VIDEO, GR_SOURCE_SCREEN },
  [GR_TRACK_SCREEN_AUDIO] = { "screen-audio", GR_SDP_AUDIO, GR_SOURCE_SCREEN },
  [GR_TRACK_PROGRAMME] = { "programme", GR_SDP_VIDEO, GR_SOURCE_PROGRAMME },
  [GR_TRACK_PROGRAMME_AUDIO] = { "programme-audio", GR_SDP_AUDIO, GR_SOURCE_PROGRAMME },
};

const char *
gr_track_kind_name (GrTrackKind kind)
{
  return kinds[kind].name;
}

gboolean
gr_track_kind_parse (const char *name, GrTrackKind *kind, GError **error)
{
  for (*kind = 0; *kind < GR_N_TRACK_KINDS; (*kind)++)
    if (g_str_equal (kinds[*kind].name, name))
      return TRUE;

  gr_set_error (error, GR_ERROR_INVALID_INPUT, "tracks", "There is no track called “%s”", name);
  return FALSE;
}

GrSdpKind
gr_track_kind_media (GrTrackKind kind)
{
  return kinds[kind].media;
}

GrSourceKind
gr_track_kind_source (GrTrackKind kind)
{
  return kinds[kind].source;
}

GrTrackKind
gr_track_kind_of (GrSourceKind source, GrSdpKind media)
{
  GrTrackKind kind = 0;

  while (kinds[kind].media != media || kinds[kind].source != source)
    kind++;

  return kind;
}
