/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fake-program.h"

#include <string.h>

struct _GrFakeProgram
{
  GObject parent;

  GString *journal;
  GPtrArray *ids;   /* of outputs, in the order they came */
  GPtrArray *jsons; /* likewise */
  GTask *ending;
};

static void program_port_init (GrProgramPortInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (GrFakeProgram,
                               gr_fake_program,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (GR_TYPE_PROGRAM_PORT, program_port_init))

static void
note (GrProgramPort *port, const char *word)
{
  g_string_append_printf (GR_FAKE_PROGRAM (port)->journal, "%s ", word);
}

static gboolean
open_show (GrProgramPort *port, const char *show, const char *room, GError **error)
{
  note (port, "open");

  return TRUE;
}

static void
close_show (GrProgramPort *port, const char *show)
{
  note (port, "close");
}

static void
start (GrProgramPort *port, const char *show, const char *settings)
{
  note (port, "start");
}

static void
set_scene (GrProgramPort *port, const char *show, const char *scene)
{
  note (port, "scene");
}

static void
set_people (GrProgramPort *port, const char *show, const char *people)
{
  note (port, "people");
}

static void
watch (GrProgramPort *port, const char *show, GVariant *tracks)
{
  g_variant_unref (g_variant_ref_sink (tracks));
  note (port, "watch");
}

static void
add_output (GrProgramPort *port, const char *show, const char *id, const char *output)
{
  GrFakeProgram *program = GR_FAKE_PROGRAM (port);

  g_ptr_array_add (program->ids, g_strdup (id));
  g_ptr_array_add (program->jsons, g_strdup (output));
  note (port, "add");
}

static void
remove_output (GrProgramPort *port, const char *show, const char *id)
{
  note (port, "remove");
}

static void
end_async (GrProgramPort *port, const char *show, GAsyncReadyCallback callback, gpointer user_data)
{
  GR_FAKE_PROGRAM (port)->ending = g_task_new (port, NULL, callback, user_data);
  note (port, "end");
}

static gboolean
end_finish (GrProgramPort *port, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
program_port_init (GrProgramPortInterface *iface)
{
  iface->open = open_show;
  iface->close = close_show;
  iface->start = start;
  iface->set_scene = set_scene;
  iface->set_people = set_people;
  iface->watch = watch;
  iface->add_output = add_output;
  iface->remove_output = remove_output;
  iface->end_async = end_async;
  iface->end_finish = end_finish;
}

static void
gr_fake_program_finalize (GObject *object)
{
  GrFakeProgram *program = GR_FAKE_PROGRAM (object);

  g_string_free (program->journal, TRUE);
  g_ptr_array_unref (program->ids);
  g_ptr_array_unref (program->jsons);
  g_clear_object (&program->ending);

  G_OBJECT_CLASS (gr_fake_program_parent_class)->finalize (object);
}

static void
gr_fake_program_class_init (GrFakeProgramClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = gr_fake_program_finalize;
}

static void
gr_fake_program_init (GrFakeProgram *program)
{
  program->journal = g_string_new (NULL);
  program->ids = g_ptr_array_new_with_free_func (g_free);
  program->jsons = g_ptr_array_new_with_free_func (g_free);
}

GrFakeProgram *
gr_fake_program_new (void)
{
  return g_object_new (GR_TYPE_FAKE_PROGRAM, NULL);
}

char *
gr_fake_program_take_journal (GrFakeProgram *program)
{
  char *text = g_strchomp (g_string_free (program->journal, FALSE));

  program->journal = g_string_new (NULL);

  return text;
}

const char *
gr_fake_program_find_output (GrFakeProgram *program, const char *text, const char **json)
{
  for (guint i = program->ids->len; i > 0; i--)
    if (strstr (g_ptr_array_index (program->jsons, i - 1), text) != NULL)
      {
        if (json != NULL)
          *json = g_ptr_array_index (program->jsons, i - 1);
        return g_ptr_array_index (program->ids, i - 1);
      }

  return NULL;
}

void
gr_fake_program_end (GrFakeProgram *program)
{
  g_autoptr (GTask) ending = g_steal_pointer (&program->ending);

  g_task_return_boolean (ending, TRUE);
}
