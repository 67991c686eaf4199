/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GrParticipant: a person in a live room. Owned by its GrRoom, which alone changes it. Main thread. */
#pragma once

#include "domain/accounts/account.h"
#include "domain/rooms/record.h"

#include <glib-object.h>

G_BEGIN_DECLS

typedef enum
{
  GR_STAGE_WAITING,   /* to be let in: sees and hears nothing */
  GR_STAGE_BACKSTAGE, /* inside: a viewer, who sends nothing, or somebody in the green room */
  GR_STAGE_ON,
} GrStage;

/* Kinds of media, as flags. */
typedef enum
{
  GR_MEDIA_AUDIO = 1 << 0,
  GR_MEDIA_VIDEO = 1 << 1,
  GR_MEDIA_SCREEN = 1 << 2,
} GrMedia;

/* Tracks at the hub, as flags. */
typedef enum
{
  GR_TRACK_MICROPHONE = 1 << 0,
  GR_TRACK_CAMERA = 1 << 1,
  GR_TRACK_SCREEN = 1 << 2,
  GR_TRACK_SCREEN_AUDIO = 1 << 3,

  /* of a show, which is nobody */
  GR_TRACK_PROGRAMME = 1 << 4,
  GR_TRACK_PROGRAMME_AUDIO = 1 << 5,
} GrTracks;

#define GR_TYPE_PARTICIPANT (gr_participant_get_type ())
G_DECLARE_FINAL_TYPE (GrParticipant, gr_participant, GR, PARTICIPANT, GObject)

struct _GrParticipant
{
  GObject parent;

  char *id;
  char *account_id; /* NULL for the anonymous */
  char *address_hash;
  char *name;
  gboolean owner; /* owns the room */
  gboolean guest; /* has no account that lasts */
  GrRoomRole role;
  GrRole server_role; /* of the account now; GR_ROLE_GUEST for the anonymous */
  char *session_id;   /* of the account; NULL for the anonymous */
  GrStage stage;
  GrMedia media;   /* what is being sent now */
  GrTracks tracks; /* that the hub has got */
  char *camera_stream;
  char *screen_stream;
  gint64 hand_at; /* µs; 0 while the hand is down */
  double gain;    /* how loud in a show: 0 to 4, linear */
  gint64 joined_at;
};

/* @seat is copied. */
GrParticipant *gr_participant_new (const GrSeat *seat, gboolean owner, GrStage stage);

/* Backstage and no viewer: heard and seen there, and by hosts. */
gboolean gr_participant_is_in_green_room (const GrParticipant *participant);

/* Whether they get what is sent backstage: hosts, moderators, and those who are there. */
gboolean gr_participant_hears_backstage (const GrParticipant *participant);

const char *gr_stage_to_string (GrStage stage);
gboolean gr_stage_from_string (const char *word, GrStage *stage);

/* "microphone", "camera", "screen", "screen-audio", "programme", "programme-audio" of one flag, and back (0 for no such
 * word). */
const char *gr_track_to_string (GrTracks track);
GrTracks gr_track_from_string (const char *word);

/* The tracks that carry @media. */
GrTracks gr_tracks_of_media (GrMedia media);

G_END_DECLS
