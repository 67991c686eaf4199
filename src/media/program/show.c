/* SPDX-License-Identifier: LGPL-2.1-or-later */
#define GR_LOG_TOPIC "program"

#include "media/program/show.h"

#include "base/error.h"
#include "base/log.h"
#include "base/main-call.h"
#include "media/program/show-private.h"
#include "plugins/hublink/link-source.h"

G_DEFINE_FINAL_TYPE (GrShow, gr_show, G_TYPE_OBJECT)

/* What a streaming thread has to say. */
typedef struct
{
  GrShow *show;
  GstPad *pad;       /* of the link, or NULL */
  GstObject *source; /* of an error */
  char *message;
} Fact;

static Fact *
fact_new (GrShow *show)
{
  Fact *fact = g_new0 (Fact, 1);

  fact->show = g_object_ref (show);
  return fact;
}

static void
fact_free (gpointer data)
{
  Fact *fact = data;

  gst_clear_object (&fact->pad);
  gst_clear_object (&fact->source);
  g_object_unref (fact->show);
  g_free (fact->message);
  g_free (fact);
}

static void
apply (GrShow *show, gboolean animated)
{
  if (show->pipeline == NULL)
    return;

  gr_stage_apply (show->stage, show->scene, show->people, show->inputs, animated);
  for (guint i = 0; i < show->inputs->len; i++)
    {
      GrInput *input = g_ptr_array_index (show->inputs, i);
      const GrPersonOnShow *person = gr_people_find (show->people, gr_input_get_participant (input));

      gr_input_set_gain (input, person != NULL && person->on_stage ? person->gain : 0);
    }
}

static void
tell_track (GrShow *show, const GrInput *input, gboolean here)
{
  if (show->events.track != NULL)
    show->events.track (show, gr_input_get_participant (input), gr_input_get_kind (input), gr_input_get_fanout (input),
                        here, show->events.user_data);
}

static GrInput *
find_input (GrShow *show, GstPad *source, guint *at)
{
  for (guint i = 0; i < show->inputs->len; i++)
    if (gr_input_get_source (g_ptr_array_index (show->inputs, i)) == source)
      {
        if (at != NULL)
          *at = i;
        return g_ptr_array_index (show->inputs, i);
      }

  return NULL;
}

/* A stream has a codec, the first one or another. */
static void
on_caps_fact (gpointer data)
{
  Fact *fact = data;
  GrShow *show = fact->show;
  GrInput *input;

  if (show->pipeline == NULL || !gst_pad_is_active (fact->pad))
    return;

  input = find_input (show, fact->pad, NULL);
  if (input != NULL)
    {
      gr_input_renew (input, FALSE);
      return;
    }

  input = gr_input_new (GST_BIN (show->pipeline), fact->pad,
                        gr_link_stream_is_video (gr_link_source_get_stream (fact->pad)) ? show->video_mixer
                                                                                        : show->audio_mixer);
  g_ptr_array_add (show->inputs, input);
  tell_track (show, input, TRUE);
  apply (show, TRUE);
}

static void
on_pad_removed_fact (gpointer data)
{
  Fact *fact = data;
  GrShow *show = fact->show;
  guint at;
  GrInput *input = show->pipeline != NULL ? find_input (show, fact->pad, &at) : NULL;

  if (input == NULL)
    return;

  g_ptr_array_steal_index (show->inputs, at);
  apply (show, TRUE);
  tell_track (show, input, FALSE);
  gr_input_free (input);
}

static GstPadProbeReturn
on_pad_event (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  if (GST_EVENT_TYPE (GST_PAD_PROBE_INFO_EVENT (info)) == GST_EVENT_CAPS)
    {
      Fact *fact = fact_new (user_data);

      fact->pad = gst_object_ref (pad);
      gr_main_post (on_caps_fact, fact, fact_free);
    }
  return GST_PAD_PROBE_OK;
}

