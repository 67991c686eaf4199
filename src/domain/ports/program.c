/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "domain/ports/program.h"

#define STRING G_TYPE_STRING | G_SIGNAL_TYPE_STATIC_SCOPE

G_DEFINE_INTERFACE (GrProgramPort, gr_program_port, G_TYPE_OBJECT)

static void
gr_program_port_default_init (GrProgramPortInterface *iface)
{
  const GSignalFlags flags = G_SIGNAL_RUN_LAST;

  g_signal_new ("up", GR_TYPE_PROGRAM_PORT, flags, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, STRING);
  g_signal_new ("down", GR_TYPE_PROGRAM_PORT, flags, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, STRING);
  g_signal_new ("started", GR_TYPE_PROGRAM_PORT, flags, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, STRING);
  g_signal_new ("failed", GR_TYPE_PROGRAM_PORT, flags, 0, NULL, NULL, NULL, G_TYPE_NONE, 2, STRING, STRING);
  g_signal_new ("output", GR_TYPE_PROGRAM_PORT, flags, 0, NULL, NULL, NULL, G_TYPE_NONE, 3, STRING, STRING, STRING);
}

gboolean
gr_program_port_open (GrProgramPort *port, const char *show, const char *room, GError **error)
{
  return GR_PROGRAM_PORT_GET_IFACE (port)->open (port, show, room, error);
}

void
gr_program_port_close (GrProgramPort *port, const char *show)
{
  GR_PROGRAM_PORT_GET_IFACE (port)->close (port, show);
}

void
gr_program_port_start (GrProgramPort *port, const char *show, const char *settings)
{
  GR_PROGRAM_PORT_GET_IFACE (port)->start (port, show, settings);
}

void
gr_program_port_set_scene (GrProgramPort *port, const char *show, const char *scene)
{
  GR_PROGRAM_PORT_GET_IFACE (port)->set_scene (port, show, scene);
}

void
gr_program_port_set_people (GrProgramPort *port, const char *show, const char *people)
{
  GR_PROGRAM_PORT_GET_IFACE (port)->set_people (port, show, people);
}

void
gr_program_port_watch (GrProgramPort *port, const char *show, GVariant *tracks)
{
  GR_PROGRAM_PORT_GET_IFACE (port)->watch (port, show, tracks);
}

void
gr_program_port_add_output (GrProgramPort *port, const char *show, const char *id, const char *output)
{
  GR_PROGRAM_PORT_GET_IFACE (port)->add_output (port, show, id, output);
}

void
gr_program_port_remove_output (GrProgramPort *port, const char *show, const char *id)
{
  GR_PROGRAM_PORT_GET_IFACE (port)->remove_output (port, show, id);
}

void
gr_program_port_ask_async (
    GrProgramPort *port, const char *show, GrProgramQuestion question, GAsyncReadyCallback callback, gpointer user_data)
{
  GR_PROGRAM_PORT_GET_IFACE (port)->ask_async (port, show, question, callback, user_data);
}

char *
gr_program_port_ask_finish (GrProgramPort *port, GAsyncResult *result, GError **error)
{
  return GR_PROGRAM_PORT_GET_IFACE (port)->ask_finish (port, result, error);
}

void
gr_program_port_end_async (GrProgramPort *port, const char *show, GAsyncReadyCallback callback, gpointer user_data)
{
  GR_PROGRAM_PORT_GET_IFACE (port)->end_async (port, show, callback, user_data);
}

gboolean
gr_program_port_end_finish (GrProgramPort *port, GAsyncResult *result, GError **error)
{
  return GR_PROGRAM_PORT_GET_IFACE (port)->end_finish (port, result, error);
}
