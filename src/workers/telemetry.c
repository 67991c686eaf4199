/* SPDX-License-Identifier: LGPL-2.1-or-later */
#define GR_LOG_TOPIC "workers"

#include "workers/telemetry.h"

#include "base/json.h"
#include "base/log.h"
#include "base/metrics.h"

#define POLL_SECONDS 5

/* A member of the hub's statistics (org.greenroom.Media1.xml) and what it is called in /metrics. */
typedef struct
{
  const char *member;
  const char *name;
  const char *help;
  gboolean is_maximum; /* else the sum */
} Figure;

/* These begin anew with the hub, as a counter may. */
static const Figure totals[] = {
  { "packetsIn", "greenroom_hub_packets_in_total", "Datagrams that came to the hub", FALSE },
  { "packetsOut", "greenroom_hub_packets_out_total", "Packets that the hub sent", FALSE },
  { "bytesIn", "greenroom_hub_bytes_in_total", "Bytes that came to the hub", FALSE },
  { "bytesOut", "greenroom_hub_bytes_out_total", "Bytes that the hub sent", FALSE },
  { "sendDropped", "greenroom_hub_send_dropped_total", "Packets that the network did not take", FALSE },
  { "srtpRefused", "greenroom_hub_srtp_refused_total", "Packets that were forged, replayed or malformed", FALSE },
  { "stunRefused", "greenroom_hub_stun_refused_total", "STUN that was malformed or had the wrong password", FALSE },
};

/* Of the streams that are there now, so they go up and down with these. */
static const Figure of_tracks[] = {
  { "packets", "greenroom_hub_track_packets", "Packets that the present tracks brought", FALSE },
  { "bytes", "greenroom_hub_track_bytes", "Bytes that the present tracks brought", FALSE },
  { "bitsPerSecond", "greenroom_hub_track_bits_per_second", "What the tracks of a kind bring, together", FALSE },
  { "lost", "greenroom_hub_track_lost_packets", "Packets of the present tracks that never came", FALSE },
  { "nacksSent", "greenroom_hub_track_nacked_packets", "Packets of the present tracks that were asked for again",
    FALSE },
  { "recovered", "greenroom_hub_track_rtx_packets", "Packets of the present tracks that came when sent again", FALSE },
  { "plisSent", "greenroom_hub_track_plis", "Keyframes that senders of the present tracks were asked for", FALSE },
  { "jitterUs", "greenroom_hub_track_jitter_microseconds", "The largest jitter of the present tracks", TRUE },
};

static const Figure of_slots[] = {
  { "packets", "greenroom_hub_slot_packets", "Packets that the filled slots carried", FALSE },
  { "bytes", "greenroom_hub_slot_bytes", "Bytes that the filled slots carried", FALSE },
  { "lost", "greenroom_hub_slot_lost_packets", "Packets of the filled slots that receivers report as lost", FALSE },
  { "nacks", "greenroom_hub_slot_nacked_packets", "Packets of the filled slots that receivers asked for again", FALSE },
  { "rtx", "greenroom_hub_slot_rtx_packets", "Packets of the filled slots that were sent again", FALSE },
  { "plis", "greenroom_hub_slot_plis", "Keyframes that receivers asked for by PLI", FALSE },
  { "firs", "greenroom_hub_slot_firs", "Keyframes that receivers asked for by FIR", FALSE },
  { "jitterUs", "greenroom_hub_slot_jitter_microseconds", "The largest jitter that a receiver reports", TRUE },
};

#define N_FIGURES G_N_ELEMENTS (of_tracks)
G_STATIC_ASSERT (G_N_ELEMENTS (of_slots) == N_FIGURES);

/* What comes to the hub, and what it sends. */
static const struct
{
  const char *member;
  const char *name;
  const char *help;
  const Figure *figures;
} directions[] = {
  { "tracks", "greenroom_hub_tracks", "Tracks that come to the hub", of_tracks },
  { "slots", "greenroom_hub_slots", "Slots of subscribers that carry something", of_slots },
};

static const char *const kinds[] = { "microphone", "camera", "screen", "screen-audio", "programme", "programme-audio" };

struct _GrHubTelemetry
{
  GObject parent;

  GrHouse *house;
  GrHubPort *hub;
  guint timer; /* 0: no room is live */
  gboolean asking;
  gboolean was_up;

