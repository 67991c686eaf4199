/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/time.h"

#include <time.h>

static GrTimeSource time_source = g_get_real_time;

/* Reads exactly @n_digits decimal digits at *@at. */
static gboolean
read_digits (const char **at, guint n_digits, int *out)
{
  int value = 0;

  for (guint i = 0; i < n_digits; i++, (*at)++)
    {
      if (!g_ascii_isdigit (**at))
        return FALSE;
      value = value * 10 + (**at - '0');
    }

  *out = value;
  return TRUE;
}

static gboolean
read_char (const char **at, char expected)
{
  if (g_ascii_toupper (**at) != expected)
    return FALSE;

  (*at)++;
  return TRUE;
}

/* Any number of digits after the point, of which microseconds are kept. */
static gboolean
read_fraction (const char **at, gint64 *us)
{
  gint64 unit = G_USEC_PER_SEC / 10;

  *us = 0;
  if (**at != '.')
    return TRUE;

  (*at)++;
  if (!g_ascii_isdigit (**at))
    return FALSE;

  for (; g_ascii_isdigit (**at); (*at)++, unit /= 10)
    *us += unit * (**at - '0');

  return TRUE;
}

static gboolean
read_zone (const char **at, gint64 *seconds)
{
  int hours, minutes;
  int sign = **at == '-' ? -1 : 1;

  *seconds = 0;
  if (read_char (at, 'Z'))
    return TRUE;
  if (**at != '+' && **at != '-')
    return FALSE;

  (*at)++;
  if (!read_digits (at, 2, &hours) || !read_char (at, ':') || !read_digits (at, 2, &minutes) || hours > 23
      || minutes > 59)
    return FALSE;

  *seconds = sign * (hours * 3600 + minutes * 60);
  return TRUE;
}

gint64
gr_now (void)
{
  return g_atomic_pointer_get (&time_source) ();
}

void
gr_time_set_source (GrTimeSource source)
{
  g_atomic_pointer_set (&time_source, source != NULL ? source : g_get_real_time);
}

char *
gr_time_format (gint64 us)
{
  /* Rounded down, also before 1970, so that no time appears later than it was. */
  gint64 ms = us / 1000 - (us % 1000 < 0);
  time_t seconds = ms / 1000 - (ms % 1000 < 0);
  struct tm tm;

  gmtime_r (&seconds, &tm);
  return g_strdup_printf ("%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday,
                          tm.tm_hour, tm.tm_min, tm.tm_sec, (int) (ms - seconds * 1000));
}

gboolean
gr_time_parse (const char *text, gint64 *out)
{
  const char *at = text;
  int year, month, day, hour, minute, second;
  gint64 fraction, zone;

  if (text == NULL || !read_digits (&at, 4, &year) || !read_char (&at, '-') || !read_digits (&at, 2, &month)
      || !read_char (&at, '-') || !read_digits (&at, 2, &day) || !read_char (&at, 'T') || !read_digits (&at, 2, &hour)
      || !read_char (&at, ':') || !read_digits (&at, 2, &minute) || !read_char (&at, ':')
      || !read_digits (&at, 2, &second) || !read_fraction (&at, &fraction) || !read_zone (&at, &zone) || *at != '\0')
    return FALSE;

  /* A leap second (60) is the first of the next minute, as in POSIX time. */
  if (!g_date_valid_dmy (day, month, year) || hour > 23 || minute > 59 || second > 60)
    return FALSE;

  struct tm tm = {
    .tm_year = year - 1900, .tm_mon = month - 1, .tm_mday = day, .tm_hour = hour, .tm_min = minute, .tm_sec = second
  };

  *out = ((gint64) timegm (&tm) - zone) * G_USEC_PER_SEC + fraction;
  return TRUE;
}
