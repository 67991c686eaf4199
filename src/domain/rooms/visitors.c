/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "domain/rooms/visitors.h"

#include "base/error.h"
#include "base/id.h"
#include "base/main-call.h"

#define TOKEN_BYTES 24

struct _GrVisitors
{
  GObject parent;

  GrHouse *house;
  GrSwitchboard *board;
  GHashTable *by_token;       /* → GrVisitor, owned */
  GHashTable *by_participant; /* id → GrVisitor */
};

G_DEFINE_FINAL_TYPE (GrVisitors, gr_visitors, G_TYPE_OBJECT)

typedef struct
{
  GrVisitors *visitors;
  char *token;
  GrRoom *room;
  GrParticipant *participant;
  GrMedia media; /* what it sends; 0: it watches */

  /* Of who watches */
  gboolean follows; /* whoever speaks */
  char *speaker;
  char *seen; /* the participant whose picture it gets, or NULL */
  char *kind;
} GrVisitor;

/* Somebody on the way in. */
typedef struct
{
  char *sdp;
  GVariant *tracks;
  GrMedia media;
  char *participant;
  char *kind;
  char *token; /* once there is a visitor */
  char *answer;
} Arrival;

static void
arrival_free (Arrival *arrival)
{
  g_free (arrival->sdp);
  g_variant_unref (arrival->tracks);
  g_free (arrival->participant);
  g_free (arrival->kind);
  g_free (arrival->token);
  g_free (arrival->answer);
  g_free (arrival);
}

static void
visitor_free (GrVisitor *visitor)
{
  g_signal_handlers_disconnect_by_data (visitor->room, visitor);
  g_hash_table_remove (visitor->visitors->by_participant, visitor->participant->id);
  g_object_unref (visitor->room);
  g_object_unref (visitor->participant);
  g_free (visitor->token);
  g_free (visitor->speaker);
  g_free (visitor->seen);
  g_free (visitor->kind);
  g_free (visitor);
}

static void
show_out (GrVisitor *visitor, GrLeaveReason reason)
{
  g_autoptr (GrRoom) room = g_object_ref (visitor->room);
  g_autofree char *participant_id = g_strdup (visitor->participant->id);

  g_hash_table_remove (visitor->visitors->by_token, visitor->token);
  gr_room_leave (room, participant_id, reason, NULL);
}

static void
look_at (GrVisitor *visitor, const char *participant_id, const char *kind)
{
  GVariantBuilder pictures;

  if (g_strcmp0 (visitor->seen, participant_id) == 0 && g_strcmp0 (visitor->kind, kind) == 0)
    return;

  g_free (visitor->seen);
  g_free (visitor->kind);
  visitor->seen = g_strdup (participant_id);
  visitor->kind = g_strdup (kind);

  g_variant_builder_init (&pictures, G_VARIANT_TYPE ("a(ss)"));
  if (participant_id != NULL)
    g_variant_builder_add (&pictures, "(ss)", participant_id, kind);
  gr_switchboard_subscribe (visitor->visitors->board, visitor->room, visitor->participant->id,
                            g_variant_builder_end (&pictures));
}

/* The picture that a participant is best seen by, if anybody may see them. */
static const char *
picture_of (const GrParticipant *participant)
{
  GrTracks tracks = participant != NULL && participant->stage == GR_STAGE_ON ? participant->tracks : 0;

  if (tracks & GR_TRACK_SCREEN)
    return gr_track_to_string (GR_TRACK_SCREEN);

  return tracks & GR_TRACK_CAMERA ? gr_track_to_string (GR_TRACK_CAMERA) : NULL;
}

/* The show, if one is made of this room; else whoever speaks and shows something; else who was seen before; else
 * whoever shows something. */
static void
follow (GrVisitor *visitor)
{
  const char *const candidates[] = { visitor->speaker, visitor->seen };
  GPtrArray *participants = gr_room_get_participants (visitor->room);

  if (!visitor->follows)
    return;

  if (gr_room_get_show (visitor->room) != NULL)
    {
      look_at (visitor, gr_room_get_show (visitor->room), gr_track_to_string (GR_TRACK_PROGRAMME));
      return;
    }

  for (guint i = 0; i < G_N_ELEMENTS (candidates); i++)
    {
      GrParticipant *participant
          = candidates[i] != NULL ? gr_room_get_participant (visitor->room, candidates[i]) : NULL;

      if (picture_of (participant) != NULL)
        {
          look_at (visitor, participant->id, picture_of (participant));
          return;
        }
    }

  for (guint i = 0; i < participants->len; i++)
    {
      const GrParticipant *participant = g_ptr_array_index (participants, i);

      if (picture_of (participant) != NULL)
        {
          look_at (visitor, participant->id, picture_of (participant));
          return;
        }
    }

  look_at (visitor, NULL, NULL);
}

static void
say_what_is_sent (GrVisitor *visitor, GrMedia fields, GrMedia media)
{
  GrStatus status = { .media_fields = fields, .media = media };

  gr_room_set_status (visitor->room, visitor->participant->id, &status, NULL);
}

