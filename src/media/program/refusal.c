/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "media/program/refusal.h"

#include <gst/gst.h>

const char gr_refusal_key[] = "key";

const GrRefusal gr_refusal_no_answer = { "timeout", "The server does not answer", FALSE };
const GrRefusal gr_refusal_stalled = { "timeout", "The server takes nothing any more", FALSE };

static const GrRefusal by_domain = { "dns", "There is no server of this name", FALSE };
static const GrRefusal kept_out
    = { "private", "The name leads to an address inside the network, which is not allowed", TRUE };
static const GrRefusal nobody = { "refused", "Nothing listens there", FALSE };
static const GrRefusal distrusted
    = { "tls", "The server's certificate cannot be trusted, or it does not speak TLS", TRUE };
static const GrRefusal sent_away
    = { gr_refusal_key, "The server refused the stream, perhaps because of the key", FALSE };
static const GrRefusal lost = { "lost", "The connection was lost", FALSE };
static const GrRefusal broken = { "internal", "The pipeline broke", FALSE };

/* rtmp2sink puts GIO's code into the text for programmers: "domain g-io-error-quark, code 24" in GStreamer 1.22, "error
 * g-io-error-quark:24: …" later. */
static gboolean
is_timeout (const char *debug)
{
  g_autofree char *pattern = g_strdup_printf ("g-io-error-quark(:|, code )%d\\b", G_IO_ERROR_TIMED_OUT);

  return debug != NULL && g_regex_match_simple (pattern, debug, 0, 0);
}

GrRefusal
gr_refusal_explain (const GError *error, const char *debug, const GrOutboundFacts *facts, gboolean agreed)
{
  gboolean timed_out = is_timeout (debug);

  if (error->domain != GST_RESOURCE_ERROR)
    return broken;
  if (agreed)
    return lost;
  if (facts->kept_out)
    return kept_out;

  switch (facts->phase)
    {
    case GR_OUTBOUND_WAITING:
    case GR_OUTBOUND_RESOLVING:
      return by_domain;

    case GR_OUTBOUND_CONNECTING:
      return timed_out ? gr_refusal_no_answer : nobody;

    case GR_OUTBOUND_SECURING:
      return timed_out ? gr_refusal_no_answer : distrusted;

    default:
      return timed_out ? gr_refusal_no_answer : sent_away;
    }
}
