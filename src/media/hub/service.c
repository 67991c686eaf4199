/* SPDX-License-Identifier: LGPL-2.1-or-later */
#define GR_LOG_TOPIC "hub"

#include "media/hub/service.h"

#include <string.h>

#include "base/error.h"
#include "base/log.h"
#include "base/main-call.h"
#include "media-dbus.h"
#include "media/hub/addresses.h"
#include "media/hub/room.h"
#include "media/hub/statistics.h"
#include "media/link-socket.h"

#define PATH "/org/greenroom/Media1"

struct _GrHubService
{
  GObject parent;

  GrHub *hub;
  GPtrArray *candidates; /* what `addresses` points to */
  GArray *addresses;     /* of GrSdpAddress */
  GHashTable *rooms;     /* id → GrRoom, owned */
  GHashTable *peers;     /* of all rooms */
  GrMediaDBusWorker *worker;
  GrMediaDBusHub *face;
  GDBusConnection *connection;
  guint turn;        /* the source that settles and tells, or 0 */
  gboolean flushing; /* what was told is on its way */
};

G_DEFINE_FINAL_TYPE (GrHubService, gr_hub_service, G_TYPE_OBJECT)

/* A call that is answered later. */
typedef struct
{
  GrHubService *service;
  GDBusMethodInvocation *invocation;
  char *room; /* both of Quality */
  char *participant;
} Call;

static gboolean on_turn (gpointer data);

static Call *
call_new (GrHubService *service, GDBusMethodInvocation *invocation)
{
  Call *call = g_new (Call, 1);

  *call = (Call){ .service = g_object_ref (service), .invocation = invocation };
  return call;
}

static void
call_free (gpointer data)
{
  Call *call = data;

  g_object_unref (call->service);
  g_free (call->room);
  g_free (call->participant);
  g_free (call);
}

static void
fail (GDBusMethodInvocation *invocation, const GError *error)
{
  const GrErrorTraits *traits = gr_error_traits (error);

  g_dbus_method_invocation_return_dbus_error (invocation, traits->dbus_name, error->message);
}

static void
plan_turn (GrHubService *service)
{
  if (service->turn == 0)
    service->turn = g_idle_add_full (G_PRIORITY_DEFAULT, on_turn, service, NULL);
}

static void
on_flushed (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GrHubService) service = data;

  service->flushing = FALSE;
  if (g_dbus_connection_flush_finish (G_DBUS_CONNECTION (source), result, NULL))
    plan_turn (service);
}

static gboolean
on_turn (gpointer data)
{
  GrHubService *service = data;
  GHashTableIter iter;
  gpointer room;
  gboolean told = FALSE;

  service->turn = 0;
  g_hash_table_iter_init (&iter, service->rooms);
  while (g_hash_table_iter_next (&iter, NULL, &room))
    {
      if (gr_room_is_empty (room))
        {
          g_hash_table_iter_remove (&iter);
          continue;
        }
      gr_room_settle (room);
      if (!service->flushing && service->connection != NULL)
        told |= gr_room_tell (room, service->face);
    }

  if (told)
    {
      service->flushing = TRUE;
      g_dbus_connection_flush (service->connection, NULL, on_flushed, g_object_ref (service));
    }

  return G_SOURCE_REMOVE;
}

static void
on_changed (GrRoom *room, gpointer user_data)
{
  plan_turn (user_data);
}

static void
on_fact (GrHub *hub, const GrHubFact *fact, gpointer user_data)
{
  GrHubService *service = user_data;

  gr_room_take_fact (service->peers, fact);
}

static GrRoom *
take_room (GrHubService *service, const char *id)
{
  GrRoom *room = g_hash_table_lookup (service->rooms, id);

  if (room == NULL)
    {
      room = gr_room_new (service->hub, id, service->peers, service->addresses, on_changed, service);
      g_hash_table_insert (service->rooms, (gpointer) gr_room_get_id (room), room);
      plan_turn (service);
    }

  return room;
}