  GrMetric *up;
  GrMetric *restarts;
  GrMetric *peers;
  GrMetric *totals[G_N_ELEMENTS (totals)];
  GrMetric *streams[G_N_ELEMENTS (directions)][G_N_ELEMENTS (kinds)];
  GrMetric *figures[G_N_ELEMENTS (directions)][G_N_ELEMENTS (kinds)][N_FIGURES];
};

G_DEFINE_FINAL_TYPE (GrHubTelemetry, gr_hub_telemetry, G_TYPE_OBJECT)

static gint
kind_index (const char *kind)
{
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_strcmp0 (kinds[i], kind) == 0)
      return i;

  return -1;
}

typedef struct
{
  gint64 peers;
  gint64 streams[G_N_ELEMENTS (directions)][G_N_ELEMENTS (kinds)];
  gint64 figures[G_N_ELEMENTS (directions)][G_N_ELEMENTS (kinds)][N_FIGURES];
} Present;

static void
show_present (GrHubTelemetry *telemetry, const Present *present)
{
  gr_metric_set (telemetry->peers, present->peers);

  for (guint way = 0; way < G_N_ELEMENTS (directions); way++)
    for (guint kind = 0; kind < G_N_ELEMENTS (kinds); kind++)
      {
        gr_metric_set (telemetry->streams[way][kind], present->streams[way][kind]);
        for (guint i = 0; i < N_FIGURES; i++)
          gr_metric_set (telemetry->figures[way][kind][i], present->figures[way][kind][i]);
      }
}

static void
show_nobody (GrHubTelemetry *telemetry)
{
  static const Present nobody = { 0 };

  show_present (telemetry, &nobody);
}

static JsonObject *
object_at (JsonArray *array, guint index)
{
  JsonNode *node = json_array_get_element (array, index);

  return JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

/* An empty slot has no kind. */
static void
count_streams (JsonArray *streams, guint way, Present *present)
{
  for (guint i = 0; streams != NULL && i < json_array_get_length (streams); i++)
    {
      JsonObject *stream = object_at (streams, i);
      gint kind = stream != NULL ? kind_index (gr_json_string (stream, "kind")) : -1;

      if (kind < 0)
        continue;

      present->streams[way][kind]++;
      for (guint j = 0; j < N_FIGURES; j++)
        {
          const Figure *figure = &directions[way].figures[j];
          gint64 *value = &present->figures[way][kind][j];
          gint64 more = gr_json_int (stream, figure->member, 0);

          *value = figure->is_maximum ? MAX (*value, more) : *value + more;
        }
    }
}

static void
count_room (JsonObject *room, Present *present)
{
  JsonArray *peers = gr_json_array (room, "peers");

  present->peers += peers != NULL ? json_array_get_length (peers) : 0;
  for (guint way = 0; way < G_N_ELEMENTS (directions); way++)
    count_streams (gr_json_array (room, directions[way].member), way, present);
}

static void
show_statistics (GrHubTelemetry *telemetry, JsonObject *statistics)
{
  JsonObject *hub = gr_json_object (statistics, "hub");
  JsonArray *rooms = gr_json_array (statistics, "rooms");
  Present present = { 0 };

  for (guint i = 0; hub != NULL && i < G_N_ELEMENTS (totals); i++)
    gr_metric_set (telemetry->totals[i], gr_json_int (hub, totals[i].member, 0));

  for (guint i = 0; rooms != NULL && i < json_array_get_length (rooms); i++)
    {
      JsonObject *room = object_at (rooms, i);

      if (room != NULL)
        count_room (room, &present);
    }

  show_present (telemetry, &present);
}

static void
on_said (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GrHubTelemetry) telemetry = data;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = gr_hub_port_ask_finish (GR_HUB_PORT (source), result, &error);
  g_autoptr (JsonNode) node = NULL;

  telemetry->asking = FALSE;

  if (text != NULL)
    node = json_from_string (text, &error);

  if (node != NULL && JSON_NODE_HOLDS_OBJECT (node))
    show_statistics (telemetry, json_node_get_object (node));
  else
    gr_debug ("the hub has no figures: %s", error != NULL ? error->message : "not an object");
}

static gboolean
anybody_goes_through_the_hub (GrHubTelemetry *telemetry)
{
  g_autoptr (GPtrArray) rooms = gr_house_list (telemetry->house);

  for (guint i = 0; i < rooms->len; i++)
    if (gr_room_get_mode (g_ptr_array_index (rooms, i)) == GR_MEDIA_MODE_HUB)
      return TRUE;

  return FALSE;
}

