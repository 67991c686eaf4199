/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GrDestination: {"kind":"rtmp"}: one RTMP(S) server. Each attempt to be there is a chain (pipelines/output-rtmp) and
 * an outbound connection of its own, and begins with a keyframe. Main thread. */
#define GR_LOG_TOPIC "destination"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/json.h"
#include "base/log.h"
#include "media/program/chain.h"
#include "media/program/outbound.h"
#include "media/program/output-private.h"
#include "media/program/refusal.h"
#include "media/program/rtmp-sink.h"

#define CHAIN "output-rtmp"

/* An attempt that has not been agreed upon by then never will be. */
#define CONNECT_TIMEOUT (10 * G_USEC_PER_SEC)
/* A connection over which nothing more is confirmed is dead, whether it froze or lost its way. */
#define STALL_TIMEOUT (6 * G_USEC_PER_SEC)
/* The fan-out drops what waits longer; longer than STALL_TIMEOUT would only send old pictures. */
#define MAX_QUEUED (6 * GST_SECOND)
/* How far a peer may lag that takes something, but less than there is. */
#define LAG_TIMEOUT (20 * G_USEC_PER_SEC)
#define END_TIMEOUT (5 * G_USEC_PER_SEC)
#define FIRST_RETRY_MS 500
#define LAST_RETRY_MS 30000
/* After so long without trouble the next one is a first one again. */
#define SETTLED (30 * G_USEC_PER_SEC)
/* Somebody else may still hold the key for a moment: our own process of before. */
#define KEY_ATTEMPTS 3
/* Weight of the newest second in the bitrate. */
#define BITRATE_WEIGHT 0.3

#define GR_TYPE_DESTINATION (gr_destination_get_type ())
G_DECLARE_FINAL_TYPE (GrDestination, gr_destination, GR, DESTINATION, GrOutput)

struct _GrDestination
{
  GrOutput parent;

  GrFanout *fanout;
  char *pipelines;
  GrRtmpUrl *url;
  char *key;
  gboolean allow_private;

  GrChain *chain; /* of the attempt that runs, or NULL */
  GrOutbound *outbound;
  GstElement *sink;
  gint64 begun;    /* the attempt; µs, monotonic, as all times here */
  gint64 agreed;   /* or 0 */
  gint64 progress; /* when something was confirmed last */
  gint64 punctual; /* when little waited last */
  guint64 acknowledged;
  guint64 sent; /* bytes of this attempt, at `measured` */
  gint64 measured;
  double bitrate;

  gint64 retry_at; /* or 0 */
  gint64 ending;   /* since, or 0 */
  gboolean was_live;
  gint64 live_since;      /* the first time */
  guint key_refusals;     /* in a row */
  guint64 dropped_before; /* by earlier attempts */
  guint64 sent_before;
};

G_DEFINE_FINAL_TYPE (GrDestination, gr_destination, gr_output_get_type ())

static void attempt (GrDestination *destination);
static void on_over (GrChain *chain, const GError *error, const char *debug, gpointer user_data);

static GrOutputStatus *
status_of (GrDestination *destination)
{
  return gr_output_get_status (GR_OUTPUT (destination));
}

/* Of this attempt; 0 before the server agreed to be published to. */
static guint64
bytes_out (GrDestination *destination)
{
  return destination->sink != NULL ? gr_rtmp_sink_get_bytes (destination->sink) : 0;
}

static void
drop_attempt (GrDestination *destination)
{
  GrFanoutStats stats;

  if (destination->chain == NULL)
    return;

  gr_chain_get_stats (destination->chain, &stats);
  destination->dropped_before += stats.dropped;
  destination->sent_before += MAX (bytes_out (destination), destination->sent);
  destination->sent = 0;
  g_clear_object (&destination->sink);
  gr_chain_stop (g_steal_pointer (&destination->chain), NULL, NULL);
  g_clear_pointer (&destination->outbound, gr_outbound_free);
}

static void
finish (GrDestination *destination, GrOutputState state, const char *reason, const char *message)
{
  drop_attempt (destination);
  status_of (destination)->bits_per_second = 0;
  gr_output_set_state (GR_OUTPUT (destination), state, reason, message);
}

/* Some seconds later for each time that it failed, with a fifth of chance, so that many do not come at once. */
static void
plan_retry (GrDestination *destination, const char *reason, const char *message)
{
  GrOutputStatus *status = status_of (destination);
  guint exponent = MIN (status->attempt > 0 ? status->attempt - 1 : 0, 6);
  gint64 delay = MIN (FIRST_RETRY_MS << exponent, LAST_RETRY_MS);

  delay = delay * g_random_double_range (0.8, 1.2);
  destination->retry_at = g_get_monotonic_time () + delay * 1000;
  status->retry_in_ms = delay;
  status->bits_per_second = 0;
  status->round_trip_ms = -1;
  status->unacknowledged = 0;
  gr_output_set_state (GR_OUTPUT (destination), GR_OUTPUT_RECONNECTING, reason, message);
}

