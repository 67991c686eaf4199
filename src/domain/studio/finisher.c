/* SPDX-License-Identifier: LGPL-2.1-or-later */
#define GR_LOG_TOPIC "studio"

#include "domain/studio/finisher.h"

#include "base/error.h"
#include "base/json-writer.h"
#include "base/log.h"
#include "base/main-call.h"
#include "domain/studio/destination.h"

/* What the port takes for the id of a show. */
#define PROCESS "what-was-left"

/* A file over which processes die is left as it is. */
#define TRIES 2

enum
{
  SIGNAL_FINISHED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

struct _GrFinisher
{
  GObject parent;

  GrProgramPort *programs;
  const char *pipelines;
  GQueue left; /* GrRecording; the first one is being worked on */
  gboolean open;
  guint tries; /* of the first one */
};

G_DEFINE_FINAL_TYPE (GrFinisher, gr_finisher, G_TYPE_OBJECT)

static void
ask (GrFinisher *finisher)
{
  const GrRecording *recording = g_queue_peek_head (&finisher->left);
  g_autofree char *path = g_build_filename (recording->folder, GR_RECORDING_MIX, NULL);
  g_autoptr (GString) text = g_string_new (NULL);
  GrJsonWriter json = GR_JSON_WRITER (text);

  finisher->tries++;
  gr_json_writer_begin_object (&json);
  gr_json_writer_string_member (&json, "kind", "finish");
  gr_json_writer_string_member (&json, "path", path);
  if (finisher->pipelines != NULL)
    gr_json_writer_string_member (&json, "pipelinesDir", finisher->pipelines);
  gr_json_writer_end_object (&json);
  gr_program_port_add_output (finisher->programs, PROCESS, recording->id, text->str);
}

static void
close_process (GrFinisher *finisher)
{
  if (finisher->open)
    gr_program_port_close (finisher->programs, PROCESS);
  finisher->open = FALSE;
}

/* With the first one; the next one follows. */
static void
done (GrFinisher *finisher)
{
  g_autoptr (GrRecording) recording = g_queue_pop_head (&finisher->left);

  finisher->tries = 0;
  g_signal_emit (finisher, signals[SIGNAL_FINISHED], 0, recording);
  if (g_queue_is_empty (&finisher->left))
    close_process (finisher);
}

static void
on_up (GrProgramPort *programs, const char *id, GrFinisher *finisher)
{
  if (g_strcmp0 (id, PROCESS) == 0 && !g_queue_is_empty (&finisher->left))
    ask (finisher);
}

/* It died; the next one comes by itself. */
static void
on_down (GrProgramPort *programs, const char *id, GrFinisher *finisher)
{
  const GrRecording *recording = g_queue_peek_head (&finisher->left);

  if (g_strcmp0 (id, PROCESS) != 0 || recording == NULL || finisher->tries < TRIES)
    return;

  gr_warning ("recording %s cannot be put in order: it stays as Matroska", recording->id);
  done (finisher);
}

static void
on_output (GrProgramPort *programs, const char *id, const char *output, const char *json, GrFinisher *finisher)
{
  GrRecording *recording = g_queue_peek_head (&finisher->left);
  g_autoptr (GError) error = NULL;
  g_autoptr (GrOutputStatus) status = NULL;

  if (g_strcmp0 (id, PROCESS) != 0 || recording == NULL || g_strcmp0 (output, recording->id) != 0)
    return;

  status = gr_output_status_parse (json, &error);
  if (status == NULL)
    {
      gr_warning ("a process said of a recording what cannot be: %s", error->message);
      return;
    }

  if (!g_str_equal (status->state, "ended") && !g_str_equal (status->state, "failed"))
    return;

  recording->milliseconds = MAX (recording->milliseconds, (gint64) (status->seconds * 1000));
  if (g_str_equal (status->state, "failed"))
    gr_warning ("recording %s cannot be put in order: %s", recording->id, status->message);
  done (finisher);
  if (!g_queue_is_empty (&finisher->left))
    ask (finisher);
}

static void
gr_finisher_dispose (GObject *object)
{
  GrFinisher *finisher = GR_FINISHER (object);

  g_queue_clear_full (&finisher->left, (GDestroyNotify) gr_recording_free);
  if (finisher->programs != NULL)
    close_process (finisher);
  g_clear_object (&finisher->programs);

  G_OBJECT_CLASS (gr_finisher_parent_class)->dispose (object);
}

static void
gr_finisher_class_init (GrFinisherClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = gr_finisher_dispose;

  signals[SIGNAL_FINISHED] = g_signal_new ("finished", GR_TYPE_FINISHER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                           G_TYPE_NONE, 1, G_TYPE_POINTER);
}

static void
gr_finisher_init (GrFinisher *finisher)
{
  g_queue_init (&finisher->left);
}

GrFinisher *
gr_finisher_new (GrProgramPort *programs, const char *pipelines)
{
  GrFinisher *finisher = g_object_new (GR_TYPE_FINISHER, NULL);

  finisher->programs = g_object_ref (programs);
  finisher->pipelines = pipelines;
  g_signal_connect_object (programs, "up", G_CALLBACK (on_up), finisher, 0);
  g_signal_connect_object (programs, "down", G_CALLBACK (on_down), finisher, 0);
  g_signal_connect_object (programs, "output", G_CALLBACK (on_output), finisher, 0);

  return finisher;
}

void
gr_finisher_add (GrFinisher *finisher, GrRecording *recording)
{
  g_autoptr (GError) error = NULL;

  gr_assert_main ();
  g_queue_push_tail (&finisher->left, recording);
  if (finisher->open)
    return;

  finisher->open = gr_program_port_open (finisher->programs, PROCESS, NULL, &error);
  if (!finisher->open)
    {
      gr_warning ("recording %s stays as Matroska: %s", recording->id, error->message);
      done (finisher);
    }
}
