/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a host may do to a participant. Main thread. */
#include "base/error.h"
#include "domain/rooms/room-private.h"

/* The participant that @actor, as host, acts on. Owned by @room. */
static GrParticipant *
host_acts_on (GrRoom *room, const GrActor *actor, const char *participant_id, GError **error)
{
  if (!gr_room_may_host (room, actor))
    {
      gr_set_error (error, GR_ERROR_FORBIDDEN, NULL, "Only a host of this room may do that");
      return NULL;
    }

  return gr_room_require (room, participant_id, error);
}

static gboolean
is_protected (GrParticipant *participant, const GrActor *actor, GError **error)
{
  if (!participant->owner || actor->role >= GR_ROLE_MODERATOR)
    return FALSE;

  gr_set_error (error, GR_ERROR_FORBIDDEN, "participant", "The room is theirs: a host cannot do that to its owner");
  return TRUE;
}

static gboolean
require_inside (GrParticipant *participant, GrStage stage, GError **error)
{
  if (stage != GR_STAGE_WAITING)
    return TRUE;

  gr_set_error (error, GR_ERROR_CONFLICT, "participant", "%s is still waiting to be let in", participant->name);
  return FALSE;
}

static gboolean
require_voice (GrRoom *room, GrParticipant *participant, GrRoomRole role, GrStage stage, GError **error)
{
  if (gr_room_may_send (room, role, stage))
    return TRUE;

  gr_set_error (error, GR_ERROR_CONFLICT, "participant", "%s is not on stage", participant->name);
  return FALSE;
}

/* Whether somebody with @role can be put on @stage. */
static gboolean
require_place (GrParticipant *participant, GrRoomRole role, GrStage stage, GError **error)
{
  if (stage != GR_STAGE_WAITING && !(stage == GR_STAGE_ON && role == GR_ROOM_ROLE_VIEWER))
    return TRUE;

  gr_set_error (error, GR_ERROR_CONFLICT, "stage", "%s watches only; give another role first", participant->name);
  return FALSE;
}

/* Where somebody with this role stands when they come in. */
static GrStage
first_stage (GrRoomRole role)
{
  return role == GR_ROOM_ROLE_VIEWER ? GR_STAGE_BACKSTAGE : GR_STAGE_ON;
}

static void
move (GrRoom *room, GrParticipant *participant, GrStage stage)
{
  GrStage was = participant->stage;

  participant->stage = stage;

  /* In the green room they are seen as they were, but by fewer. */
  if (!gr_room_may_send (room, participant->role, stage))
    participant->media = 0;

  if (stage == GR_STAGE_ON)
    participant->hand_at = 0;

  gr_room_emit_changed (room, participant, was, participant->role);
}

gboolean
gr_room_admit (GrRoom *room, const GrActor *actor, const char *participant_id, GError **error)
{
  GrParticipant *participant = host_acts_on (room, actor, participant_id, error);

  if (participant == NULL)
    return FALSE;

  if (participant->stage != GR_STAGE_WAITING)
    {
      gr_set_error (error, GR_ERROR_CONFLICT, "participant", "%s is inside already", participant->name);
      return FALSE;
    }

  move (room, participant, first_stage (participant->role));

  return TRUE;
}

gboolean
gr_room_may_remove (GrRoom *room, const GrActor *actor, const char *participant_id, GError **error)
{
  GrParticipant *participant = host_acts_on (room, actor, participant_id, error);

  return participant != NULL && !is_protected (participant, actor, error);
}

gboolean
gr_room_remove (GrRoom *room, const GrActor *actor, const char *participant_id, gboolean ban, GError **error)
{
  GrLeaveReason reason;

  if (!gr_room_may_remove (room, actor, participant_id, error))
    return FALSE;

  reason
      = gr_room_get_participant (room, participant_id)->stage == GR_STAGE_WAITING ? GR_LEAVE_DENIED : GR_LEAVE_KICKED;

  return gr_room_leave (room, participant_id, ban ? GR_LEAVE_BANNED : reason, error);
}

gboolean
gr_room_set_role (GrRoom *room, const GrActor *actor, const char *participant_id, GrRoomRole role, GError **error)
{
  GrParticipant *participant = host_acts_on (room, actor, participant_id, error);
  GrRoomRole was;
  GrStage stood;

  if (participant == NULL || is_protected (participant, actor, error))
    return FALSE;

  was = participant->role;
  stood = participant->stage;
  participant->role = role;

  if (role == GR_ROOM_ROLE_VIEWER && participant->stage != GR_STAGE_WAITING)
    {
      participant->stage = GR_STAGE_BACKSTAGE;
      participant->media = 0;
    }
  gr_room_emit_changed (room, participant, stood, was);

  return TRUE;
}