static void
on_event (GrRoom *room, const GrRoomEvent *event, GrVisitor *visitor)
{
  gboolean own = event->participant == visitor->participant;

  switch (event->type)
    {
    case GR_ROOM_EVENT_LEFT:
      if (own)
        g_hash_table_remove (visitor->visitors->by_token, visitor->token);
      else
        follow (visitor);
      break;
    case GR_ROOM_EVENT_MEDIA:
      show_out (visitor, GR_LEAVE_LOST);
      break;
    case GR_ROOM_EVENT_MUTE:
      if (own)
        say_what_is_sent (visitor, event->media, 0);
      break;
    case GR_ROOM_EVENT_CHANGED:
      if (own && event->was_stage != GR_STAGE_ON && visitor->participant->stage == GR_STAGE_ON)
        say_what_is_sent (visitor, visitor->media, visitor->media);
      else if (!own)
        follow (visitor);
      break;
    case GR_ROOM_EVENT_RECORD:
    case GR_ROOM_EVENT_TRACK_ADDED:
    case GR_ROOM_EVENT_TRACK_REMOVED:
      follow (visitor);
      break;
    default:
      break;
    }
}

static void
on_gone (GrHubPort *hub, const char *room_id, const char *participant_id, GrVisitors *visitors)
{
  GrVisitor *visitor = g_hash_table_lookup (visitors->by_participant, participant_id);

  if (visitor != NULL)
    show_out (visitor, GR_LEAVE_LOST);
}

static void
on_down (GrHubPort *hub, GrVisitors *visitors)
{
  g_autoptr (GList) all = g_hash_table_get_keys (visitors->by_token);

  /* Who goes may take others along, as when a room empties. */
  for (GList *link = all; link != NULL; link = link->next)
    link->data = g_strdup (link->data);

  for (GList *link = all; link != NULL; link = link->next)
    {
      GrVisitor *visitor = g_hash_table_lookup (visitors->by_token, link->data);

      if (visitor != NULL)
        show_out (visitor, GR_LEAVE_LOST);
      g_free (link->data);
    }
}

static void
on_speakers (GrHubPort *hub, const char *room_id, GVariant *speakers, GrVisitors *visitors)
{
  const char *loudest = NULL;
  GHashTableIter iter;
  gpointer value;

  if (g_variant_n_children (speakers) == 0)
    return;

  g_variant_get_child (speakers, 0, "(&sd)", &loudest, NULL);

  g_hash_table_iter_init (&iter, visitors->by_token);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      GrVisitor *visitor = value;

      if (!g_str_equal (gr_room_get_id (visitor->room), room_id))
        continue;

      g_free (visitor->speaker);
      visitor->speaker = g_strdup (loudest);
      follow (visitor);
    }
}

static GrVisitor *
seat (GrVisitors *visitors, const GrAdmission *admission, const Arrival *arrival)
{
  GrVisitor *visitor = g_new0 (GrVisitor, 1);

  visitor->visitors = visitors;
  visitor->token = g_strdup (arrival->token);
  visitor->room = g_object_ref (admission->room);
  visitor->participant = g_object_ref (admission->participant);
  visitor->media = arrival->media;
  visitor->follows = arrival->media == 0 && arrival->participant == NULL;
  g_hash_table_insert (visitors->by_token, visitor->token, visitor);
  g_hash_table_insert (visitors->by_participant, visitor->participant->id, visitor);

  return visitor;
}

static void
on_answered (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GrVisitors *visitors = g_task_get_source_object (task);
  Arrival *arrival = g_task_get_task_data (task);
  GError *error = NULL;
  char *answer = gr_switchboard_offer_finish (GR_SWITCHBOARD (source), result, &error);
  GrVisitor *visitor = g_hash_table_lookup (visitors->by_token, arrival->token);

  arrival->answer = answer;

  if (answer != NULL && visitor == NULL)
    g_set_error_literal (&error, GR_ERROR, GR_ERROR_CONFLICT, "The visit ended before it began");
  else if (answer != NULL)
    g_cancellable_set_error_if_cancelled (g_task_get_cancellable (task), &error);

  if (error != NULL)
    {
      if (visitor != NULL)
        show_out (visitor, GR_LEAVE_LEFT);
      g_task_return_error (task, error);
      return;
    }

  if (arrival->participant != NULL)
    look_at (visitor, arrival->participant, arrival->kind);
  else
    follow (visitor);

  g_task_return_pointer (task, g_strdup (arrival->token), g_free);
}

