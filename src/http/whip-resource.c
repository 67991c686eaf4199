/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Publishing into a room and watching it by one offer and its answer: WHIP (RFC 9725) and WHEP. Pool threads; the visit
 * itself is arranged on main (domain/rooms/visitors.h) while the pool thread waits. */
#include <string.h>

#include "base/error.h"
#include "base/main-call.h"
#include "http/resources.h"

#define BEARER "Bearer "

/* What a pool thread and main share until both have let go: the thread gives up at its deadline. */
typedef struct
{
  GMutex mutex; /* taken alone; guards what follows */
  GCond cond;
  GrRequest *request; /* NULL once the thread has given up */
  GrVisitors *visitors;
  GCancellable *cancellable;
  gboolean done;
  GrVisitWish wish; /* of @request's */
  char *token;
  char *answer;
  GError *error;
} Errand;

static void
errand_clear (gpointer memory)
{
  Errand *errand = memory;

  g_mutex_clear (&errand->mutex);
  g_cond_clear (&errand->cond);
  g_object_unref (errand->visitors);
  g_object_unref (errand->cancellable);
  g_clear_pointer (&errand->wish.tracks, g_variant_unref);
  g_free (errand->token);
  g_free (errand->answer);
  g_clear_error (&errand->error);
}

static void
errand_release (gpointer errand)
{
  g_atomic_rc_box_release_full (errand, errand_clear);
}

static void
on_come (GObject *source, GAsyncResult *result, gpointer data)
{
  Errand *errand = data;

  g_mutex_lock (&errand->mutex);
  errand->token = gr_visitors_come_finish (GR_VISITORS (source), result, &errand->answer, &errand->error);
  errand->done = TRUE;
  if (errand->request == NULL && errand->token != NULL)
    gr_visitors_go (errand->visitors, errand->token, NULL);
  g_cond_signal (&errand->cond);
  g_mutex_unlock (&errand->mutex);
  errand_release (errand);
}

static void
begin (gpointer data)
{
  Errand *errand = data;

  g_mutex_lock (&errand->mutex);
  if (errand->request != NULL)
    gr_visitors_come_async (errand->visitors, &errand->wish, errand->cancellable, on_come,
                            g_atomic_rc_box_acquire (errand));
  g_mutex_unlock (&errand->mutex);
}

/* Waits for main to have the answer, or gives up: then the seat is given back whenever it comes. */
static gboolean
wait (Errand *errand, gint64 deadline, GError **error)
{
  gboolean done;

  g_mutex_lock (&errand->mutex);
  while (!errand->done && g_cond_wait_until (&errand->cond, &errand->mutex, deadline))
    ;
  done = errand->done;
  errand->request = NULL;
  g_mutex_unlock (&errand->mutex);

  if (!done)
    {
      g_cancellable_cancel (errand->cancellable);
      gr_set_error (error, GR_ERROR_BUSY, NULL, "The server is too busy; try again");
      return FALSE;
    }

  if (errand->error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&errand->error));
      return FALSE;
    }

  return TRUE;
}

/* The line that begins at *@text, and *@text at the next one. */
static char *
cut_line (const char **text)
{
  gsize length = strcspn (*text, "\r\n");
  char *line = g_strndup (*text, length);

  *text += length;
  *text += strspn (*text, "\r\n");

  return line;
}

static gboolean
refuse_offer (GError **error, const char *sentence)
{
  gr_set_error (error, GR_ERROR_INVALID_INPUT, "sdp", "%s", sentence);

  return FALSE;
}

static const char *
kind_of_line (const char *line, gboolean screen)
{
  if (g_str_has_prefix (line, "m=audio "))
    return screen ? "screen-audio" : "microphone";

  return screen ? "screen" : "camera";
}

/* What a person with these tracks is said to show: nobody waits for a picture that is not sent. */
static GrMedia
media_of_tracks (GVariant *tracks)
{
  GrMedia media = 0;
  GVariantIter iter;
  const char *kind;

  g_variant_iter_init (&iter, tracks);
  while (g_variant_iter_next (&iter, "(&s&s)", NULL, &kind))
    media |= g_str_equal (kind, "microphone") ? GR_MEDIA_AUDIO
             : g_str_equal (kind, "camera")   ? GR_MEDIA_VIDEO
                                              : GR_MEDIA_SCREEN;

  return media;
}

