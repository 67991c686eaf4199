/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Edge: a SoupServer behind a GrListener on a free port of the loopback interface, for tests of http/. Main thread. */
#pragma once

#include "http/listener.h"

/* Of the answer to /large. */
#define EDGE_LARGE_BYTES (8 * 1024 * 1024)

typedef struct
{
  SoupServer *server;
  GrListener *listener;
  guint16 port;
  guint requests;
  SoupServerMessage *paused; /* the one for /pause */
} Edge;

/* The default, but /upload may have 4 MiB and 2 s, and everything else 1 KiB. */
GrListenerSettings edge_settings (void);

void edge_start (Edge *edge, const GrListenerSettings *settings);
/* Waits until the last connection is closed. */
void edge_stop (Edge *edge);

/* A WireCondition. */
gboolean edge_has_no_connections (gpointer edge);

/* Answers "METHOD PATH LENGTH-OF-BODY;", and the paths /large, /chunked and /pause in their way. */
void edge_handle (SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query, gpointer edge);