/* Whether whoever came in may do here what it came for. */
static gboolean
may_stay (GrVisitors *visitors, const GrAdmission *admission, const Arrival *arrival, GError **error)
{
  GrStatus status = { .media_fields = arrival->media, .media = arrival->media };

  if (admission->participant->stage == GR_STAGE_WAITING)
    {
      gr_set_error (error, GR_ERROR_FORBIDDEN, NULL,
                    "Newcomers wait for a host in this room: only a host's token comes in this way");
      return FALSE;
    }

  /* Media from here to browsers only goes through the hub. */
  if (gr_room_get_mode (admission->room) != GR_MEDIA_MODE_HUB)
    gr_room_restart_media (admission->room, GR_MEDIA_MODE_HUB);

  return arrival->media == 0 || gr_room_set_status (admission->room, admission->participant->id, &status, error);
}

static void
on_entered (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GrVisitors *visitors = g_task_get_source_object (task);
  Arrival *arrival = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GrAdmission) admission = gr_house_enter_finish (GR_HOUSE (source), result, &error);
  GrVisitor *visitor;

  if (admission == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  if (!may_stay (visitors, admission, arrival, &error))
    {
      gr_room_leave (admission->room, admission->participant->id, GR_LEAVE_LEFT, NULL);
      g_task_return_error (task, error);
      return;
    }

  arrival->token = gr_token_new (TOKEN_BYTES);
  visitor = seat (visitors, admission, arrival);
  g_signal_connect (admission->room, "event", G_CALLBACK (on_event), visitor);
  gr_switchboard_offer_async (visitors->board, admission->room, admission->participant->id,
                              gr_room_get_epoch (admission->room), arrival->sdp, arrival->tracks, on_answered,
                              g_steal_pointer (&task));
}

static void
gr_visitors_dispose (GObject *object)
{
  GrVisitors *visitors = GR_VISITORS (object);

  g_hash_table_remove_all (visitors->by_token);
  g_clear_object (&visitors->board);
  g_clear_object (&visitors->house);

  G_OBJECT_CLASS (gr_visitors_parent_class)->dispose (object);
}

static void
gr_visitors_finalize (GObject *object)
{
  GrVisitors *visitors = GR_VISITORS (object);

  g_hash_table_unref (visitors->by_token);
  g_hash_table_unref (visitors->by_participant);

  G_OBJECT_CLASS (gr_visitors_parent_class)->finalize (object);
}

static void
gr_visitors_class_init (GrVisitorsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = gr_visitors_dispose;
  G_OBJECT_CLASS (klass)->finalize = gr_visitors_finalize;
}

static void
gr_visitors_init (GrVisitors *visitors)
{
  visitors->by_token = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) visitor_free);
  visitors->by_participant = g_hash_table_new (g_str_hash, g_str_equal);
}

GrVisitors *
gr_visitors_new (GrHouse *house, GrSwitchboard *board)
{
  GrVisitors *visitors = g_object_new (GR_TYPE_VISITORS, NULL);
  GrHubPort *hub = gr_switchboard_get_hub (board);

  visitors->house = g_object_ref (house);
  visitors->board = g_object_ref (board);
  g_signal_connect_object (hub, "gone", G_CALLBACK (on_gone), visitors, 0);
  g_signal_connect_object (hub, "down", G_CALLBACK (on_down), visitors, 0);
  g_signal_connect_object (hub, "speakers", G_CALLBACK (on_speakers), visitors, 0);

  return visitors;
}

void
gr_visitors_come_async (GrVisitors *visitors,
                        const GrVisitWish *wish,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (visitors, cancellable, callback, user_data);
  Arrival *arrival = g_new0 (Arrival, 1);

  gr_assert_main ();
  arrival->sdp = g_strdup (wish->sdp);
  arrival->tracks = g_variant_ref_sink (wish->tracks);
  arrival->media = wish->media;
  arrival->participant = g_strdup (wish->participant);
  arrival->kind = g_strdup (wish->kind);
  g_task_set_task_data (task, arrival, (GDestroyNotify) arrival_free);

  /* Cancelling is looked at where the seat can be given back. */
  g_task_set_check_cancellable (task, FALSE);

  if (!gr_hub_port_is_up (gr_switchboard_get_hub (visitors->board)))
    {
      g_task_return_new_error (task, GR_ERROR, GR_ERROR_UNAVAILABLE, "Sound and pictures are away for a moment");
      return;
    }

  gr_house_enter_async (visitors->house, &wish->entry, cancellable, on_entered, g_steal_pointer (&task));
}

char *
gr_visitors_come_finish (GrVisitors *visitors, GAsyncResult *result, char **answer, GError **error)
{
  Arrival *arrival = g_task_get_task_data (G_TASK (result));
  char *token = g_task_propagate_pointer (G_TASK (result), error);

  if (token != NULL)
    *answer = g_steal_pointer (&arrival->answer);

  return token;
}

gboolean
gr_visitors_go (GrVisitors *visitors, const char *token, GError **error)
{
  GrVisitor *visitor = g_hash_table_lookup (visitors->by_token, token);

  if (visitor == NULL)
    {
      gr_set_error (error, GR_ERROR_NOT_FOUND, "visit", "This has ended already");
      return FALSE;
    }

  show_out (visitor, GR_LEAVE_LEFT);

  return TRUE;
}