/* Which mid of @sdp sends what: a(ss). */
static gboolean
find_tracks (const char *sdp, gboolean screen, GVariant **tracks, GError **error)
{
  g_auto (GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a(ss)"));
  const char *kind = NULL, *seen[2] = { NULL, NULL };
  guint n_lines = 0, n_mids = 0;

  while (*sdp != '\0')
    {
      g_autofree char *line = cut_line (&sdp);

      if (g_str_has_prefix (line, "m="))
        {
          if (n_lines == G_N_ELEMENTS (seen)
              || (!g_str_has_prefix (line, "m=audio ") && !g_str_has_prefix (line, "m=video ")))
            return refuse_offer (error, "One m-line for sound and one for pictures, no more");

          kind = kind_of_line (line, screen);
          if (g_strcmp0 (seen[0], kind) == 0)
            return refuse_offer (error, "One m-line for sound and one for pictures, no more");
          seen[n_lines++] = kind;
        }
      else if (kind != NULL && g_str_has_prefix (line, "a=mid:"))
        {
          g_variant_builder_add (&builder, "(ss)", line + strlen ("a=mid:"), kind);
          kind = NULL;
          n_mids++;
        }
    }

  if (n_lines == 0 || n_mids != n_lines)
    return refuse_offer (error, "An offer has an m-line for sound, for pictures, or for both, each with its mid");

  *tracks = g_variant_ref_sink (g_variant_builder_end (&builder));

  return TRUE;
}

/* The offer as text; the rest of it is the hub's to judge. */
static char *
read_offer (GrRequest *request, GError **error)
{
  gsize length;
  const char *text = g_bytes_get_data (request->content, &length);

  if (length < 3 || memcmp (text, "v=0", 3) != 0 || !g_utf8_validate (text, length, NULL))
    {
      refuse_offer (error, "This is no session description");
      return NULL;
    }

  return g_strndup (text, length);
}

/* Who comes: by an access token, or by an invite's code. Only the former has dots. */
static gboolean
read_entry (GrRequest *request, GrEntry *entry, GError **error)
{
  const char *borne = request->authorization;

  if (borne == NULL || g_ascii_strncasecmp (borne, BEARER, strlen (BEARER)) != 0 || borne[strlen (BEARER)] == '\0')
    {
      gr_set_error (error, GR_ERROR_UNAUTHENTICATED, NULL,
                    "Say \"Authorization: Bearer\" and an access token or the code of an invite");
      return FALSE;
    }

  borne += strlen (BEARER);
  entry->room = gr_request_param (request, "room");
  entry->address = request->address;
  if (strchr (borne, '.') != NULL)
    entry->token = borne;
  else
    entry->invite = borne;
  entry->name = request->agent != NULL && strstr (request->agent, "OBS") != NULL ? "OBS" : "Guest";

  return TRUE;
}

static gboolean
come (GrRequest *request, const GrVisitWish *wish, const char *protocol, GError **error)
{
  Errand *errand = g_atomic_rc_box_new0 (Errand);
  g_autofree char *room = g_uri_escape_string (gr_request_param (request, "room"), NULL, FALSE);
  gboolean came;

  g_mutex_init (&errand->mutex);
  g_cond_init (&errand->cond);
  errand->request = request;
  errand->visitors = g_object_ref (request->services->visitors);
  errand->cancellable = g_cancellable_new ();
  errand->wish = *wish;
  g_variant_ref (wish->tracks);

  gr_main_post (begin, g_atomic_rc_box_acquire (errand), errand_release);
  came = wait (errand, request->deadline, error);

  if (came)
    {
      request->status = 201;
      request->type = "application/sdp";
      request->location = g_strdup_printf ("/api/rooms/%s/%s/%s", room, protocol, errand->token);
      g_string_assign (request->text, errand->answer);
    }

  errand_release (errand);

  return came;
}

static gboolean
start_whip (GrRequest *request, GError **error)
{
  gboolean screen = g_strcmp0 (gr_request_query (request, "kind"), "screen") == 0;
  g_autoptr (GVariant) tracks = NULL;
  g_autofree char *sdp = NULL;
  GrVisitWish wish = { 0 };

  if (!read_entry (request, &wish.entry, error))
    return FALSE;

  sdp = read_offer (request, error);
  if (sdp == NULL || !find_tracks (sdp, screen, &tracks, error))
    return FALSE;

  wish.media = media_of_tracks (tracks);
  wish.sdp = sdp;
  wish.tracks = tracks;

  return come (request, &wish, "whip", error);
}

static gboolean
start_whep (GrRequest *request, GError **error)
{
  const char *track = gr_request_query (request, "track");
  g_auto (GStrv) words = track != NULL ? g_strsplit (track, ":", 2) : NULL;
  g_autoptr (GVariant) none = g_variant_ref_sink (g_variant_new ("a(ss)", NULL));
  g_autofree char *sdp = NULL;
  GrVisitWish wish = { .tracks = none };

  if (!read_entry (request, &wish.entry, error))
    return FALSE;

  sdp = read_offer (request, error);
  if (sdp == NULL)
    return FALSE;

  wish.entry.watch = TRUE;
  wish.sdp = sdp;
  if (words != NULL)
    {
      wish.participant = words[0];
      wish.kind = words[1];
    }

  return come (request, &wish, "whep", error);
}

static gboolean
end_visit (gpointer data, GError **error)
{
  GrRequest *request = data;

  return gr_visitors_go (request->services->visitors, gr_request_param (request, "visit"), error);
}

static gboolean
stop (GrRequest *request, GError **error)
{
  return gr_main_call (end_visit, request, request->deadline, error) && gr_request_no_content (request);
}

const GrBinding gr_whip_bindings[] = {
  { GR_OP_START_WHIP, start_whip },
  { GR_OP_STOP_WHIP, stop },
  { GR_OP_START_WHEP, start_whep },
  { GR_OP_STOP_WHEP, stop },
  { 0 },
};
