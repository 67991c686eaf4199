/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "domain/rooms/switchboard.h"

#include "base/error.h"
#include "base/main-call.h"

struct _GrSwitchboard
{
  GObject parent;

  GrHouse *house;
  GrHubPort *hub;
};

G_DEFINE_FINAL_TYPE (GrSwitchboard, gr_switchboard, G_TYPE_OBJECT)

/* An offer at the hub. */
typedef struct
{
  GrRoom *room;
  char *participant_id;
  guint epoch;
} Offer;

static void
offer_free (Offer *offer)
{
  g_object_unref (offer->room);
  g_free (offer->participant_id);
  g_free (offer);
}

static gboolean
has_green_room (GrRoom *room)
{
  GPtrArray *participants = gr_room_get_participants (room);

  for (guint i = 0; i < participants->len; i++)
    if (gr_participant_is_in_green_room (g_ptr_array_index (participants, i)))
      return TRUE;

  return FALSE;
}

static gboolean
is_too_large_for_p2p (GrRoom *room)
{
  /* What is recorded or broadcast goes through us in any case, and who is backstage is kept there by the hub alone. */
  return gr_room_get_air (room) != 0 || has_green_room (room)
         || gr_room_count_inside (room) > (guint) gr_room_get_record (room)->p2p_max;
}

static void
grow_out_of_p2p (GrSwitchboard *board, GrRoom *room)
{
  if (gr_room_get_mode (room) == GR_MEDIA_MODE_P2P && gr_hub_port_is_up (board->hub) && is_too_large_for_p2p (room))
    gr_room_restart_media (room, GR_MEDIA_MODE_HUB);
}

/* The hub passes on what a participant says it sends, so a mute holds whatever its page does. */
static void
allow (GrSwitchboard *board, GrRoom *room, const GrParticipant *participant)
{
  g_autoptr (GPtrArray) kinds = g_ptr_array_new ();
  GrTracks tracks = gr_tracks_of_media (participant->media);

  for (GrTracks track = GR_TRACK_MICROPHONE; track <= GR_TRACK_SCREEN_AUDIO; track <<= 1)
    if (tracks & track)
      g_ptr_array_add (kinds, (char *) gr_track_to_string (track));
  g_ptr_array_add (kinds, NULL);

  gr_hub_port_allow (board->hub, gr_room_get_id (room), participant->id, (const char *const *) kinds->pdata,
                     participant->stage != GR_STAGE_ON, gr_participant_hears_backstage (participant));
}

static void
on_event (GrRoom *room, const GrRoomEvent *event, GrSwitchboard *board)
{
  gboolean hub = gr_room_get_mode (room) == GR_MEDIA_MODE_HUB;

  switch (event->type)
    {
    case GR_ROOM_EVENT_JOINED:
      grow_out_of_p2p (board, room);
      break;
    case GR_ROOM_EVENT_LEFT:
      gr_hub_port_leave (board->hub, gr_room_get_id (room), event->participant->id);
      break;
    case GR_ROOM_EVENT_CHANGED:
      grow_out_of_p2p (board, room);
      if (hub)
        allow (board, room, event->participant);
      break;
    case GR_ROOM_EVENT_RECORD:
      if (hub && !is_too_large_for_p2p (room))
        gr_room_restart_media (room, GR_MEDIA_MODE_P2P);
      else
        grow_out_of_p2p (board, room);
      break;
    default:
      break;
    }
}

static void
on_room_added (GrHouse *house, GrRoom *room, GrSwitchboard *board)
{
  gboolean through = gr_room_get_record (room)->p2p_max == 0 || gr_room_get_air (room) != 0;
  gboolean hub = through && gr_hub_port_is_up (board->hub);

  gr_room_restart_media (room, hub ? GR_MEDIA_MODE_HUB : GR_MEDIA_MODE_P2P);
  g_signal_connect_object (room, "event", G_CALLBACK (on_event), board, 0);
}

/* The new hub knows nobody: whoever is in a room that goes through it offers again. */
static void
on_up (GrHubPort *hub, GrSwitchboard *board)
{
  g_autoptr (GPtrArray) rooms = gr_house_list (board->house);

  for (guint i = 0; i < rooms->len; i++)
    {
      GrRoom *room = g_ptr_array_index (rooms, i);

      if (gr_room_get_mode (room) == GR_MEDIA_MODE_HUB)
        gr_room_restart_media (room, GR_MEDIA_MODE_HUB);
      else
        grow_out_of_p2p (board, room);
    }
}

static GrParticipant *
find (GrSwitchboard *board, const char *room_id, const char *participant_id, GrRoom **room)
{
  *room = gr_house_get_room (board->house, room_id);

  return *room != NULL ? gr_room_get_participant (*room, participant_id) : NULL;
}

static void
on_track_seen (GrHubPort *hub, const char *room_id, const char *participant_id, const char *kind, GrSwitchboard *board)
{
  GrRoom *room;
  GrParticipant *participant = find (board, room_id, participant_id, &room);

  if (participant != NULL)
    gr_room_set_tracks (room, participant, participant->tracks | gr_track_from_string (kind));
  else if (room != NULL && g_strcmp0 (participant_id, gr_room_get_show (room)) == 0)
    gr_room_set_programme (room, gr_room_get_programme (room) | gr_track_from_string (kind));
}

