/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Why a destination does not take a programme, told from what GIO and rtmp2sink say. What an RTMP server means by
 * closing at once it does not say: perhaps the key. Any thread. */
#pragma once

#include "media/program/outbound.h"

G_BEGIN_DECLS

typedef struct
{
  const char *word;    /* of the contract: "dns", "private", "refused", "tls", "key", "timeout", "lost", "internal" */
  const char *message; /* for people; no address, no key */
  gboolean final;      /* trying again would change nothing */
} GrRefusal;

extern const char gr_refusal_key[]; /* "key" */
extern const GrRefusal gr_refusal_no_answer;
extern const GrRefusal gr_refusal_stalled;

/* @agreed: the server had agreed to be published to. */
GrRefusal gr_refusal_explain (const GError *error, const char *debug, const GrOutboundFacts *facts, gboolean agreed);

G_END_DECLS
