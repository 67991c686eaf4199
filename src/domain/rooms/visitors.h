/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GrVisitors: those who sit in a room without a page, by one offer and its answer: they publish (WHIP, RFC 9725) or
 * watch (WHEP). What a page would do for its person is done here: following a mute and the stage, looking at who
 * speaks. Owned by the composition root. Main thread.
 *
 * A visitor leaves when it says so, when the hub hears nothing from it any more, and when the room's media begins anew,
 * since there is nobody to offer again: encoders come back by themselves. */
#pragma once

#include "domain/rooms/switchboard.h"

G_BEGIN_DECLS

#define GR_TYPE_VISITORS (gr_visitors_get_type ())
G_DECLARE_FINAL_TYPE (GrVisitors, gr_visitors, GR, VISITORS, GObject)

/* What a visitor comes for. */
typedef struct
{
  GrEntry entry;
  const char *sdp;
  GVariant *tracks; /* a(ss) of mid and kind that it sends, taken if floating; empty for who watches */
  GrMedia media;    /* what these are; 0 for who watches */

  /* Whose picture to look at, and which one; NULL: of who speaks */
  const char *participant;
  const char *kind;
} GrVisitWish;

GrVisitors *gr_visitors_new (GrHouse *house, GrSwitchboard *board);

/* Comes in and offers. Errors: those of gr_house_enter_async() and gr_switchboard_offer_async(); UNAVAILABLE without a
 * hub; FORBIDDEN where newcomers wait for a host; CONFLICT for a viewer who would send. */
void gr_visitors_come_async (GrVisitors *visitors,
                             const GrVisitWish *wish,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data);

/* The token by which the visit can be ended, and nothing else; *@answer for the other side. NULL with @error. */
char *gr_visitors_come_finish (GrVisitors *visitors, GAsyncResult *result, char **answer, GError **error);

/* Ends a visit. NOT_FOUND. */
gboolean gr_visitors_go (GrVisitors *visitors, const char *token, GError **error);

G_END_DECLS
