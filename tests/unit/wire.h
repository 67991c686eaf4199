/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A raw TCP client for the tests of http/ and ws/, in the same main loop as the server it talks to. */
#pragma once

#include <gio/gio.h>

#define WIRE_PATIENCE_MS 10000

typedef struct
{
  GSocketConnection *connection;
  GString *received;
  gboolean ended; /* the server closed */
  gboolean reset; /* … with a reset */
} WireClient;

typedef gboolean (*WireCondition) (gpointer user_data);

/* Runs the main loop until @condition; fails the test when that takes too long. */
void wire_wait (WireCondition condition, gpointer user_data);

WireClient *wire_connect (guint16 port);
void wire_free (WireClient *client);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WireClient, wire_free)

/* Sends all, with the main loop running where the socket is full; or as much as the server reads before it closes. */
void wire_send_bytes (WireClient *client, const void *bytes, gsize length);
void wire_send (WireClient *client, const char *text);

/* Receives until the answer has @text, or until the server closes. */
void wire_expect (WireClient *client, const char *text);
void wire_expect_bytes (WireClient *client, gsize length);
void wire_expect_end (WireClient *client);
