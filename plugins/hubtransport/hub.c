/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plugins/hubtransport/hub.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib-unix.h>
#include <string.h>
#include <unistd.h>

#include "plugins/hubtransport/handshake.h"
#include "plugins/hubtransport/hub-ice.h"
#include "plugins/hubtransport/hub-sink.h"
#include "plugins/hubtransport/hub-source.h"
#include "plugins/hubtransport/hub-thread.h"
#include "plugins/hubtransport/socket.h"

#define COMMANDS_CAPACITY 4096
#define NOTICES_CAPACITY 512
#define DEFAULT_LIVENESS_MS 8000

/* What webrtcbin's threads know of a peer: its number and where to send it. Shared by its agent and its handshake. */
typedef struct
{
  GrMailbox *commands;
  GrHubPeerId peer;
} Link;

/* Main's half of a peer; of a link it is empty. */
typedef struct
{
  GrHubIce *ice;
  GrHandshake *handshake;
} Half;

struct _GrHub
{
  GObject parent;

  GrHubFactFunc on_fact;
  gpointer user_data;
  guint16 port;
  guint receive_buffer;
  char **candidates;
  GrMailbox *commands;
  GrMailbox *notices;
  GSource *notices_source;
  GrHubThread *thread;
  GHashTable *peers; /* id → Half */
};

G_DEFINE_FINAL_TYPE (GrHub, gr_hub, G_TYPE_OBJECT)

static Link *
link_new (GrHub *hub, GrHubPeerId peer)
{
  Link *link = g_atomic_rc_box_new (Link);

  link->commands = gr_mailbox_ref (hub->commands);
  link->peer = peer;
  return link;
}

static void
link_clear (gpointer box)
{
  Link *link = box;

  gr_mailbox_unref (link->commands);
}

static void
link_unref (gpointer box)
{
  g_atomic_rc_box_release_full (box, link_clear);
}

static void
half_free (gpointer user_data)
{
  Half *half = user_data;

  g_clear_object (&half->ice);
  g_clear_pointer (&half->handshake, gr_handshake_unref);
  g_free (half);
}

static gboolean
post (GrMailbox *commands, GrCommand command)
{
  if (gr_mailbox_post (commands, &command))
    return TRUE;

  gr_command_clear (&command);
  return FALSE;
}

/* webrtcbin's threads. */
static void
on_credentials (const char *ufrag, const char *password, gpointer user_data)
{
  Link *link = user_data;
  GrCredentials *credentials = g_new0 (GrCredentials, 1);

  g_strlcpy (credentials->ufrag, ufrag, sizeof credentials->ufrag);
  g_strlcpy (credentials->password, password, sizeof credentials->password);
  post (link->commands, (GrCommand){ .kind = GR_COMMAND_CREDENTIALS, .peer = link->peer, .object = credentials });
}

static void
on_dtls (const guint8 *datagram, gsize length, gpointer user_data)
{
  Link *link = user_data;

  post (link->commands,
        (GrCommand){ .kind = GR_COMMAND_DTLS, .peer = link->peer, .object = g_bytes_new (datagram, length) });
}

static void
on_keys (GrSrtp *in, GrSrtp *out, gpointer user_data)
{
  Link *link = user_data;

  post (link->commands, (GrCommand){ .kind = GR_COMMAND_KEYS, .peer = link->peer, .object = in, .other = out });
}

static gboolean
on_notices (int fd, GIOCondition condition, gpointer user_data)
{
  g_autoptr (GrHub) hub = g_object_ref (user_data);
  GrNotice notice;

  gr_mailbox_acknowledge (hub->notices);
  while (gr_mailbox_take (hub->notices, &notice))
    {
      Half *half = g_hash_table_lookup (hub->peers, GUINT_TO_POINTER (notice.fact.peer));

      if (notice.nominated && half != NULL && half->ice != NULL)
        gr_hub_ice_connected (half->ice);
      /* A peer that was removed meanwhile is nobody's business any more. */
      else if (!notice.nominated && (half != NULL || notice.fact.kind == GR_HUB_LEVELS) && hub->on_fact != NULL)
        hub->on_fact (hub, &notice.fact, hub->user_data);
    }

  return G_SOURCE_CONTINUE;
}

static void
gr_hub_dispose (GObject *object)
{
  GrHub *hub = GR_HUB (object);

  if (hub->notices_source != NULL)
    g_source_destroy (hub->notices_source);
  g_clear_pointer (&hub->notices_source, g_source_unref);
  g_clear_pointer (&hub->thread, gr_hub_thread_stop);
  g_hash_table_remove_all (hub->peers);

  G_OBJECT_CLASS (gr_hub_parent_class)->dispose (object);
}

