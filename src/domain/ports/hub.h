/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The port to the forwarding plane. GrHubPort is implemented in src/workers; the domain knows only this page. Main
 * thread, no call blocks. Tracks are named by their participant and a kind: "microphone", "camera", "screen",
 * "screen-audio". Lists travel as GVariants: they are values that nobody changes.
 *
 * Signals:
 *  up ()                                                     it takes offers, at first or again, and knows nobody
 *  down ()                                                   it is gone; "up" follows by itself, if it can
 *  connected (const char *room, const char *participant)
 *  gone (const char *room, const char *participant)          nothing comes from there any more
 *  slots (const char *room, const char *participant, GVariant *slots)   a(sss): mid, participant, kind
 *  codecs (const char *room, const char *participant, const char *const *video)   what everybody else decodes
 *  track-seen (const char *room, const char *participant, const char *kind)
 *  speakers (const char *room, GVariant *speakers)           a(sd): participant, level 0 to 1, the loudest first */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define GR_TYPE_HUB_PORT (gr_hub_port_get_type ())
G_DECLARE_INTERFACE (GrHubPort, gr_hub_port, GR, HUB_PORT, GObject)

struct _GrHubPortInterface
{
  GTypeInterface parent;

  gboolean (*is_up) (GrHubPort *hub);
  void (*offer_async) (GrHubPort *hub,
                       const char *room,
                       const char *participant,
                       const char *sdp,
                       GVariant *tracks,
                       GAsyncReadyCallback callback,
                       gpointer user_data);
  char *(*offer_finish) (GrHubPort *hub, GAsyncResult *result, GError **error);
  void (*subscribe) (GrHubPort *hub, const char *room, const char *participant, GVariant *pictures);
  void (*allow) (GrHubPort *hub,
                 const char *room,
                 const char *participant,
                 const char *const *kinds,
                 gboolean backstage,
                 gboolean hears_backstage);
  void (*leave) (GrHubPort *hub, const char *room, const char *participant);
  void (*ask_async) (GrHubPort *hub, const char *room, GAsyncReadyCallback callback, gpointer user_data);
  char *(*ask_finish) (GrHubPort *hub, GAsyncResult *result, GError **error);
  void (*quality_async) (
      GrHubPort *hub, const char *room, const char *participant, GAsyncReadyCallback callback, gpointer user_data);
  char *(*quality_finish) (GrHubPort *hub, GAsyncResult *result, GError **error);
};

/* Whether it takes offers now. */
gboolean gr_hub_port_is_up (GrHubPort *hub);

/* What a participant sends and where it receives; the answer. @tracks: a(ss) of mid and kind, taken if floating.
 * INVALID_INPUT (field sdp) says which line is wrong; UNAVAILABLE while the hub is down; BUSY past too many calls. */
void gr_hub_port_offer_async (GrHubPort *hub,
                              const char *room,
                              const char *participant,
                              const char *sdp,
                              GVariant *tracks,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
char *gr_hub_port_offer_finish (GrHubPort *hub, GAsyncResult *result, GError **error);

/* Whose pictures the page shows, the most wanted first. @pictures: a(ss) of participant and kind, taken if floating. */
void gr_hub_port_subscribe (GrHubPort *hub, const char *room, const char *participant, GVariant *pictures);

/* Others get these kinds of the participant and no other; if it is @backstage, only those who hear backstage do. Holds
 * for an offer that comes later, too. */
void gr_hub_port_allow (GrHubPort *hub,
                        const char *room,
                        const char *participant,
                        const char *const *kinds,
                        gboolean backstage,
                        gboolean hears_backstage);

void gr_hub_port_leave (GrHubPort *hub, const char *room, const char *participant);

/* Of a room its graph in the language of Graphviz; without @room (NULL) the counters of everything, as JSON. NOT_FOUND,
 * UNAVAILABLE. */
void gr_hub_port_ask_async (GrHubPort *hub, const char *room, GAsyncReadyCallback callback, gpointer user_data);
char *gr_hub_port_ask_finish (GrHubPort *hub, GAsyncResult *result, GError **error);

/* The counters of what a participant sends and receives, as a JSON object. NOT_FOUND, UNAVAILABLE. */
void gr_hub_port_quality_async (
    GrHubPort *hub, const char *room, const char *participant, GAsyncReadyCallback callback, gpointer user_data);
char *gr_hub_port_quality_finish (GrHubPort *hub, GAsyncResult *result, GError **error);

G_END_DECLS