/* The attempt came to nothing, or to its end. */
static void
fail (GrDestination *destination, const GrRefusal *refusal)
{
  gboolean settled = destination->agreed != 0 && g_get_monotonic_time () - destination->agreed > SETTLED;

  drop_attempt (destination);
  if (gr_output_is_ending (GR_OUTPUT (destination)))
    {
      finish (destination, GR_OUTPUT_ENDED, NULL, NULL);
      return;
    }

  gr_info ("%s: %s", gr_output_get_id (GR_OUTPUT (destination)), refusal->message);
  destination->key_refusals = refusal->word == gr_refusal_key ? destination->key_refusals + 1 : 0;
  if (settled)
    status_of (destination)->attempt = 1;
  if (refusal->final)
    finish (destination, GR_OUTPUT_FAILED, refusal->word, refusal->message);
  else if (!destination->was_live && destination->key_refusals >= KEY_ATTEMPTS)
    finish (destination, GR_OUTPUT_REFUSED, refusal->word, refusal->message);
  else
    plan_retry (destination, refusal->word, refusal->message);
}

static void
on_over (GrChain *chain, const GError *error, const char *debug, gpointer user_data)
{
  GrDestination *destination = user_data;
  GrOutboundFacts facts;
  GrRefusal refusal;

  if (error == NULL)
    {
      finish (destination, GR_OUTPUT_ENDED, NULL, NULL);
      return;
    }

  gr_outbound_get_facts (destination->outbound, &facts);
  refusal = gr_refusal_explain (error, debug, &facts, destination->agreed != 0);
  fail (destination, &refusal);
}

static gboolean
set_up_sink (GrDestination *destination)
{
  destination->sink = gr_chain_get (destination->chain, "sink");

  return destination->sink != NULL && gr_rtmp_sink_aim (destination->sink, destination->url, destination->key);
}

static void
attempt (GrDestination *destination)
{
  static const char *const entries[GR_FANOUT_PROGRAMME_STREAMS] = { "video", "audio", NULL };
  const GrChainPlan plan = { .name = CHAIN,
                             .pipelines = destination->pipelines,
                             .fanout = destination->fanout,
                             .entries = entries,
                             .options = { .max_time = MAX_QUEUED, .rebase = TRUE } };
  g_autoptr (GError) error = NULL;

  destination->outbound = gr_outbound_new (destination->url->host, destination->url->port, destination->allow_private);
  /* Another one is about to connect to the same server: at the next tick. */
  if (destination->outbound == NULL)
    return;

  destination->retry_at = 0;
  destination->begun = g_get_monotonic_time ();
  destination->agreed = 0;
  destination->chain = gr_chain_new (&plan, on_over, destination, &error);
  if (destination->chain == NULL || !set_up_sink (destination))
    {
      finish (destination, GR_OUTPUT_FAILED, "internal",
              error != NULL ? error->message : CHAIN ".launch has no rtmp2sink of the name sink");
      g_clear_pointer (&destination->outbound, gr_outbound_free);
      return;
    }

  status_of (destination)->attempt++;
  gr_output_set_state (GR_OUTPUT (destination), destination->was_live ? GR_OUTPUT_RECONNECTING : GR_OUTPUT_CONNECTING,
                       status_of (destination)->reason, status_of (destination)->message);
  gr_chain_play (destination->chain);
}

static void
on_agreed (GrDestination *destination, gint64 now)
{
  destination->agreed = destination->progress = destination->punctual = destination->measured = now;
  destination->acknowledged = 0;
  destination->sent = bytes_out (destination);
  destination->bitrate = 0;
  destination->was_live = TRUE;
  if (destination->live_since == 0)
    destination->live_since = now;
  gr_output_set_state (GR_OUTPUT (destination), GR_OUTPUT_LIVE, NULL, NULL);
}

static void
measure (GrDestination *destination, gint64 now, const GrOutboundFacts *facts, const GrFanoutStats *queue)
{
  GrOutputStatus *status = status_of (destination);
  guint64 sent;
  double rate;

  status->round_trip_ms = facts->round_trip_ms;
  status->unacknowledged = facts->unacknowledged;
  status->dropped = destination->dropped_before + queue->dropped;
  status->seconds = (now - destination->live_since) / (double) G_USEC_PER_SEC;
  if (now - destination->measured < G_USEC_PER_SEC)
    return;

  sent = bytes_out (destination);
  rate = (sent - MIN (sent, destination->sent)) * 8.0 * G_USEC_PER_SEC / (now - destination->measured);
  destination->bitrate
      = destination->bitrate == 0 ? rate : destination->bitrate + BITRATE_WEIGHT * (rate - destination->bitrate);
  destination->sent = sent;
  destination->measured = now;
  status->bits_per_second = llround (destination->bitrate);
  status->bytes = destination->sent_before + sent;
}

