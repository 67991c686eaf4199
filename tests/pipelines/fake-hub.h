/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* FakeHub: the hub's end of a link, with guests that send real VP8 and Opus in RTP, as a room's tracks reach a program.
 * Main thread; guests' streaming threads write. */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

typedef struct _FakeHub FakeHub;
typedef struct _Guest Guest;

/* *@fd: the program's end, the caller's. */
FakeHub *fake_hub_new (int *fd);
void fake_hub_free (FakeHub *hub);

/* Somebody whose camera and microphone are watched. Sends nothing before guest_send(). */
Guest *fake_hub_add (FakeHub *hub, const char *participant);
/* Is not watched any more. */
void fake_hub_remove (FakeHub *hub, Guest *guest);

/* gst-launch text of pictures and of sound, raw and live, such as "videotestsrc is-live=true". Raw pictures pass an
 * identity called "camera". */
void guest_send (Guest *guest, const char *pictures, const char *sound);
/* The same, without playing: guest_get_pipeline() can be changed before. */
void guest_prepare (Guest *guest, const char *pictures, const char *sound);
/* Leaves, or comes back with guest_send(): the streams' names stay. */
void guest_stop (Guest *guest);
/* Packets are lost on their way, all of them. */
void guest_set_lost (Guest *guest, gboolean lost);
GstElement *guest_get_pipeline (Guest *guest);

/* PLIs that came for the guest's picture. */
guint guest_get_requests (Guest *guest);

/* Packets of the programme that came back. */
guint fake_hub_get_published (FakeHub *hub);

G_END_DECLS
