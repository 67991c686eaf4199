/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* greenroom-probe: tries one RTMP destination and says what fails: the wish of gr_probe_try() on its standard input,
 * what that says on its standard output. One connection, fifteen seconds at most. */
#include <gst/gst.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "media/probe/probe.h"

#define ALL_SECONDS 15
#define MAX_WISH 8192

static void
on_alarm (int signal)
{
  static const char text[]
      = "{\"state\":\"failed\",\"reason\":\"timeout\",\"message\":\"It did not answer in time\"}\n";

  if (write (STDOUT_FILENO, text, sizeof text - 1) > 0)
    _exit (EXIT_SUCCESS);
  _exit (EXIT_FAILURE);
}

int
main (int argc, char **argv)
{
  char input[MAX_WISH];
  gsize length = fread (input, 1, sizeof input, stdin);
  g_autofree char *answer = NULL;
  g_autoptr (GError) error = NULL;

  signal (SIGALRM, on_alarm);
  alarm (ALL_SECONDS);
  gst_init (&argc, &argv);

  answer = gr_probe_try (input, length, &error);
  if (answer == NULL)
    {
      fprintf (stderr, "greenroom-probe: %s\n", error->message);
      return EXIT_FAILURE;
    }

  puts (answer);

  return fflush (stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