/* The link's thread. */
static void
on_pad_added (GstElement *source, GstPad *pad, gpointer user_data)
{
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, on_pad_event, g_object_ref (user_data), g_object_unref);
}

static void
on_pad_removed (GstElement *source, GstPad *pad, gpointer user_data)
{
  Fact *fact = fact_new (user_data);

  fact->pad = gst_object_ref (pad);
  gr_main_post (on_pad_removed_fact, fact, fact_free);
}

static void
on_error_fact (gpointer data)
{
  Fact *fact = data;
  GrShow *show = fact->show;

  if (show->pipeline == NULL)
    return;

  /* One person's packets are nobody else's trouble: a decoder that fell over is made anew. */
  for (guint i = 0; i < show->inputs->len; i++)
    if (gr_input_owns (g_ptr_array_index (show->inputs, i), fact->source))
      {
        gr_warning ("the decoder of %s is made anew: %s",
                    gr_input_get_participant (g_ptr_array_index (show->inputs, i)), fact->message);
        gr_input_renew (g_ptr_array_index (show->inputs, i), TRUE);
        return;
      }
  /* Of one that was made anew already. */
  if (!gst_object_has_as_ancestor (fact->source, GST_OBJECT (show->pipeline)))
    return;

  gr_warning ("the programme: %s", fact->message);
  if (!show->failed && show->events.failed != NULL)
    show->events.failed (show, fact->message, show->events.user_data);
  show->failed = TRUE;
}

static void
on_latency_fact (gpointer data)
{
  Fact *fact = data;

  if (fact->show->pipeline != NULL)
    gst_bin_recalculate_latency (GST_BIN (fact->show->pipeline));
}

/* Any thread. Nothing stays on the bus. */
static GstBusSyncReply
on_message (GstBus *bus, GstMessage *message, gpointer user_data)
{
  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR)
    {
      Fact *fact = fact_new (user_data);
      g_autoptr (GError) error = NULL;

      gst_message_parse_error (message, &error, NULL);
      fact->source = gst_object_ref (GST_MESSAGE_SRC (message));
      fact->message = g_strdup_printf ("%s: %s", GST_MESSAGE_SRC_NAME (message), error->message);
      gr_main_post (on_error_fact, fact, fact_free);
    }
  else if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_LATENCY)
    gr_main_post (on_latency_fact, fact_new (user_data), fact_free);

  gst_message_unref (message);
  return GST_BUS_DROP;
}

static void
add_source (GrShow *show)
{
  show->source = gst_element_factory_make ("hublinksrc", NULL);
  g_object_set (show->source, "link", show->end, NULL);
  g_signal_connect_object (show->source, "pad-added", G_CALLBACK (on_pad_added), show, 0);
  g_signal_connect_object (show->source, "pad-removed", G_CALLBACK (on_pad_removed), show, 0);
  gst_bin_add (GST_BIN (show->pipeline), show->source);
}

static void
play (GstElement *pipeline, gpointer user_data)
{
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
}

static void
end (GstElement *pipeline, gpointer user_data)
{
  g_autoptr (GstBus) bus = gst_pipeline_get_bus (GST_PIPELINE (pipeline));

  gst_element_set_state (pipeline, GST_STATE_NULL);
  /* Lets go of the show. */
  gst_bus_set_sync_handler (bus, NULL, NULL, NULL);
}

static void
gr_show_dispose (GObject *object)
{
  gr_show_stop (GR_SHOW (object));
  G_OBJECT_CLASS (gr_show_parent_class)->dispose (object);
}

static void
gr_show_finalize (GObject *object)
{
  GrShow *show = GR_SHOW (object);

  gr_show_settings_clear (&show->settings);
  gr_scene_free (show->scene);
  g_array_unref (show->people);
  g_ptr_array_unref (show->inputs);
  g_object_unref (show->end);
  G_OBJECT_CLASS (gr_show_parent_class)->finalize (object);
}

static void
gr_show_class_init (GrShowClass *class)
{
  G_OBJECT_CLASS (class)->dispose = gr_show_dispose;
  G_OBJECT_CLASS (class)->finalize = gr_show_finalize;
}

