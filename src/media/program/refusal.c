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
static const GrRefusal distrusted = { "tls", "The server's certificate is not to be trusted", TRUE };
static const GrRefusal plain = { "tls", "The server does not speak TLS at that port", TRUE };
static const GrRefusal sent_away
    = { gr_refusal_key, "The server refused the stream, perhaps because of the key", FALSE };
static const GrRefusal lost = { "lost", "The connection was lost", FALSE };
static const GrRefusal broken = { "internal", "The pipeline broke", FALSE };

/* rtmp2sink puts GIO's code into the text for programmers: "domain g-io-error-quark, code 24" in GStreamer 1.22, "error
 * g-io-error-quark:24: …" later. */
static gboolean
tells (const char *debug, const char *domain, int code)
{
  g_autofree char *pattern = g_strdup_printf ("%s(:|, code )%d\\b", domain, code);

  return debug != NULL && g_regex_match_simple (pattern, debug, 0, 0);
}

GrRefusal
gr_refusal_explain (const GError *error, const char *debug, const GrOutboundFacts *facts, gboolean agreed)
{
  gboolean timed_out = tells (debug, "g-io-error-quark", G_IO_ERROR_TIMED_OUT);

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
      if (timed_out)
        return gr_refusal_no_answer;
      return tells (debug, "g-tls-error-quark", G_TLS_ERROR_BAD_CERTIFICATE) ? distrusted : plain;

    default:
      return timed_out ? gr_refusal_no_answer : sent_away;
    }
}
