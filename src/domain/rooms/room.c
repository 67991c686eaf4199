/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "domain/rooms/room.h"

#include "base/error.h"
#include "base/main-call.h"
#include "base/time.h"
#include "domain/rooms/room-private.h"

enum
{
  SIGNAL_EVENT,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

struct _GrRoom
{
  GObject parent;

  GrRoomRecord *record;
  GPtrArray *participants; /* in the order they came */
  GHashTable *by_id;       /* id → GrParticipant, both owned by participants */
  GrMediaMode mode;
  guint epoch;
  GrAir air;
  char *show;         /* NULL: none */
  GrTracks programme; /* of it, that the hub has got */
};

G_DEFINE_FINAL_TYPE (GrRoom, gr_room, G_TYPE_OBJECT)

static void
gr_room_finalize (GObject *object)
{
  GrRoom *room = GR_ROOM (object);

  g_hash_table_unref (room->by_id);
  g_ptr_array_unref (room->participants);
  g_clear_pointer (&room->record, gr_room_record_free);
  g_free (room->show);

  G_OBJECT_CLASS (gr_room_parent_class)->finalize (object);
}

static void
gr_room_class_init (GrRoomClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = gr_room_finalize;

  signals[SIGNAL_EVENT]
      = g_signal_new ("event", GR_TYPE_ROOM, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
}

static void
gr_room_init (GrRoom *room)
{
  room->participants = g_ptr_array_new_with_free_func (g_object_unref);
  room->by_id = g_hash_table_new (g_str_hash, g_str_equal);
}

GrRoom *
gr_room_new (GrRoomRecord *record)
{
  GrRoom *room = g_object_new (GR_TYPE_ROOM, NULL);

  room->record = record;

  return room;
}

const char *
gr_room_get_id (GrRoom *room)
{
  return room->record->id;
}

const GrRoomRecord *
gr_room_get_record (GrRoom *room)
{
  return room->record;
}

void
gr_room_set_record (GrRoom *room, GrRoomRecord *record)
{
  gr_assert_main ();
  g_assert (g_str_equal (room->record->id, record->id));

  gr_room_record_free (room->record);
  room->record = record;
  gr_room_emit (room, &(GrRoomEvent){ .type = GR_ROOM_EVENT_RECORD });
}

GrAir
gr_room_get_air (GrRoom *room)
{
  return room->air;
}

const char *
gr_room_get_show (GrRoom *room)
{
  return room->show;
}

void
gr_room_set_air (GrRoom *room, GrAir air, const char *show)
{
  if (room->air == air && g_strcmp0 (room->show, show) == 0)
    return;

  if (g_strcmp0 (room->show, show) != 0)
    {
      gr_room_set_programme (room, 0);
      g_free (room->show);
      room->show = g_strdup (show);
    }
  room->air = air;
  gr_room_emit (room, &(GrRoomEvent){ .type = GR_ROOM_EVENT_RECORD });
}

GPtrArray *
gr_room_get_participants (GrRoom *room)
{
  return room->participants;
}

GrParticipant *
gr_room_get_participant (GrRoom *room, const char *id)
{
  return g_hash_table_lookup (room->by_id, id);
}

GrParticipant *
gr_room_require (GrRoom *room, const char *id, GError **error)
{
  GrParticipant *participant = gr_room_get_participant (room, id);

  if (participant == NULL)
    gr_set_error (error, GR_ERROR_NOT_FOUND, "participant", "Nobody with this id is in the room");

  return participant;
}

void
gr_room_emit (GrRoom *room, const GrRoomEvent *event)
{
  g_signal_emit (room, signals[SIGNAL_EVENT], 0, event);
}

void
gr_room_emit_changed (GrRoom *room, GrParticipant *participant, GrStage was_stage, GrRoomRole was_role)
{
  gr_room_emit (room, &(GrRoomEvent){
                          .type = GR_ROOM_EVENT_CHANGED,
                          .participant = participant,
                          .was_stage = was_stage,
                          .was_role = was_role,
                      });
}

guint
gr_room_count_inside (GrRoom *room)
{
  guint count = 0;

  for (guint i = 0; i < room->participants->len; i++)
    if (((GrParticipant *) g_ptr_array_index (room->participants, i))->stage != GR_STAGE_WAITING)
      count++;

  return count;
}

GrMediaMode
gr_room_get_mode (GrRoom *room)
{
  return room->mode;
}

guint
gr_room_get_epoch (GrRoom *room)
{
  return room->epoch;
}

void
gr_room_restart_media (GrRoom *room, GrMediaMode mode)
{
  gr_assert_main ();
  room->mode = mode;
  room->epoch++;

  for (guint i = 0; i < room->participants->len; i++)
    gr_room_set_tracks (room, g_ptr_array_index (room->participants, i), 0);
  gr_room_set_programme (room, 0);

  gr_room_emit (room, &(GrRoomEvent){ .type = GR_ROOM_EVENT_MEDIA });
}

static void
tell_tracks (GrRoom *room, const char *source, GrTracks before, GrTracks now)
{
  for (GrTracks track = GR_TRACK_MICROPHONE; track <= GR_TRACK_PROGRAMME_AUDIO; track <<= 1)
    if ((before ^ now) & track)
      gr_room_emit (room, &(GrRoomEvent){
                              .type = now & track ? GR_ROOM_EVENT_TRACK_ADDED : GR_ROOM_EVENT_TRACK_REMOVED,
                              .source = source,
                              .track = track,
                          });
}

void
gr_room_set_tracks (GrRoom *room, GrParticipant *participant, GrTracks tracks)
{
  GrTracks before = participant->tracks;

  participant->tracks = tracks;
  tell_tracks (room, participant->id, before, tracks);
}

GrTracks
gr_room_get_programme (GrRoom *room)
{
  return room->programme;
}

void
gr_room_set_programme (GrRoom *room, GrTracks tracks)
{
  GrTracks before = room->programme;

  room->programme = tracks;
  tell_tracks (room, room->show, before, tracks);
}

gboolean
gr_room_may_host (GrRoom *room, const GrActor *actor)
{
  if (actor->role >= GR_ROLE_MODERATOR)
    return TRUE;

  if (actor->account_id != NULL && g_str_equal (actor->account_id, room->record->owner_id))
    return TRUE;

  for (guint i = 0; i < room->participants->len; i++)
    {
      GrParticipant *participant = g_ptr_array_index (room->participants, i);

      if (participant->role != GR_ROOM_ROLE_HOST || participant->stage == GR_STAGE_WAITING)
        continue;

      if (g_strcmp0 (participant->id, actor->participant_id) == 0
          || (actor->account_id != NULL && g_strcmp0 (participant->account_id, actor->account_id) == 0))
        return TRUE;
    }

  return FALSE;
}

gboolean
gr_room_has_account (GrRoom *room, const char *account_id)
{
  for (guint i = 0; i < room->participants->len; i++)
    {
      GrParticipant *participant = g_ptr_array_index (room->participants, i);

      if (participant->stage != GR_STAGE_WAITING && g_strcmp0 (participant->account_id, account_id) == 0)
        return TRUE;
    }

  return FALSE;
}

void
gr_room_add (GrRoom *room, GrParticipant *participant)
{
  gr_assert_main ();

  g_ptr_array_add (room->participants, g_object_ref (participant));
  g_hash_table_insert (room->by_id, participant->id, participant);
  gr_room_emit (room, &(GrRoomEvent){ .type = GR_ROOM_EVENT_JOINED, .participant = participant });
}

gboolean
gr_room_leave (GrRoom *room, const char *participant_id, GrLeaveReason reason, GError **error)
{
  g_autoptr (GrParticipant) participant = NULL;

  gr_assert_main ();
  participant = gr_room_require (room, participant_id, error);

  if (participant == NULL)
    return FALSE;

  g_object_ref (participant);
  g_hash_table_remove (room->by_id, participant->id);
  g_ptr_array_remove (room->participants, participant);
  gr_room_emit (room, &(GrRoomEvent){ .type = GR_ROOM_EVENT_LEFT, .participant = participant, .reason = reason });

  return TRUE;
}

void
gr_room_close (GrRoom *room)
{
  g_autoptr (GrRoom) alive = g_object_ref (room);

  while (room->participants->len > 0)
    {
      GrParticipant *last = g_ptr_array_index (room->participants, room->participants->len - 1);

      gr_room_leave (room, last->id, GR_LEAVE_CLOSED, NULL);
    }
}

gboolean
gr_room_may_send (GrRoom *room, GrRoomRole role, GrStage stage)
{
  if (stage == GR_STAGE_BACKSTAGE)
    return role != GR_ROOM_ROLE_VIEWER && room->mode == GR_MEDIA_MODE_HUB;

  return stage == GR_STAGE_ON;
}

gboolean
gr_room_set_status (GrRoom *room, const char *participant_id, const GrStatus *status, GError **error)
{
  GrParticipant *participant = gr_room_require (room, participant_id, error);
  GrMedia media;

  if (participant == NULL)
    return FALSE;

  media = (participant->media & ~status->media_fields) | (status->media & status->media_fields);

  if (media != 0 && !gr_room_may_send (room, participant->role, participant->stage))
    {
      gr_set_error (
          error, GR_ERROR_CONFLICT, NULL,
          "Only who is on stage, or in the green room of a room whose media goes through the server, may send "
          "sound or pictures");
      return FALSE;
    }

  participant->media = media;

  if (status->fields & GR_STATUS_HAND)
    {
      if (!status->hand)
        participant->hand_at = 0;
      else if (participant->hand_at == 0)
        participant->hand_at = gr_now ();
    }

  if (status->fields & GR_STATUS_STREAMS)
    {
      g_free (participant->camera_stream);
      participant->camera_stream = g_strdup (status->camera_stream);
      g_free (participant->screen_stream);
      participant->screen_stream = g_strdup (status->screen_stream);
    }

  gr_room_emit_changed (room, participant, participant->stage, participant->role);

  return TRUE;
}

void
gr_room_tell_message (GrRoom *room, const GrMessage *message)
{
  gr_room_emit (room, &(GrRoomEvent){ .type = GR_ROOM_EVENT_MESSAGE, .message = message });
}

void
gr_room_tell_message_removed (GrRoom *room, const char *message_id)
{
  gr_room_emit (room, &(GrRoomEvent){ .type = GR_ROOM_EVENT_MESSAGE_REMOVED, .message_id = message_id });
}

const char *
gr_media_mode_to_string (GrMediaMode mode)
{
  return mode == GR_MEDIA_MODE_HUB ? "hub" : "p2p";
}

const char *
gr_leave_reason_to_string (GrLeaveReason reason)
{
  static const char *const words[] = { "left", "lost", "kicked", "banned", "denied", "closed", "signed-out" };

  return words[reason];
}