static GArray *
read_tracks (GVariant *value, GError **error)
{
  g_autoptr (GArray) tracks = g_array_new (FALSE, TRUE, sizeof (GrTrackLine));
  GVariantIter iter;
  const char *mid, *kind;

  g_variant_iter_init (&iter, value);
  while (g_variant_iter_next (&iter, "(&s&s)", &mid, &kind))
    {
      GrTrackLine track = { 0 };

      if (!gr_track_kind_parse (kind, &track.kind, error))
        return NULL;
      if (g_strlcpy (track.mid, mid, sizeof track.mid) >= sizeof track.mid)
        {
          gr_set_error (error, GR_ERROR_INVALID_INPUT, "tracks", "A mid has at most %d characters", GR_SDP_MAX_MID);
          return NULL;
        }
      g_array_append_val (tracks, track);
    }

  return g_steal_pointer (&tracks);
}

static gboolean
on_ping (GrMediaDBusWorker *worker, GDBusMethodInvocation *invocation)
{
  gr_media_dbus_worker_complete_ping (worker, invocation);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static void
on_answer (const char *answer, const GError *error, gpointer user_data)
{
  GDBusMethodInvocation *invocation = user_data;

  if (answer == NULL)
    fail (invocation, error);
  else
    g_dbus_method_invocation_return_value (invocation, g_variant_new ("(s)", answer));
}

static gboolean
on_offer (GrMediaDBusHub *face,
          GDBusMethodInvocation *invocation,
          const char *room,
          const char *participant,
          const char *text,
          GVariant *lines,
          GrHubService *service)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GrSdp) offer = gr_sdp_parse (text, strlen (text), GR_SDP_OFFER, &error);
  g_autoptr (GArray) tracks = offer != NULL ? read_tracks (lines, &error) : NULL;

  if (tracks == NULL)
    fail (invocation, error);
  else
    gr_room_offer (take_room (service, room), participant, offer, tracks, on_answer, invocation);

  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static gboolean
