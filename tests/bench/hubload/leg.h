/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GrLeg: one connection of the load generator to a server, as a browser would have it: ICE, DTLS-SRTP, made-up VP8 or
 * Opus out, and a look at everything that comes back. Owned by GrLoad. One thread for all, so that the generator's own
 * cost stays small. */
#pragma once

#include <gio/gio.h>
#include <openssl/ssl.h>

#include "plugins/hubtransport/srtp.h"

/* m-lines that a leg receives in. */
#define GR_LEG_STREAMS 24

typedef struct
{
  guint32 ssrc; /* 0: unused */
  guint16 sequence;
  guint16 lost; /* what was thrown away and asked for again */
  gboolean loses;
  gboolean waits;
} GrLegStream;

typedef struct
{
  int fd;
  gboolean publishes;
  gboolean controls; /* checks and nominates (RFC 8445, section 6.1.1); otherwise the server does */
  guint receives;    /* m-lines */
  char *ufrag;       /* of the server */
  char *password;
  GrSrtp *out;
  GrSrtp *in;
  guint32 ssrc;
  guint16 sequence;
  guint64 sent;
  guint64 received;
  GrLegStream streams[GR_LEG_STREAMS];
} GrLeg;

/* What arrived while it was measured. */
typedef struct
{
  guint64 received;
  guint64 decrypted; /* one of GR_LOAD_SAMPLE */
  guint64 wrong;     /* of those: not what was sent */
  guint64 gaps;      /* sequence numbers that did not follow */
  guint64 strangers; /* more SSRCs than there are m-lines */
  guint64 asked;     /* thrown away on purpose, and NACKed */
  guint64 repaired;
  GArray *delays; /* double, ms: from just before the generator's send() to the kernel's receive time stamp */
} GrLoadCounters;

typedef struct _GrLoad GrLoad;

struct _GrLoad
{
  void (*first_in) (GrLoad *load); /* called once the first person is in: what servers do once is done */
  const char *address;             /* of both sides; Janus wants one that is not of the loopback interface */
  gboolean voice;
  gboolean even; /* packets of a picture evenly, instead of a frame at once */
  gboolean measuring;
  SSL_CTX *tls;
  char *fingerprint;
  GPtrArray *legs;
  int epoll;
  GrLoadCounters counters;
};

void gr_load_init (GrLoad *load, gboolean voice);

void G_GNUC_NORETURN gr_load_die (const char *what, const char *why);

/* A leg that has a socket, and knows nobody yet. It controls ICE, unless the caller says that the server will. */
GrLeg *gr_leg_new (GrLoad *load, gboolean publishes, guint receives);

/* An offer, or the answer to one that asks for the same m-lines: first the one that is sent, then those that are
 * received. */
char *gr_leg_describe (const GrLoad *load, const GrLeg *leg);

/* Checks and shakes hands with whom @sdp describes. */
void gr_leg_connect (GrLoad *load, GrLeg *leg, const char *sdp);

/* Sends and receives for @seconds: 30 frames of 10 packets of 1200 bytes a second, or 50 packets of 100 bytes; once a
 * second each leg reports in RTCP, and asks again for one packet of each picture, which it has thrown away. */
void gr_load_run (GrLoad *load, double seconds);
