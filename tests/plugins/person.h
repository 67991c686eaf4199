/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Person: a participant for tests of greenroom-media: a webrtcbin on libnice that sends a tone and a small picture,
 * decodes what its slots carry, and whose words go to the hub over D-Bus. Main thread; decoded frames are counted by
 * streaming threads. */
#pragma once

#include <gio/gio.h>
#include <gst/gst.h>

G_BEGIN_DECLS

#define PERSON_MAX_LINES 16
#define ROOM "room"

typedef struct
{
  GDBusConnection *hub;
  char *id;
  GstElement *pipeline;
  GstElement *webrtcbin;
  /* What it says and hears instead of the truth, or NULL: an offer that goes out, an answer that comes in. */
  char *(*says) (const char *sdp);
  char *(*hears) (const char *sdp);
  gint negotiation_needed;        /* atomic */
  gint decoded[PERSON_MAX_LINES]; /* atomic, by m-line */
} Person;

/* @volume: of the tone, 0 to 1. */
Person *person_new (GDBusConnection *hub, const char *id, double volume, guint audio_slots, guint video_slots);
/* @sends: a pipeline with the elements webrtcbin and voice, whose first pads are sound and picture. */
Person *person_new_sending (
    GDBusConnection *hub, const char *id, const char *sends, double volume, guint audio_slots, guint video_slots);
void person_free (Person *person);

/* @media: audio, video (VP8), h264. */
void person_add_slot (Person *person, const char *media);

/* What it offers, and which kind each line is of: a(ss). For whoever carries that to the hub another way. */
char *person_make_offer (Person *person, GVariant **tracks);
void person_take_answer (Person *person, const char *sdp);

/* Offers and takes the answer: the first time, or again. */
void person_offer (Person *person);

void person_set_volume (Person *person, double volume);

/* Sends nothing any more, as if its cable were cut. */
void person_vanish (Person *person);

/* A method of the hub; the reply, or NULL with @error. */
GVariant *hub_call (GDBusConnection *hub, const char *method, GVariant *arguments, GError **error);

G_END_DECLS