static gboolean
on_turn (gpointer data)
{
  GrHubTelemetry *telemetry = data;

  if (anybody_goes_through_the_hub (telemetry))
    gr_hub_telemetry_poll (telemetry);
  else
    show_nobody (telemetry);

  return G_SOURCE_CONTINUE;
}

static void
on_room_added (GrHouse *house, GrRoom *room, GrHubTelemetry *telemetry)
{
  if (telemetry->timer == 0)
    telemetry->timer = g_timeout_add_seconds (POLL_SECONDS, on_turn, telemetry);
}

static void
on_room_removed (GrHouse *house, GrRoom *room, GrHubTelemetry *telemetry)
{
  g_autoptr (GPtrArray) rooms = gr_house_list (house);

  if (rooms->len > 0)
    return;

  g_clear_handle_id (&telemetry->timer, g_source_remove);
  show_nobody (telemetry);
}

static void
on_up (GrHubPort *hub, GrHubTelemetry *telemetry)
{
  gr_metric_set (telemetry->up, 1);
  if (telemetry->was_up)
    gr_metric_add (telemetry->restarts, 1);
  telemetry->was_up = TRUE;
}

static void
on_down (GrHubPort *hub, GrHubTelemetry *telemetry)
{
  gr_metric_set (telemetry->up, 0);
  show_nobody (telemetry);
}

static void
gr_hub_telemetry_dispose (GObject *object)
{
  GrHubTelemetry *telemetry = GR_HUB_TELEMETRY (object);

  g_clear_handle_id (&telemetry->timer, g_source_remove);
  g_clear_object (&telemetry->house);
  g_clear_object (&telemetry->hub);

  G_OBJECT_CLASS (gr_hub_telemetry_parent_class)->dispose (object);
}

static void
gr_hub_telemetry_class_init (GrHubTelemetryClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = gr_hub_telemetry_dispose;
}

static void
make_gauges (GrHubTelemetry *telemetry, guint way)
{
  for (guint kind = 0; kind < G_N_ELEMENTS (kinds); kind++)
    {
      g_autofree char *labels = g_strdup_printf ("kind=\"%s\"", kinds[kind]);

      telemetry->streams[way][kind] = gr_metrics_gauge (directions[way].name, labels, directions[way].help);
      for (guint i = 0; i < N_FIGURES; i++)
        telemetry->figures[way][kind][i]
            = gr_metrics_gauge (directions[way].figures[i].name, labels, directions[way].figures[i].help);
    }
}

static void
gr_hub_telemetry_init (GrHubTelemetry *telemetry)
{
  telemetry->up = gr_metrics_gauge ("greenroom_hub_up", NULL, "1 while the hub answers");
  telemetry->restarts = gr_metrics_counter ("greenroom_hub_restarts_total", NULL, "How often the hub came back");
  telemetry->peers = gr_metrics_gauge ("greenroom_hub_peers", NULL, "Participants at the hub");

  for (guint i = 0; i < G_N_ELEMENTS (totals); i++)
    telemetry->totals[i] = gr_metrics_counter (totals[i].name, NULL, totals[i].help);

  for (guint way = 0; way < G_N_ELEMENTS (directions); way++)
    make_gauges (telemetry, way);
}

GrHubTelemetry *
gr_hub_telemetry_new (GrHouse *house, GrHubPort *hub)
{
  GrHubTelemetry *telemetry = g_object_new (GR_TYPE_HUB_TELEMETRY, NULL);

  telemetry->house = g_object_ref (house);
  telemetry->hub = g_object_ref (hub);
  telemetry->was_up = gr_hub_port_is_up (hub);
  gr_metric_set (telemetry->up, telemetry->was_up);
  g_signal_connect_object (house, "room-added", G_CALLBACK (on_room_added), telemetry, 0);
  g_signal_connect_object (house, "room-removed", G_CALLBACK (on_room_removed), telemetry, 0);
  g_signal_connect_object (hub, "up", G_CALLBACK (on_up), telemetry, 0);
  g_signal_connect_object (hub, "down", G_CALLBACK (on_down), telemetry, 0);

  return telemetry;
}

void
gr_hub_telemetry_poll (GrHubTelemetry *telemetry)
{
  /* A hub that is slow to answer is not asked twice. */
  if (telemetry->asking || !gr_hub_port_is_up (telemetry->hub))
    return;

  telemetry->asking = TRUE;
  gr_hub_port_ask_async (telemetry->hub, NULL, on_said, g_object_ref (telemetry));
}
