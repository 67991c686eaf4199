/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "domain/ports/hub.h"

#define STRING G_TYPE_STRING | G_SIGNAL_TYPE_STATIC_SCOPE

G_DEFINE_INTERFACE (GrHubPort, gr_hub_port, G_TYPE_OBJECT)

static void
gr_hub_port_default_init (GrHubPortInterface *iface)
{
  const GSignalFlags flags = G_SIGNAL_RUN_LAST;

  g_signal_new ("up", GR_TYPE_HUB_PORT, flags, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  g_signal_new ("down", GR_TYPE_HUB_PORT, flags, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  g_signal_new ("connected", GR_TYPE_HUB_PORT, flags, 0, NULL, NULL, NULL, G_TYPE_NONE, 2, STRING, STRING);
  g_signal_new ("gone", GR_TYPE_HUB_PORT, flags, 0, NULL, NULL, NULL, G_TYPE_NONE, 2, STRING, STRING);
  g_signal_new ("slots", GR_TYPE_HUB_PORT, flags, 0, NULL, NULL, NULL, G_TYPE_NONE, 3, STRING, STRING, G_TYPE_VARIANT);
  g_signal_new ("codecs", GR_TYPE_HUB_PORT, flags, 0, NULL, NULL, NULL, G_TYPE_NONE, 3, STRING, STRING,
                G_TYPE_STRV | G_SIGNAL_TYPE_STATIC_SCOPE);
  g_signal_new ("track-seen", GR_TYPE_HUB_PORT, flags, 0, NULL, NULL, NULL, G_TYPE_NONE, 3, STRING, STRING, STRING);
  g_signal_new ("speakers", GR_TYPE_HUB_PORT, flags, 0, NULL, NULL, NULL, G_TYPE_NONE, 2, STRING, G_TYPE_VARIANT);
}

gboolean
gr_hub_port_is_up (GrHubPort *hub)
{
  return GR_HUB_PORT_GET_IFACE (hub)->is_up (hub);
}

void
gr_hub_port_offer_async (GrHubPort *hub,
                         const char *room,
                         const char *participant,
                         const char *sdp,
                         GVariant *tracks,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  GR_HUB_PORT_GET_IFACE (hub)->offer_async (hub, room, participant, sdp, tracks, callback, user_data);
}

char *
gr_hub_port_offer_finish (GrHubPort *hub, GAsyncResult *result, GError **error)
{
  return GR_HUB_PORT_GET_IFACE (hub)->offer_finish (hub, result, error);
}

void
gr_hub_port_subscribe (GrHubPort *hub, const char *room, const char *participant, GVariant *pictures)
{
  GR_HUB_PORT_GET_IFACE (hub)->subscribe (hub, room, participant, pictures);
}

void
gr_hub_port_allow (GrHubPort *hub,
                   const char *room,
                   const char *participant,
                   const char *const *kinds,
                   gboolean backstage,
                   gboolean hears_backstage)
{
  GR_HUB_PORT_GET_IFACE (hub)->allow (hub, room, participant, kinds, backstage, hears_backstage);
}

void
gr_hub_port_leave (GrHubPort *hub, const char *room, const char *participant)
{
  GR_HUB_PORT_GET_IFACE (hub)->leave (hub, room, participant);
}

void
gr_hub_port_ask_async (GrHubPort *hub, const char *room, GAsyncReadyCallback callback, gpointer user_data)
{
  GR_HUB_PORT_GET_IFACE (hub)->ask_async (hub, room, callback, user_data);
}

char *
gr_hub_port_ask_finish (GrHubPort *hub, GAsyncResult *result, GError **error)
{
  return GR_HUB_PORT_GET_IFACE (hub)->ask_finish (hub, result, error);
}

void
gr_hub_port_quality_async (
    GrHubPort *hub, const char *room, const char *participant, GAsyncReadyCallback callback, gpointer user_data)
{
  GR_HUB_PORT_GET_IFACE (hub)->quality_async (hub, room, participant, callback, user_data);
}

char *
gr_hub_port_quality_finish (GrHubPort *hub, GAsyncResult *result, GError **error)
{
  return GR_HUB_PORT_GET_IFACE (hub)->quality_finish (hub, result, error);
}