static void
on_gone (GrHubPort *hub, const char *room_id, const char *participant_id, GrSwitchboard *board)
{
  GrRoom *room;
  GrParticipant *participant = find (board, room_id, participant_id, &room);

  if (participant != NULL)
    gr_room_set_tracks (room, participant, 0);
  else if (room != NULL && g_strcmp0 (participant_id, gr_room_get_show (room)) == 0)
    gr_room_set_programme (room, 0);
}

static void
on_answered (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GrSwitchboard *board = g_task_get_source_object (task);
  Offer *offer = g_task_get_task_data (task);
  GError *error = NULL;
  g_autofree char *answer = gr_hub_port_offer_finish (GR_HUB_PORT (source), result, &error);
  GrParticipant *participant = gr_room_get_participant (offer->room, offer->participant_id);

  if (answer == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  /* Who left while the hub was answering left before it knew of them. */
  if (participant == NULL)
    gr_hub_port_leave (board->hub, gr_room_get_id (offer->room), offer->participant_id);

  if (participant == NULL || offer->epoch != gr_room_get_epoch (offer->room))
    {
      g_task_return_new_error (task, GR_ERROR, GR_ERROR_CONFLICT, "Media began anew meanwhile");
      return;
    }

  g_task_return_pointer (task, g_steal_pointer (&answer), g_free);
}

static void
on_counted (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;
  char *json = gr_hub_port_quality_finish (GR_HUB_PORT (source), result, &error);

  if (json == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, json, g_free);
}

static void
gr_switchboard_dispose (GObject *object)
{
  GrSwitchboard *board = GR_SWITCHBOARD (object);

  g_clear_object (&board->hub);
  g_clear_object (&board->house);

  G_OBJECT_CLASS (gr_switchboard_parent_class)->dispose (object);
}

static void
gr_switchboard_class_init (GrSwitchboardClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = gr_switchboard_dispose;
}

static void
gr_switchboard_init (GrSwitchboard *board)
{
}

GrSwitchboard *
gr_switchboard_new (GrHouse *house, GrHubPort *hub)
{
  GrSwitchboard *board = g_object_new (GR_TYPE_SWITCHBOARD, NULL);

  board->house = g_object_ref (house);
  board->hub = g_object_ref (hub);
  g_signal_connect_object (house, "room-added", G_CALLBACK (on_room_added), board, 0);
  g_signal_connect_object (hub, "up", G_CALLBACK (on_up), board, 0);
  g_signal_connect_object (hub, "track-seen", G_CALLBACK (on_track_seen), board, 0);
  g_signal_connect_object (hub, "gone", G_CALLBACK (on_gone), board, 0);

  return board;
}

GrHubPort *
gr_switchboard_get_hub (GrSwitchboard *board)
{
  return board->hub;
}

void
gr_switchboard_offer_async (GrSwitchboard *board,
                            GrRoom *room,
                            const char *participant_id,
                            guint epoch,
                            const char *sdp,
                            GVariant *tracks,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (board, NULL, callback, user_data);
  g_autoptr (GVariant) owned = g_variant_ref_sink (tracks);
  GrParticipant *participant = gr_room_get_participant (room, participant_id);
  Offer *offer;

  gr_assert_main ();

  if (participant == NULL || participant->stage == GR_STAGE_WAITING)
    {
      g_task_return_new_error (task, GR_ERROR, GR_ERROR_FORBIDDEN, "Only those inside may send or receive");
      return;
    }

  if (gr_room_get_mode (room) != GR_MEDIA_MODE_HUB || epoch != gr_room_get_epoch (room))
    {
      g_task_return_new_error (task, GR_ERROR, GR_ERROR_CONFLICT, "Media began anew meanwhile");
      return;
    }

  offer = g_new0 (Offer, 1);
  offer->room = g_object_ref (room);
  offer->participant_id = g_strdup (participant_id);
  offer->epoch = epoch;
  g_task_set_task_data (task, offer, (GDestroyNotify) offer_free);
  /* First, so that nobody is given a slot with what is not for them. */
  allow (board, room, participant);
  gr_hub_port_offer_async (board->hub, gr_room_get_id (room), participant_id, sdp, owned, on_answered,
                           g_object_ref (task));
}

char *
gr_switchboard_offer_finish (GrSwitchboard *board, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
gr_switchboard_subscribe (GrSwitchboard *board, GrRoom *room, const char *participant_id, GVariant *pictures)
{
  g_autoptr (GVariant) owned = g_variant_ref_sink (pictures);

  if (gr_room_get_mode (room) == GR_MEDIA_MODE_HUB)
    gr_hub_port_subscribe (board->hub, gr_room_get_id (room), participant_id, owned);
}

void
gr_switchboard_quality_async (
    GrSwitchboard *board, GrRoom *room, const char *participant_id, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (board, NULL, callback, user_data);

  if (gr_room_get_mode (room) != GR_MEDIA_MODE_HUB)
    {
      g_task_return_new_error (task, GR_ERROR, GR_ERROR_CONFLICT,
                               "The media of this room goes from browser to browser");
      return;
    }

  gr_hub_port_quality_async (board->hub, gr_room_get_id (room), participant_id, on_counted, g_steal_pointer (&task));
}

char *
gr_switchboard_quality_finish (GrSwitchboard *board, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