gboolean
gr_room_set_stage (GrRoom *room, const GrActor *actor, const char *participant_id, GrStage stage, GError **error)
{
  gboolean own = g_strcmp0 (actor->participant_id, participant_id) == 0;
  GrParticipant *participant;

  if (own && stage == GR_STAGE_BACKSTAGE)
    participant = gr_room_require (room, participant_id, error);
  else
    participant = host_acts_on (room, actor, participant_id, error);

  if (participant == NULL || !require_inside (participant, participant->stage, error)
      || !require_place (participant, participant->role, stage, error))
    return FALSE;

  if (participant->stage != stage)
    move (room, participant, stage);

  return TRUE;
}

gboolean
gr_room_mute (GrRoom *room, const GrActor *actor, const char *participant_id, GrMedia media, GError **error)
{
  g_autoptr (GrParticipant) participant = NULL;

  participant = host_acts_on (room, actor, participant_id, error);
  if (participant == NULL)
    return FALSE;

  g_object_ref (participant);
  if (!require_inside (participant, participant->stage, error))
    return FALSE;

  participant->media &= ~media;
  gr_room_emit (room, &(GrRoomEvent){
                          .type = GR_ROOM_EVENT_MUTE,
                          .participant = participant,
                          .media = media,
                          .by = actor->name,
                      });
  gr_room_emit_changed (room, participant, participant->stage, participant->role);

  return TRUE;
}

gboolean
gr_room_ask_unmute (GrRoom *room, const GrActor *actor, const char *participant_id, GrMedia media, GError **error)
{
  GrParticipant *participant = host_acts_on (room, actor, participant_id, error);

  if (participant == NULL || !require_inside (participant, participant->stage, error)
      || !require_voice (room, participant, participant->role, participant->stage, error))
    return FALSE;

  gr_room_emit (room, &(GrRoomEvent){
                          .type = GR_ROOM_EVENT_ASK_UNMUTE,
                          .participant = participant,
                          .media = media,
                          .by = actor->name,
                      });

  return TRUE;
}

gboolean
gr_room_lower_hand (GrRoom *room, const GrActor *actor, const char *participant_id, GError **error)
{
  GrParticipant *participant = host_acts_on (room, actor, participant_id, error);

  if (participant == NULL)
    return FALSE;

  participant->hand_at = 0;
  gr_room_emit_changed (room, participant, participant->stage, participant->role);

  return TRUE;
}

gboolean
gr_room_set_gain (GrRoom *room, const GrActor *actor, const char *participant_id, double gain, GError **error)
{
  GrParticipant *participant = host_acts_on (room, actor, participant_id, error);

  if (participant == NULL)
    return FALSE;

  participant->gain = gain;
  gr_room_emit_changed (room, participant, participant->stage, participant->role);

  return TRUE;
}

/* Whether each step of @change makes sense after those before it. */
static gboolean
makes_sense (GrRoom *room, GrParticipant *participant, const GrParticipantChange *change, GError **error)
{
  GrRoomRole role = change->has_role ? change->role : participant->role;
  GrStage stage = change->admit ? first_stage (participant->role) : participant->stage;

  if ((change->has_stage || change->mute != 0 || change->ask_unmute != 0)
      && !require_inside (participant, stage, error))
    return FALSE;

  if (change->has_stage && !require_place (participant, role, change->stage, error))
    return FALSE;

  if (change->has_stage)
    stage = change->stage;
  else if (stage == GR_STAGE_ON)
    stage = first_stage (role);

  return change->ask_unmute == 0 || require_voice (room, participant, role, stage, error);
}

gboolean
gr_room_change_participant (
    GrRoom *room, const GrActor *actor, const char *participant_id, const GrParticipantChange *change, GError **error)
{
  GrParticipant *participant = host_acts_on (room, actor, participant_id, error);

  return participant != NULL && makes_sense (room, participant, change, error)
         && (!change->admit || gr_room_admit (room, actor, participant_id, error))
         && (!change->has_role || gr_room_set_role (room, actor, participant_id, change->role, error))
         && (!change->has_stage || gr_room_set_stage (room, actor, participant_id, change->stage, error))
         && (change->mute == 0 || gr_room_mute (room, actor, participant_id, change->mute, error))
         && (change->ask_unmute == 0 || gr_room_ask_unmute (room, actor, participant_id, change->ask_unmute, error))
         && (!change->has_gain || gr_room_set_gain (room, actor, participant_id, change->gain, error))
         && (!change->lower_hand || gr_room_lower_hand (room, actor, participant_id, error));
}