static void
gr_show_init (GrShow *show)
{
  show->end = gr_link_end_new ();
  show->scene = gr_scene_new ();
  show->people = gr_people_new ();
  show->inputs = g_ptr_array_new ();
}

GrShow *
gr_show_new (const GrShowEvents *events)
{
  GrShow *show = g_object_new (GR_TYPE_SHOW, NULL);

  show->events = *events;
  return show;
}

void
gr_show_set_socket (GrShow *show, int fd)
{
  gr_link_end_set_socket (show->end, fd);
}

gboolean
gr_show_start (GrShow *show, const GrShowSettings *settings, GError **error)
{
  g_autoptr (GstBus) bus = NULL;

  if (show->pipeline != NULL)
    {
      gr_set_error (error, GR_ERROR_CONFLICT, NULL, "The programme runs already");
      return FALSE;
    }

  show->settings = *settings;
  show->settings.pipelines_directory = g_strdup (settings->pipelines_directory);
  if (!gr_show_make_pipeline (show, error))
    {
      gr_show_stop (show);
      return FALSE;
    }

  bus = gst_pipeline_get_bus (GST_PIPELINE (show->pipeline));
  gst_bus_set_sync_handler (bus, on_message, g_object_ref (show), g_object_unref);
  gr_fanout_set_want_keyframe (show->fanout, gr_show_want_keyframe, show->video_end);
  add_source (show);
  show->stage = gr_stage_new (GR_LAYOUT_MIX (show->video_mixer), settings->width, settings->height);
  show->publish = gr_publish_new (show->fanout, show->end, gst_element_get_base_time (show->pipeline));
  apply (show, FALSE);
  gst_element_call_async (show->pipeline, play, NULL, NULL);
  return TRUE;
}

void
gr_show_set_scene (GrShow *show, GrScene *scene)
{
  gr_scene_free (show->scene);
  show->scene = scene;
  apply (show, TRUE);
}

void
gr_show_set_people (GrShow *show, GArray *people)
{
  g_array_unref (show->people);
  show->people = people;
  apply (show, TRUE);
}

GrFanout *
gr_show_get_fanout (GrShow *show)
{
  return show->fanout;
}

const char *
gr_show_get_pipelines_directory (GrShow *show)
{
  return show->settings.pipelines_directory;
}

const char *
gr_show_get_name (GrShow *show, const char *participant)
{
  const GrPersonOnShow *person = gr_people_find (show->people, participant);

  return person != NULL ? person->name : NULL;
}

void
gr_show_list_tracks (GrShow *show, GrShowTrackFunc func, gpointer user_data)
{
  for (guint i = 0; i < show->inputs->len; i++)
    {
      const GrInput *input = g_ptr_array_index (show->inputs, i);

      func (show, gr_input_get_participant (input), gr_input_get_kind (input), gr_input_get_fanout (input), TRUE,
            user_data);
    }
}

void
gr_show_stop (GrShow *show)
{
  if (show->pipeline == NULL)
    return;

  if (show->fanout != NULL)
    gr_fanout_close (show->fanout);
  g_clear_pointer (&show->publish, gr_publish_free);
  for (guint i = 0; i < show->inputs->len; i++)
    {
      tell_track (show, g_ptr_array_index (show->inputs, i), FALSE);
      gr_input_free (g_ptr_array_index (show->inputs, i));
    }
  g_ptr_array_set_size (show->inputs, 0);
  g_clear_pointer (&show->stage, gr_stage_free);
  gst_clear_object (&show->video_end);
  gst_clear_object (&show->video_mixer);
  gst_clear_object (&show->audio_mixer);
  gst_element_call_async (show->pipeline, end, NULL, NULL);
  gst_clear_object (&show->pipeline);
  g_clear_pointer (&show->fanout, gr_fanout_unref);
  gr_show_settings_clear (&show->settings);
}