/* A peer that froze still has its kernel answer for a while; but it confirms no byte any more while some wait. */
static gboolean
is_dead (GrDestination *destination, gint64 now, const GrOutboundFacts *facts, const GrFanoutStats *queue)
{
  if (facts->unacknowledged == 0 || facts->acknowledged > destination->acknowledged)
    destination->progress = now;
  destination->acknowledged = facts->acknowledged;
  if (queue->queued < MAX_QUEUED / 2)
    destination->punctual = now;

  return now - destination->progress > STALL_TIMEOUT || now - destination->punctual > LAG_TIMEOUT;
}

static void
gr_destination_tick (GrOutput *output)
{
  GrDestination *destination = GR_DESTINATION (output);
  gint64 now = g_get_monotonic_time ();
  GrOutboundFacts facts;
  GrFanoutStats queue;

  if (destination->ending != 0 && now - destination->ending > END_TIMEOUT)
    {
      finish (destination, GR_OUTPUT_ENDED, NULL, NULL);
      return;
    }
  if (destination->chain == NULL)
    {
      status_of (destination)->retry_in_ms = MAX (0, (destination->retry_at - now) / 1000);
      if (now >= destination->retry_at)
        attempt (destination);
      return;
    }

  if (destination->agreed == 0 && bytes_out (destination) > 0)
    on_agreed (destination, now);
  if (destination->agreed == 0)
    {
      if (now - destination->begun > CONNECT_TIMEOUT)
        fail (destination, &gr_refusal_no_answer);
      return;
    }

  gr_outbound_get_facts (destination->outbound, &facts);
  gr_chain_get_stats (destination->chain, &queue);
  measure (destination, now, &facts, &queue);
  if (is_dead (destination, now, &facts, &queue))
    fail (destination, &gr_refusal_stalled);
}

static void
gr_destination_start (GrOutput *output)
{
  attempt (GR_DESTINATION (output));
}

static void
gr_destination_end (GrOutput *output)
{
  GrDestination *destination = GR_DESTINATION (output);

  if (destination->chain == NULL || destination->agreed == 0)
    {
      finish (destination, GR_OUTPUT_ENDED, NULL, NULL);
      return;
    }

  destination->ending = g_get_monotonic_time ();
  gr_chain_end (destination->chain);
}

static char *
gr_destination_graph (GrOutput *output)
{
  return gr_chain_draw (GR_DESTINATION (output)->chain);
}

static gboolean
gr_destination_configure (GrOutput *output, JsonObject *document, const GrOutputSources *sources, GError **error)
{
  GrDestination *destination = GR_DESTINATION (output);
  const char *url = gr_json_string (document, "url");
  const char *key = gr_json_string (document, "streamKey");

  destination->url = gr_rtmp_url_parse (url != NULL ? url : "", "url", error);
  if (destination->url == NULL)
    return FALSE;
  if (key == NULL || *key == '\0')
    {
      gr_set_error (error, GR_ERROR_INVALID_INPUT, "streamKey", "A destination needs a stream key");
      return FALSE;
    }

  destination->key = g_strdup (key);
  destination->allow_private = gr_json_bool (document, "allowPrivate", FALSE);
  destination->fanout = gr_fanout_ref (sources->programme);
  destination->pipelines = g_strdup (sources->pipelines);
  return TRUE;
}

static void
gr_destination_finalize (GObject *object)
{
  GrDestination *destination = GR_DESTINATION (object);

  drop_attempt (destination);
  g_clear_pointer (&destination->fanout, gr_fanout_unref);
  g_free (destination->pipelines);
  g_clear_pointer (&destination->url, gr_rtmp_url_free);
  g_free (destination->key);
  G_OBJECT_CLASS (gr_destination_parent_class)->finalize (object);
}

static void
gr_destination_class_init (GrDestinationClass *class)
{
  GrOutputClass *output_class = GR_OUTPUT_CLASS (class);

  G_OBJECT_CLASS (class)->finalize = gr_destination_finalize;
  output_class->configure = gr_destination_configure;
  output_class->start = gr_destination_start;
  output_class->end = gr_destination_end;
  output_class->tick = gr_destination_tick;
  output_class->graph = gr_destination_graph;

  gr_rtmp_sink_hush ();
}

static void
gr_destination_init (GrDestination *destination)
{
}
