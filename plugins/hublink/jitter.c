/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plugins/hublink/jitter.h"

#define MASK (GR_LINK_JITTER_PACKETS - 1)

G_STATIC_ASSERT ((GR_LINK_JITTER_PACKETS & MASK) == 0);

typedef struct
{
  GstBuffer *buffer;
  gint64 came; /* µs */
} Place;

struct _GrLinkJitter
{
  gboolean started;
  guint16 next;
  guint level;
  guint lost; /* before what is next: dropped for want of room */
  Place places[GR_LINK_JITTER_PACKETS];
};

GrLinkJitter *
gr_link_jitter_new (void)
{
  return g_new0 (GrLinkJitter, 1);
}

void
gr_link_jitter_clear (GrLinkJitter *jitter)
{
  for (guint i = 0; i < GR_LINK_JITTER_PACKETS && jitter->level > 0; i++)
    if (jitter->places[i].buffer != NULL)
      {
        gst_clear_buffer (&jitter->places[i].buffer);
        jitter->level--;
      }
  jitter->started = FALSE;
}

void
gr_link_jitter_free (GrLinkJitter *jitter)
{
  gr_link_jitter_clear (jitter);
  g_free (jitter);
}

gboolean
gr_link_jitter_put (GrLinkJitter *jitter, guint16 sequence, GstBuffer *buffer, gint64 now)
{
  gint16 ahead = sequence - jitter->next;
  Place *place = &jitter->places[sequence & MASK];
  gboolean fits = TRUE;

  if (!jitter->started)
    {
      jitter->started = TRUE;
      jitter->next = sequence;
      ahead = 0;
    }
  if (ahead >= GR_LINK_JITTER_PACKETS || ahead <= -GR_LINK_JITTER_PACKETS)
    {
      gr_link_jitter_clear (jitter);
      jitter->started = TRUE;
      jitter->lost += MAX (1, ahead);
      jitter->next = sequence;
      ahead = 0;
      fits = FALSE;
    }
  if (ahead < 0 || place->buffer != NULL)
    {
      gst_buffer_unref (buffer);
      return FALSE;
    }

  *place = (Place){ buffer, now };
  jitter->level++;
  return fits;
}

GstBuffer *
gr_link_jitter_take (GrLinkJitter *jitter, gint64 now, gint64 patience, guint *lost, gint64 *wake)
{
  guint16 at = jitter->next;
  GstBuffer *buffer;

  *wake = G_MAXINT64;
  if (jitter->level == 0)
    return NULL;

  while (jitter->places[at & MASK].buffer == NULL)
    at++;
  if (at != jitter->next && now < jitter->places[at & MASK].came + patience)
    {
      *wake = jitter->places[at & MASK].came + patience;
      return NULL;
    }

  *lost = jitter->lost + (guint16) (at - jitter->next);
  jitter->lost = 0;
  jitter->next = at + 1;
  jitter->level--;
  buffer = g_steal_pointer (&jitter->places[at & MASK].buffer);
  return buffer;
}

guint
gr_link_jitter_get_level (const GrLinkJitter *jitter)
{
  return jitter->level;
}
