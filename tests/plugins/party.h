/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Party: three people at one greenroom-media, and a stranger at its port. Ann and Ben see each other and must not be
 * disturbed by what Eve, who is among them, or the stranger do. Main thread. */
#pragma once

#include "person.h"
#include "worker.h"

G_BEGIN_DECLS

#define PARTY_DATAGRAM_BYTES 4000
/* What a flood is. */
#define PARTY_ENOUGH 1500

typedef struct
{
  Worker *worker;
  Person *ann;
  Person *ben;
  Person *eve;
  GRand *dice; /* the same in every run */
  int stranger;
  char *ufrag; /* the hub's, towards eve */
  char *password;

  GMutex lock;      /* of what follows */
  GPtrArray *heard; /* GstBuffer: what eve sent, encrypted */
} Party;

/* What Eve does, or the stranger: fills in a datagram and returns its length. */
typedef gsize (*PartyMake) (Party *party, guint8 *datagram);
typedef void (*PartySend) (Party *party, const guint8 *datagram, gsize length);

/* Of a test: everybody is there, and sees. */
void party_set_up (Party *party, gconstpointer data);
void party_tear_down (Party *party, gconstpointer data);

void party_subscribe (Party *party, const char *who, const char *whom);
/* Of the one picture that somebody gets. */
gint party_frames (Person *person);
/* Ann and Ben go on seeing each other, and nobody had to connect again. */
void party_assert_undisturbed (Party *party);

GstElement *party_find_element (Person *person, const char *factory);
char *party_offer_of (Person *person);
char *party_answer_of (Person *person);
/* What the hub sends somebody their one picture under. */
guint32 party_slot_ssrc (Person *person);
/* The word behind the first @before in @text. */
char *party_word_after (const char *text, const char *before);

gsize party_fill (Party *party, guint8 *datagram, gsize length);

void party_send_as_stranger (Party *party, const guint8 *datagram, gsize length);
/* From Eve's own port: what a peer whose keys are known may send as it likes. */
void party_send_as_peer (Party *party, const guint8 *datagram, gsize length);
/* Encrypted with Eve's keys. */
void party_send_rtp (Party *party, const guint8 *datagram, gsize length);
void party_send_rtcp (Party *party, const guint8 *datagram, gsize length);

/* Until @counter of the statistics rose by PARTY_ENOUGH. */
void party_flood (Party *party, PartyMake make, PartySend send_it, const char *counter);
/* PARTY_ENOUGH datagrams, whatever is counted. */
void party_pour (Party *party, PartyMake make, PartySend send_it);

G_END_DECLS
