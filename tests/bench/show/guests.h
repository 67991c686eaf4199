/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Guests of a measured show: webrtcbins whose pictures were encoded before, so that sending them costs next to nothing.
 * Each picture bears its number in a row of black and white squares, and it is known when it was sent. Main thread, and
 * one that sends. */
#pragma once

#include <gst/video/video.h>

#include "person.h"

G_BEGIN_DECLS

#define GUESTS 4
#define GUEST_WIDTH 1280
#define GUEST_HEIGHT 720
#define GUEST_RATE 30
#define GUEST_FRAMES 300

typedef struct _Guests Guests;

/* Encodes in @folder with ffmpeg: N.mkv with VP8 and Opus each. Dies when that fails. */
void guests_encode (const char *folder);

/* "0" to "3" join the hub and send until they are freed. */
Guests *guests_join (GDBusConnection *hub, const char *folder);
void guests_free (Guests *guests);

/* The number that a guest's picture bears which was drawn into @cell of @frame: −1 if there is none. */
gint guests_read_number (const GstVideoFrame *frame, gint x, gint y, gint width, gint height);

/* Any thread. When the picture of that number last left: µs, monotonic; 0: not yet. */
gint64 guests_sent_at (Guests *guests, gint number);

G_END_DECLS