on_subscribe (GrMediaDBusHub *face,
              GDBusMethodInvocation *invocation,
              const char *room,
              const char *participant,
              GVariant *pictures,
              GrHubService *service)
{
  g_autoptr (GError) error = NULL;

  if (gr_room_subscribe (take_room (service, room), participant, pictures, &error))
    gr_media_dbus_hub_complete_subscribe (face, invocation);
  else
    fail (invocation, error);

  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static gboolean
on_allow (GrMediaDBusHub *face,
          GDBusMethodInvocation *invocation,
          const char *room,
          const char *participant,
          const char *const *names,
          gboolean backstage,
          gboolean hears_backstage,
          GrHubService *service)
{
  g_autoptr (GError) error = NULL;
  guint kinds = 0;

  for (; *names != NULL; names++)
    {
      GrTrackKind kind;

      if (!gr_track_kind_parse (*names, &kind, &error))
        {
          fail (invocation, error);
          return G_DBUS_METHOD_INVOCATION_HANDLED;
        }
      kinds |= 1u << kind;
    }

  gr_room_allow (take_room (service, room), participant, kinds, backstage, hears_backstage);
  gr_media_dbus_hub_complete_allow (face, invocation);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static gboolean
on_attach (GrMediaDBusHub *face,
           GDBusMethodInvocation *invocation,
           GUnixFDList *fds,
           const char *room,
           const char *participant,
           GVariant *handle,
           GrHubService *service)
{
  g_autoptr (GError) error = NULL;
  int fd = gr_link_take_fd (fds, handle, &error);

  if (fd < 0)
    fail (invocation, error);
  else
    {
      gr_room_attach (take_room (service, room), participant, fd);
      gr_media_dbus_hub_complete_attach (face, invocation, NULL);
    }

  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static gboolean
on_watch (GrMediaDBusHub *face,
          GDBusMethodInvocation *invocation,
          const char *room,
          const char *participant,
          GVariant *tracks,
          GrHubService *service)
{
  g_autoptr (GError) error = NULL;

  if (gr_room_watch (take_room (service, room), participant, tracks, &error))
    gr_media_dbus_hub_complete_watch (face, invocation);
  else
    fail (invocation, error);

  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static gboolean
on_leave (GrMediaDBusHub *face,
          GDBusMethodInvocation *invocation,
          const char *id,
          const char *participant,
          GrHubService *service)
{
  GrRoom *room = g_hash_table_lookup (service->rooms, id);

  if (room != NULL)
    gr_room_leave (room, participant);

  gr_media_dbus_hub_complete_leave (face, invocation);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static char *
write_everything (GrHubService *service, const GrHubSnapshot *snapshot)
{
  g_autoptr (GPtrArray) rooms = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer room;

  g_hash_table_iter_init (&iter, service->rooms);
  while (g_hash_table_iter_next (&iter, NULL, &room))
    g_ptr_array_add (rooms, room);
  return gr_statistics_write (snapshot, rooms);
}

/* NULL if the participant is not at the hub (any more). */
static char *
write_quality (const Call *call, const GrHubSnapshot *snapshot)
{
  GrRoom *room = g_hash_table_lookup (call->service->rooms, call->room);
  const GrParticipant *participant = room != NULL ? gr_room_find (room, call->participant) : NULL;

  if (participant == NULL || participant->peer == 0)
    return NULL;

  return gr_statistics_write_quality (snapshot, room, participant);
}

static void
on_snapshot (GObject *hub, GAsyncResult *result, gpointer data)
{
  Call *call = data;
  g_autoptr (GError) failure = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GrHubSnapshot) snapshot = gr_hub_take_snapshot_finish (GR_HUB (hub), result, &failure);
  g_autofree char *json = NULL;

  if (snapshot == NULL)
    gr_set_error (&error, GR_ERROR_BUSY, NULL, "The hub has no time to count: %s", failure->message);
  else if (call->participant == NULL)
    json = write_everything (call->service, snapshot);
  else if ((json = write_quality (call, snapshot)) == NULL)
    gr_set_error (&error, GR_ERROR_NOT_FOUND, "participant", "Nobody of this id is at the hub");

  if (json == NULL)
    fail (call->invocation, error);
  else
    g_dbus_method_invocation_return_value (call->invocation, g_variant_new ("(s)", json));

  call_free (call);
}

static gboolean
on_statistics (GrMediaDBusHub *face, GDBusMethodInvocation *invocation, GrHubService *service)
{
  gr_hub_take_snapshot_async (service->hub, on_snapshot, call_new (service, invocation));
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static gboolean
on_quality (GrMediaDBusHub *face,
            GDBusMethodInvocation *invocation,
            const char *room,
            const char *participant,
            GrHubService *service)
{
  Call *call = call_new (service, invocation);

  call->room = g_strdup (room);
  call->participant = g_strdup (participant);
  gr_hub_take_snapshot_async (service->hub, on_snapshot, call);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static void
on_drawn (const char *text, const GError *error, gpointer user_data)
{
  Call *call = user_data;

  gr_media_dbus_hub_complete_graph (call->service->face, g_steal_pointer (&call->invocation), text);
}

/* The room may have ended before its turn came. */
static void
end_graph (gpointer user_data)
{
  Call *call = user_data;

  if (call->invocation != NULL)
    {
      g_autoptr (GError) error = NULL;

      gr_set_error (&error, GR_ERROR_NOT_FOUND, NULL, "The room has just ended");
      fail (g_steal_pointer (&call->invocation), error);
    }
  call_free (call);
}

static gboolean
on_graph (GrMediaDBusHub *face, GDBusMethodInvocation *invocation, const char *id, GrHubService *service)
{
  GrRoom *room = g_hash_table_lookup (service->rooms, id);

  if (room == NULL)
    {
      g_autoptr (GError) error = NULL;

      gr_set_error (&error, GR_ERROR_NOT_FOUND, "room", "Nobody of this room is at the hub");
      fail (invocation, error);
    }
  else
    gr_room_draw (room, on_drawn, call_new (service, invocation), end_graph);

  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static void
name_candidates (GrHubService *service, GPtrArray *addresses)
{
  for (guint i = 0; i < addresses->len; i++)
    {
      GrSdpAddress candidate = { .address = g_strdup (addresses->pdata[i]), .port = gr_hub_get_port (service->hub) };

      g_ptr_array_add (service->candidates, (char *) candidate.address);
      g_array_append_val (service->addresses, candidate);
    }
}

static gboolean
open_port (GrHubService *service, const char *listen, const char *const *announce, GError **error)
{
  GrHubOptions options = { .on_fact = on_fact, .user_data = service };
  g_autoptr (GPtrArray) opened = gr_addresses_to_open (listen, GR_HUB_MAX_ADDRESSES, &options.port, error);
  g_autoptr (GPtrArray) said = opened != NULL ? gr_addresses_to_say (opened, announce, error) : NULL;

  if (said == NULL)
    return FALSE;

  options.n_addresses = opened->len;
  memcpy (options.addresses, opened->pdata, opened->len * sizeof *options.addresses);
  service->hub = gr_hub_new (&options, error);
  if (service->hub == NULL)
    return FALSE;

  if (gr_hub_get_receive_buffer (service->hub) < GR_HUB_RECEIVE_BUFFER)
    gr_warning ("the kernel gives the media port %u kB of %d for what comes in, and bursts will be lost: raise "
                "net.core.rmem_max (60-greenroom.sysctl.conf)",
                gr_hub_get_receive_buffer (service->hub) / 1024, GR_HUB_RECEIVE_BUFFER / 1024);
  name_candidates (service, said);
  return TRUE;
}

static void
gr_hub_service_dispose (GObject *object)
{
  GrHubService *service = GR_HUB_SERVICE (object);

  g_clear_pointer (&service->rooms, g_hash_table_unref);
  g_clear_handle_id (&service->turn, g_source_remove);
  g_clear_object (&service->hub);
  g_clear_object (&service->worker);
  g_clear_object (&service->face);
  g_clear_object (&service->connection);

  G_OBJECT_CLASS (gr_hub_service_parent_class)->dispose (object);
}

static void
gr_hub_service_finalize (GObject *object)
{
  GrHubService *service = GR_HUB_SERVICE (object);

  g_hash_table_unref (service->peers);
  g_array_unref (service->addresses);
  g_ptr_array_unref (service->candidates);

  G_OBJECT_CLASS (gr_hub_service_parent_class)->finalize (object);
}

static void
gr_hub_service_class_init (GrHubServiceClass *class)
{
  G_OBJECT_CLASS (class)->dispose = gr_hub_service_dispose;
  G_OBJECT_CLASS (class)->finalize = gr_hub_service_finalize;
}

static void
gr_hub_service_init (GrHubService *service)
{
  service->candidates = g_ptr_array_new_with_free_func (g_free);
  service->addresses = g_array_new (FALSE, TRUE, sizeof (GrSdpAddress));
  service->rooms = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) gr_room_free);
  service->peers = g_hash_table_new (NULL, NULL);
  service->worker = gr_media_dbus_worker_skeleton_new ();
  service->face = gr_media_dbus_hub_skeleton_new ();
  g_signal_connect (service->worker, "handle-ping", G_CALLBACK (on_ping), NULL);
  g_signal_connect (service->face, "handle-offer", G_CALLBACK (on_offer), service);
  g_signal_connect (service->face, "handle-subscribe", G_CALLBACK (on_subscribe), service);
  g_signal_connect (service->face, "handle-allow", G_CALLBACK (on_allow), service);
  g_signal_connect (service->face, "handle-attach", G_CALLBACK (on_attach), service);
  g_signal_connect (service->face, "handle-watch", G_CALLBACK (on_watch), service);
  g_signal_connect (service->face, "handle-leave", G_CALLBACK (on_leave), service);
  g_signal_connect (service->face, "handle-statistics", G_CALLBACK (on_statistics), service);
  g_signal_connect (service->face, "handle-quality", G_CALLBACK (on_quality), service);
  g_signal_connect (service->face, "handle-graph", G_CALLBACK (on_graph), service);
}

GrHubService *
gr_hub_service_new (const char *listen, const char *const *announce, GError **error)
{
  g_autoptr (GrHubService) service = g_object_new (GR_TYPE_HUB_SERVICE, NULL);

  gr_assert_main ();
  if (!open_port (service, listen, announce, error))
    return NULL;

  return g_steal_pointer (&service);
}

gboolean
gr_hub_service_export (GrHubService *service, GDBusConnection *connection, GError **error)
{
  service->connection = g_object_ref (connection);

  return g_dbus_interface_skeleton_export (G_DBUS_INTERFACE_SKELETON (service->worker), connection, PATH, error)
         && g_dbus_interface_skeleton_export (G_DBUS_INTERFACE_SKELETON (service->face), connection, PATH, error);
}
