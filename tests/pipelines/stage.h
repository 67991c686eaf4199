/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the tests of outputs stand on: a small programme that really runs, servers to send it to, and a relay between
 * the two that can be told to misbehave. One thread, the default main context. */
#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

#include "media/program/output.h"

G_BEGIN_DECLS

typedef struct
{
  char *directory;      /* goes with the stage */
  GstElement *pipeline; /* NULL: another's programme */
  GrFanout *fanout;
  GPtrArray *processes;  /* GSubprocess */
  const char *pipelines; /* the operator's directory; NULL unless a test says so */
} Stage;

/* 320×180 at 30 frames/s, a keyframe each second, and a tone: "slate" has no input but the background. */
Stage *stage_new (void);
/* Another programme's outputs, servers and files. */
Stage *stage_new_with (GrFanout *fanout);
void stage_free (Stage *stage);

/* Runs the main context until @condition; dies after @seconds. */
typedef gboolean (*StageCondition) (gpointer data);
void stage_wait (StageCondition condition, gpointer data, guint seconds, const char *what);
/* Runs it for so long, in which things should go on happening. */
void stage_run (guint milliseconds);

/* An output and the newest of what it told. */
typedef struct
{
  GrOutput *output;
  JsonObject *status;
  GString *states; /* all it was in, each with a space: "connecting live ended " */
  GString *told;   /* each status, one after the other */
} Watched;

/* @format: of the document. */
Watched *watched_new (Stage *stage, const char *id, const char *format, ...) G_GNUC_PRINTF (3, 4);
void watched_free (Watched *watched);
void watched_wait_state (Watched *watched, const char *state, guint seconds);
void watched_wait_reason (Watched *watched, const char *state, const char *reason, guint seconds);
gint64 watched_number (Watched *watched, const char *member);

guint16 stage_free_port (void);
char *stage_path (Stage *stage, const char *name);

/* nginx with RTMP: application live takes any key and records to NAME-KEY.flv; application keyed takes "right" alone.
 */
GSubprocess *stage_start_nginx (Stage *stage, const char *name, guint16 port);
/* ffmpeg -listen: one stream, to @path. */
GSubprocess *stage_start_ffmpeg (Stage *stage, guint16 port, const char *path);
void stage_wait_port (guint16 port);
void stage_kill (Stage *stage, GSubprocess *process, int signal);

/* What ffprobe says. */
typedef struct
{
  double first; /* seconds */
  double last;
  double gap;  /* the longest from one packet to the next, per stream */
  guint video; /* packets */
  guint audio;
} Probe;
void stage_probe (const char *path, Probe *probe);

typedef enum
{
  RELAY_PASS,
  RELAY_HOLD,    /* takes nothing more */
  RELAY_TRICKLE, /* a byte a second */
  RELAY_RESET,   /* cuts its connections off, without a goodbye */
} RelayMode;

typedef struct _Relay Relay;

/* To 127.0.0.1:@port. @certificate: speaks TLS with it; may be NULL. */
Relay *relay_new (guint16 port, GTlsCertificate *certificate);
void relay_free (Relay *relay);
guint16 relay_get_port (Relay *relay);
void relay_set_mode (Relay *relay, RelayMode mode);

G_END_DECLS