static void
gr_hub_finalize (GObject *object)
{
  GrHub *hub = GR_HUB (object);

  g_hash_table_unref (hub->peers);
  g_clear_pointer (&hub->commands, gr_mailbox_unref);
  g_clear_pointer (&hub->notices, gr_mailbox_unref);
  g_strfreev (hub->candidates);

  G_OBJECT_CLASS (gr_hub_parent_class)->finalize (object);
}

static void
gr_hub_class_init (GrHubClass *class)
{
  G_OBJECT_CLASS (class)->dispose = gr_hub_dispose;
  G_OBJECT_CLASS (class)->finalize = gr_hub_finalize;
}

static void
gr_hub_init (GrHub *hub)
{
  hub->peers = g_hash_table_new_full (NULL, NULL, NULL, half_free);
}

static gboolean
start (GrHub *hub, const GrHubOptions *options, GError **error)
{
  gint64 liveness = options->liveness_ms != 0 ? options->liveness_ms : DEFAULT_LIVENESS_MS;
  int fds[GR_HUB_MAX_ADDRESSES];

  hub->commands = gr_mailbox_new (sizeof (GrCommand), COMMANDS_CAPACITY);
  hub->notices = gr_mailbox_new (sizeof (GrNotice), NOTICES_CAPACITY);
  if (hub->commands == NULL || hub->notices == NULL)
    {
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "The hub cannot start: %s", g_strerror (errno));
      return FALSE;
    }
  if (!gr_sockets_open (options, fds, &hub->port, error))
    return FALSE;

  hub->receive_buffer = gr_socket_get_receive_buffer (fds[0]);
  hub->candidates = gr_sockets_candidates (options, hub->port);
  hub->thread
      = gr_hub_thread_start (gr_plane_new (fds, options->n_addresses, hub->commands, hub->notices, liveness * 1000));
  if (hub->thread == NULL)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "The hub's thread cannot start");
      return FALSE;
    }

  return TRUE;
}

GrHub *
gr_hub_new (const GrHubOptions *options, GError **error)
{
  g_autoptr (GrHub) hub = g_object_new (GR_TYPE_HUB, NULL);

  hub->on_fact = options->on_fact;
  hub->user_data = options->user_data;
  if (!start (hub, options, error))
    return NULL;

  hub->notices_source = g_unix_fd_source_new (gr_mailbox_get_fd (hub->notices), G_IO_IN);
  g_source_set_callback (hub->notices_source, G_SOURCE_FUNC (on_notices), hub, NULL);
  g_source_attach (hub->notices_source, g_main_context_get_thread_default ());
  return g_steal_pointer (&hub);
}

guint16
gr_hub_get_port (GrHub *hub)
{
  return hub->port;
}

guint
gr_hub_get_receive_buffer (GrHub *hub)
{
  return hub->receive_buffer;
}

/* The agent can only be given when webrtcbin is made, and a factory cannot give it. */
static GstElement *
make_webrtcbin (GrHubIce *ice)
{
  g_autoptr (GstElementFactory) found = gst_element_factory_find ("webrtcbin");
  g_autoptr (GstPluginFeature) factory = found != NULL ? gst_plugin_feature_load (GST_PLUGIN_FEATURE (found)) : NULL;
  GType type = factory != NULL ? gst_element_factory_get_element_type (GST_ELEMENT_FACTORY (factory)) : 0;

  if (type == 0)
    return NULL;

  /* It takes the agent without a reference (1.22.0) and drops one when it goes. */
  return g_object_new (type, "ice-agent", g_object_ref (ice), "bundle-policy", 3 /* max-bundle */, NULL);
}

GstElement *
gr_hub_add_peer (GrHub *hub, GrHubPeerId peer)
{
  static const GrHubIceWay way = { on_credentials, on_dtls, link_unref };
  g_autoptr (GrHubIce) ice = NULL;
  GstElement *webrtcbin;
  Link *link;
  Half *half;

  if (peer == 0 || g_hash_table_contains (hub->peers, GUINT_TO_POINTER (peer)))
    return NULL;

  link = link_new (hub, peer);
  ice = gr_hub_ice_new ((const char *const *) hub->candidates, &way, link);
  webrtcbin = make_webrtcbin (ice);
  if (webrtcbin == NULL)
    return NULL;

  half = g_new0 (Half, 1);
  half->handshake = gr_handshake_new (on_keys, g_atomic_rc_box_acquire (link), link_unref);
  half->ice = g_steal_pointer (&ice);
  gr_handshake_watch (half->handshake, webrtcbin);
  g_hash_table_insert (hub->peers, GUINT_TO_POINTER (peer), half);
  post (hub->commands, (GrCommand){ .kind = GR_COMMAND_ADD_PEER,
                                    .peer = peer,
                                    .object = gr_peer_new (peer, gr_hub_ice_get_source (half->ice)) });
  return webrtcbin;
}

