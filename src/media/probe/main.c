/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* greenroom-probe: tries one RTMP destination and says what fails. It reads {"url","streamKey","allowPrivate"} from its
 * standard input and writes a status of an output ({"state","reason","message"}; "live" is well) to its standard
 * output. Name, address, connection and certificate are tried one after the other, so that each failure has a name of
 * its own; the rest is rtmp2sink's. One thread, one connection, fifteen seconds at most. */
#include <gio/gio.h>
#include <gst/app/gstappsrc.h>
#include <gst/gst.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/json-writer.h"
#include "base/json.h"
#include "base/private-address.h"

#define CONNECT_SECONDS 5
#define PUBLISH_SECONDS 6
#define ALL_SECONDS 15
#define MAX_WISH 4096

/* A tag of an FLV file (Adobe's video file format, annex E): type 18 with empty metadata (AMF0). The sink waits for its
 * connection only when it has something to send. */
static const guint8 flv_tag[] = {
  18, 0, 0,  21,  0,   0,   0,   0,   0,   0,   0,             /* script, 21 bytes, at 0 */
  2,  0, 10, 'o', 'n', 'M', 'e', 't', 'a', 'D', 'a', 't', 'a', /* a string */
  8,  0, 0,  0,   0,   0,   0,   9,                            /* an array of nothing */
  0,  0, 0,  32,                                               /* size of the tag */
};

static int
say (const char *state, const char *reason, const char *message)
{
  g_autoptr (GString) text = g_string_new (NULL);
  GrJsonWriter json = GR_JSON_WRITER (text);

  gr_json_writer_begin_object (&json);
  gr_json_writer_string_member (&json, "state", state);
  gr_json_writer_string_member (&json, "reason", reason);
  gr_json_writer_string_member (&json, "message", message);
  gr_json_writer_end_object (&json);
  puts (text->str);

  return fflush (stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

static void
on_alarm (int signal)
{
  static const char text[]
      = "{\"state\":\"failed\",\"reason\":\"timeout\",\"message\":\"It did not answer in time\"}\n";

  if (write (STDOUT_FILENO, text, sizeof text - 1) > 0)
    _exit (EXIT_SUCCESS);
  _exit (EXIT_FAILURE);
}

/* The first address of the host that may be used; otherwise says why there is none. */
static GInetAddress *
resolve (const char *host, gboolean allow_private)
{
  g_autoptr (GError) error = NULL;
  g_autolist (GInetAddress) addresses = g_resolver_lookup_by_name (g_resolver_get_default (), host, NULL, &error);

  if (addresses == NULL)
    {
      say ("failed", "dns", "There is no host of that name");
      return NULL;
    }

  for (GList *address = addresses; address != NULL; address = address->next)
    if (!allow_private && gr_address_is_private (address->data))
      {
        say ("failed", "private", "The name leads into the server's own network, where shows may not go");
        return NULL;
      }

  return g_object_ref (addresses->data);
}

/* Whether the host has a certificate that is to be trusted: rtmp2sink cannot say that it has not. */
static gboolean
check_tls (GInetAddress *address, guint16 port, const char *host)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketAddress) end = g_inet_socket_address_new (address, port);
  g_autoptr (GSocketConnection) connection = NULL;
  g_autoptr (GIOStream) tls = NULL;
  g_autoptr (GSocketConnectable) identity = NULL;
  g_autoptr (GError) error = NULL;

  g_socket_client_set_timeout (client, CONNECT_SECONDS);
  g_socket_client_set_enable_proxy (client, FALSE);
  connection = g_socket_client_connect (client, G_SOCKET_CONNECTABLE (end), NULL, &error);
  if (connection == NULL)
    {
      if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
        say ("failed", "timeout", "The host does not answer");
      else
        say ("refused", "refused", "The host takes no connection at that port");
      return FALSE;
    }

  identity = g_network_address_new (host, port);
  tls = g_tls_client_connection_new (G_IO_STREAM (connection), identity, &error);
  if (tls != NULL && g_tls_connection_handshake (G_TLS_CONNECTION (tls), NULL, &error))
    return TRUE;

  if (g_error_matches (error, G_TLS_ERROR, G_TLS_ERROR_BAD_CERTIFICATE))
    say ("failed", "tls", "Its certificate is not to be trusted");
  else
    say ("failed", "tls", "It does not speak TLS at that port");
  return FALSE;
}

