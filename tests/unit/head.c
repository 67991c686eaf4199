/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "http/head.h"

#include <string.h>

#include "base/error.h"

static gssize
feed (GrHead *head, const char *text, GError **error)
{
  return gr_head_feed (head, (const guint8 *) text, strlen (text), error);
}

static void
test_frames (void)
{
  static const char request[] = "POST /a/b?c=d HTTP/1.1\r\nHost: x\r\nContent-Length: 12\r\n\r\nbody";
  g_autoptr (GError) error = NULL;
  GrHead head;

  g_test_summary ("A head ends at its empty line, whatever pieces it comes in");
  gr_head_init (&head);
  for (gsize piece = 1; piece <= strlen (request); piece++)
    {
      gsize taken = 0;

      gr_head_reset (&head);
      while (!head.complete)
        {
          taken
              += gr_head_feed (&head, (const guint8 *) request + taken, MIN (piece, strlen (request) - taken), &error);
          g_assert_no_error (error);
        }
      g_assert_cmpstr (request + taken, ==, "body");
      g_assert_cmpmem (head.bytes->data, head.bytes->len, request, taken);
      g_assert_cmpstr (head.method, ==, "POST");
      g_assert_cmpstr (head.path, ==, "/a/b");
      g_assert_cmpuint (head.content_length, ==, 12);
    }
  gr_head_clear (&head);
}

static void
test_paths (void)
{
  static const struct
  {
    const char *target;
    const char *path;
  } cases[] = {
    { "/", "/" }, { "/a%20b?x", "/a%20b" }, { "http://h:1/a?b", "/a" }, { "http://h?b", "/" }, { "*", "*" },
  };
  GrHead head;

  g_test_summary ("The path is found in every form of target");
  gr_head_init (&head);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *request = g_strdup_printf ("GET %s HTTP/1.1\r\nHost: h\r\n\r\n", cases[i].target);

      gr_head_reset (&head);
      g_assert_cmpint (feed (&head, request, NULL), >, 0);
      g_assert_cmpstr (head.path, ==, cases[i].path);
    }
  gr_head_clear (&head);
}

static void
test_upgrade_and_expect (void)
{
  GrHead head;

  g_test_summary ("A WebSocket request and an expectation are seen, and the latter is not passed on");
  gr_head_init (&head);
  feed (&head, "GET / HTTP/1.1\r\nHost: x\r\nUpgrade: WebSocket\r\nConnection: Upgrade\r\n\r\n", NULL);
  g_assert_true (head.complete && head.websocket && !head.continues);

  gr_head_reset (&head);
  feed (&head, "PUT / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n", NULL);
  g_assert_true (head.complete && !head.websocket && head.continues);
  g_byte_array_append (head.bytes, (const guint8 *) "", 1);
  g_assert_null (strstr ((const char *) head.bytes->data, "Expect"));
  gr_head_clear (&head);
}

static void
test_bounds (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *endless = g_strnfill (GR_HEAD_MAX_BYTES + 1, 'a');
  GrHead head;

  g_test_summary ("A head without an end is given up at its bound");
  gr_head_init (&head);
  g_assert_cmpint (feed (&head, endless, &error), ==, -1);
  g_assert_error (error, GR_ERROR, GR_ERROR_HEADERS_TOO_LARGE);
  g_assert_cmpuint (head.bytes->len, <=, GR_HEAD_MAX_BYTES);
  gr_head_clear (&head);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/head/frames", test_frames);
  g_test_add_func ("/head/paths", test_paths);
  g_test_add_func ("/head/upgrade-and-expect", test_upgrade_and_expect);
  g_test_add_func ("/head/bounds", test_bounds);
  return g_test_run ();
}