gboolean
gr_hub_add_link (GrHub *hub, GrHubPeerId peer, int fd)
{
  if (peer == 0 || g_hash_table_contains (hub->peers, GUINT_TO_POINTER (peer)))
    {
      close (fd);
      return FALSE;
    }

  g_hash_table_insert (hub->peers, GUINT_TO_POINTER (peer), g_new0 (Half, 1));
  post (hub->commands, (GrCommand){ .kind = GR_COMMAND_ADD_PEER,
                                    .peer = peer,
                                    .object = gr_peer_new_linked (peer, gr_link_new (fd)) });
  return TRUE;
}

void
gr_hub_describe_link (GrHub *hub, GrHubPeerId peer, GBytes *record)
{
  post (hub->commands, (GrCommand){ .kind = GR_COMMAND_RECORD, .peer = peer, .object = g_bytes_ref (record) });
}

gboolean
gr_hub_expect_fingerprint (GrHub *hub, GrHubPeerId peer, const char *sha256)
{
  Half *half = g_hash_table_lookup (hub->peers, GUINT_TO_POINTER (peer));

  return half != NULL && half->handshake != NULL && gr_handshake_expect (half->handshake, sha256);
}

void
gr_hub_set_session (GrHub *hub, GrHubPeerId peer, const GrHubSession *session)
{
  post (hub->commands,
        (GrCommand){ .kind = GR_COMMAND_SESSION, .peer = peer, .object = g_memdup2 (session, sizeof *session) });
}

void
gr_hub_remove_peer (GrHub *hub, GrHubPeerId peer)
{
  if (g_hash_table_remove (hub->peers, GUINT_TO_POINTER (peer)))
    post (hub->commands, (GrCommand){ .kind = GR_COMMAND_REMOVE_PEER, .peer = peer });
}

void
gr_hub_publish (GrHub *hub, GrHubPeerId peer, GrHubTrackId track, const GrHubTrack *what)
{
  post (hub->commands,
        (GrCommand){ .kind = GR_COMMAND_PUBLISH, .peer = peer, .track = track, .object = gr_track_new (track, what) });
}

void
gr_hub_unpublish (GrHub *hub, GrHubTrackId track)
{
  post (hub->commands, (GrCommand){ .kind = GR_COMMAND_UNPUBLISH, .track = track });
}

void
gr_hub_mute (GrHub *hub, GrHubTrackId track, gboolean muted)
{
  post (hub->commands, (GrCommand){ .kind = GR_COMMAND_MUTE, .track = track, .value = muted });
}

void
gr_hub_add_slot (GrHub *hub, GrHubPeerId peer, GrHubSlotId slot, const GrHubSlot *what)
{
  post (hub->commands,
        (GrCommand){ .kind = GR_COMMAND_ADD_SLOT, .peer = peer, .value = slot, .object = gr_slot_new (slot, what) });
}

void
gr_hub_remove_slot (GrHub *hub, GrHubPeerId peer, GrHubSlotId slot)
{
  post (hub->commands, (GrCommand){ .kind = GR_COMMAND_REMOVE_SLOT, .peer = peer, .value = slot });
}

void
gr_hub_subscribe (GrHub *hub, GrHubPeerId peer, GrHubSlotId slot, GrHubTrackId track)
{
  post (hub->commands, (GrCommand){ .kind = GR_COMMAND_SUBSCRIBE, .peer = peer, .value = slot, .track = track });
}

void
gr_hub_snapshot_free (GrHubSnapshot *snapshot)
{
  g_array_unref (snapshot->peers);
  g_array_unref (snapshot->tracks);
  g_array_unref (snapshot->slots);
  g_free (snapshot);
}

static void
on_snapshot (GObject *none, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  GrHubSnapshot *snapshot = g_task_propagate_pointer (G_TASK (result), &error);

  if (snapshot == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_pointer (task, snapshot, (GDestroyNotify) gr_hub_snapshot_free);
}

/* The hub thread gets a task of its own, without the hub: it may be the last to let go of it, and cannot wait for
 * itself. */
void
gr_hub_take_snapshot_async (GrHub *hub, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (hub, NULL, callback, user_data);
  g_autoptr (GTask) request = g_task_new (NULL, NULL, on_snapshot, task);

  if (!post (hub->commands, (GrCommand){ .kind = GR_COMMAND_SNAPSHOT, .object = g_object_ref (request) }))
    g_task_return_new_error (request, G_IO_ERROR, G_IO_ERROR_BUSY, "The hub is busy");
}

GrHubSnapshot *
gr_hub_take_snapshot_finish (GrHub *hub, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

gboolean
gr_hub_register_elements (GstPlugin *plugin)
{
  return gst_element_register (plugin, "hubsrc", GST_RANK_NONE, GR_TYPE_HUB_SOURCE)
         && gst_element_register (plugin, "hubsink", GST_RANK_NONE, GR_TYPE_HUB_SINK);
}