/* What rtmp2sink's error means. It tells a refused connection by its code and all else by its words, which are not
 * translated here. */
static int
say_refusal (const GError *error)
{
  if (g_error_matches (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_OPEN_READ))
    return say ("refused", "refused", "The host takes no connection at that port");

  if (strstr (error->message, "timed out") != NULL)
    return say ("failed", "timeout", "It does not answer in RTMP");

  if (strstr (error->message, "'connect' cmd failed") != NULL)
    return say ("refused", "key", "It refused the address, perhaps because there is no such application");

  if (strstr (error->message, "cmd failed") != NULL
      || g_error_matches (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_AUTHORIZED))
    return say ("refused", "key", "It refused the show, perhaps because of the stream key");

  return say ("refused", "refused", "It does not speak RTMP at that port");
}

/* The handshake, connect, createStream and publish of RTMP: done when the sink has taken its first bytes. */
static int
publish (const char *location)
{
  g_autoptr (GstElement) pipeline = gst_pipeline_new (NULL);
  GstElement *source = gst_element_factory_make ("appsrc", NULL);
  GstElement *sink = gst_element_factory_make ("rtmp2sink", NULL);
  g_autoptr (GstCaps) caps = gst_caps_new_empty_simple ("video/x-flv");
  g_autoptr (GstBus) bus = gst_element_get_bus (pipeline);
  g_autoptr (GstMessage) message = NULL;
  g_autoptr (GError) error = NULL;

  if (source == NULL || sink == NULL)
    return say ("failed", "internal", "GStreamer's RTMP sink is not there");

  g_object_set (source, "caps", caps, "format", GST_FORMAT_TIME, NULL);
  g_object_set (sink, "location", location, "sync", FALSE, NULL);
  gst_bin_add_many (GST_BIN (pipeline), source, sink, NULL);
  gst_element_link (source, sink);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  gst_app_src_push_buffer (GST_APP_SRC (source), gst_buffer_new_memdup (flv_tag, sizeof flv_tag));
  gst_app_src_end_of_stream (GST_APP_SRC (source));

  message = gst_bus_timed_pop_filtered (bus, PUBLISH_SECONDS * GST_SECOND, GST_MESSAGE_ERROR | GST_MESSAGE_EOS);
  gst_element_set_state (pipeline, GST_STATE_NULL);

  if (message == NULL)
    return say ("failed", "timeout", "It answers, but not in RTMP");

  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_EOS)
    return say ("live", NULL, NULL);

  gst_message_parse_error (message, &error, NULL);

  return say_refusal (error);
}

static int
probe (JsonObject *wish)
{
  const char *url = gr_json_string (wish, "url");
  const char *key = gr_json_string (wish, "streamKey");
  g_autoptr (GUri) uri = url != NULL && key != NULL
                             ? g_uri_parse (url, G_URI_FLAGS_HAS_PASSWORD | G_URI_FLAGS_PARSE_RELAXED, NULL)
                             : NULL;
  g_autoptr (GInetAddress) address = NULL;
  g_autofree char *location = NULL;
  gboolean secure;

  if (uri == NULL || g_uri_get_host (uri) == NULL)
    return say ("failed", "internal", "The address cannot be read");

  secure = g_str_equal (g_uri_get_scheme (uri), "rtmps");
  address = resolve (g_uri_get_host (uri), gr_json_bool (wish, "allowPrivate", FALSE));
  if (address == NULL)
    return EXIT_SUCCESS;

  if (secure && !check_tls (address, g_uri_get_port (uri) > 0 ? g_uri_get_port (uri) : 443, g_uri_get_host (uri)))
    return EXIT_SUCCESS;

  location = g_strconcat (url, g_str_has_suffix (url, "/") ? "" : "/", key, NULL);

  return publish (location);
}

int
main (int argc, char **argv)
{
  char input[MAX_WISH];
  gsize length = fread (input, 1, sizeof input, stdin);
  g_autoptr (JsonNode) wish = gr_json_parse (input, length, NULL);

  signal (SIGALRM, on_alarm);
  alarm (ALL_SECONDS);
  gst_init (&argc, &argv);

  if (wish == NULL || !JSON_NODE_HOLDS_OBJECT (wish))
    return EXIT_FAILURE;

  return probe (json_node_get_object (wish));
}
