/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ctl/password.h"

#include "base/error.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#define MAX_LENGTH 4096

static char *
read_line (FILE *from)
{
  char line[MAX_LENGTH];

  if (fgets (line, sizeof line, from) == NULL)
    return NULL;

  line[strcspn (line, "\r\n")] = '\0';

  return g_strdup (line);
}

/* Signals wait until the terminal shows again what is typed. */
static char *
read_unseen (FILE *terminal, const char *prompt)
{
  struct termios shown, unseen;
  sigset_t block, before;
  char *line;

  if (tcgetattr (fileno (terminal), &shown) != 0)
    return NULL;

  sigemptyset (&block);
  sigaddset (&block, SIGINT);
  sigaddset (&block, SIGTERM);
  sigaddset (&block, SIGTSTP);
  sigprocmask (SIG_BLOCK, &block, &before);

  unseen = shown;
  unseen.c_lflag &= ~(tcflag_t) ECHO;
  tcsetattr (fileno (terminal), TCSAFLUSH, &unseen);

  dprintf (fileno (terminal), "%s", prompt);
  line = read_line (terminal);
  dprintf (fileno (terminal), "\n");

  tcsetattr (fileno (terminal), TCSAFLUSH, &shown);
  sigprocmask (SIG_SETMASK, &before, NULL);

  return line;
}

static char *
ask_twice (GError **error)
{
  int fd = open ("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
  FILE *terminal = fd >= 0 ? fdopen (fd, "r") : NULL;
  g_autofree char *password = NULL;
  g_autofree char *again = NULL;

  if (terminal == NULL)
    {
      gr_set_error (error, GR_ERROR_INVALID_INPUT, NULL, "There is no terminal to ask on: use --password-stdin");
      return NULL;
    }

  password = read_unseen (terminal, "Password: ");
  again = password != NULL ? read_unseen (terminal, "Again: ") : NULL;
  fclose (terminal);

  if (again != NULL && g_str_equal (password, again))
    return g_steal_pointer (&password);

  gr_set_error (error, GR_ERROR_INVALID_INPUT, NULL, "%s",
                again != NULL ? "The two are not the same" : "No password was typed");

  return NULL;
}

char *
gr_password_ask (gboolean from_stdin, GError **error)
{
  char *password;

  if (!from_stdin)
    return ask_twice (error);

  password = read_line (stdin);

  if (password == NULL)
    gr_set_error (error, GR_ERROR_INVALID_INPUT, NULL, "No password came from standard input");

  return password;
}
