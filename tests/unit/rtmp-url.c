/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/rtmp-url.h"

#include <string.h>

#include "base/error.h"

static void
test_reads (void)
{
  static const struct
  {
    const char *text;
    gboolean secure;
    const char *host;
    guint16 port;
    const char *application;
    const char *user;
    const char *password;
  } rows[] = {
    { "rtmp://live.example.org/app", FALSE, "live.example.org", 1935, "app", NULL, NULL },
    { "rtmps://live.example.org/app", TRUE, "live.example.org", 443, "app", NULL, NULL },
    { "RTMPS://a.rtmps.youtube.com:8443/live2", TRUE, "a.rtmps.youtube.com", 8443, "live2", NULL, NULL },
    { "rtmp://[2001:db8::1]:1936/a/b", FALSE, "2001:db8::1", 1936, "a/b", NULL, NULL },
    { "rtmp://host/app?token=a%2Fb&x", FALSE, "host", 1935, "app?token=a%2Fb&x", NULL, NULL },
    { "rtmp://host/app/100%", FALSE, "host", 1935, "app/100%", NULL, NULL },
    { "rtmp://ann:p%40ss@host/app", FALSE, "host", 1935, "app", "ann", "p@ss" },
    { "rtmp://127.0.0.1@evil.example/app", FALSE, "evil.example", 1935, "app", "127.0.0.1", NULL },
  };

  g_test_summary ("An address is read into what is connected to and what the server gets");
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GrRtmpUrl) url = gr_rtmp_url_parse (rows[i].text, "url", &error);

      g_test_message ("%s", rows[i].text);
      g_assert_no_error (error);
      g_assert_cmpint (url->secure, ==, rows[i].secure);
      g_assert_cmpstr (url->host, ==, rows[i].host);
      g_assert_cmpuint (url->port, ==, rows[i].port);
      g_assert_cmpstr (url->application, ==, rows[i].application);
      g_assert_cmpstr (url->user, ==, rows[i].user);
      g_assert_cmpstr (url->password, ==, rows[i].password);
    }
}

static void
test_refuses (void)
{
  static const char *const rows[][2] = {
    { "", "begin with" },
    { "http://host/app", "begin with" },
    { "rtmp:/host/app", "begin with" },
    { "rtmp://", "host" },
    { "rtmp:///app", "host" },
    { "rtmp://host", "application" },
    { "rtmp://host/", "application" },
    { "rtmp://host/app#part", "#" },
    { "rtmp://host/my app", "spaces" },
    { "rtmp://host/a\tb", "control" },
    { "rtmp://host/a\"b", "quotes" },
    { "rtmp://host/\xff", "spaces" },
    { "rtmp://%17host/app", "in its host" },
    { "rtmp://host:0/app", "port 0" },
    { "rtmp://host:65536/app", "cannot be read" },
    { "rtmp://host:rtmp/app", "cannot be read" },
    { "rtmp://[::1/app", "cannot be read" },
    { "rtmp://a%00b@host/app", "before the host" },
  };
  g_autofree char *path = g_strnfill (GR_RTMP_URL_MAX, 'a');
  g_autofree char *endless = g_strconcat ("rtmp://host/", path, NULL);
  g_autoptr (GError) error = NULL;

  g_test_summary ("What is no address is refused with a sentence that says why, and the field");
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) reason = NULL;
      g_autofree char *shown = g_strescape (rows[i][0], NULL);

      g_test_message ("\"%s\"", shown);
      g_assert_null (gr_rtmp_url_parse (rows[i][0], "rtmpUrl", &reason));
      g_assert_error (reason, GR_ERROR, GR_ERROR_INVALID_INPUT);
      g_assert_cmpstr (gr_error_get_field (reason), ==, "rtmpUrl");
      g_test_message ("%s", reason->message);
      g_assert_nonnull (strstr (reason->message, rows[i][1]));
    }

  g_assert_null (gr_rtmp_url_parse (endless, "rtmpUrl", &error));
  g_assert_nonnull (strstr (error->message, "too long"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/rtmp-url/reads", test_reads);
  g_test_add_func ("/rtmp-url/refuses", test_refuses);

  return g_test_run ();
}
