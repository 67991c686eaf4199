/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GrChain: one pipeline of one output: text of pipelines/, fed by a consumer of a fan-out. It is started and stopped on
 * threads of its own, so that a blocked disk or peer blocks nobody. Owned by its output. Main thread. */
#pragma once

#include "base/main-call.h"
#include "media/program/fanout.h"

G_BEGIN_DECLS

typedef struct _GrChain GrChain;

/* @error: NULL when all that was queued has passed; @debug: GStreamer's own words, may be NULL. Once. Main thread. */
typedef void (*GrChainFunc) (GrChain *chain, const GError *error, const char *debug, gpointer user_data);

typedef struct
{
  const char *name;           /* of the text */
  const char *pipelines;      /* the operator's directory, or NULL */
  GrFanout *fanout;           /* or NULL, for a chain with a source of its own */
  const char *const *entries; /* for each stream of the fan-out the element that takes it, or NULL */
  GrFanoutOptions options;    /* its streams are those with an entry */
} GrChainPlan;

/* In NULL state; nothing is queued before gr_chain_play(). As gr_launch_make() fails. */
GrChain *gr_chain_new (const GrChainPlan *plan, GrChainFunc over, gpointer user_data, GError **error);

/* (transfer full): an element that the text names; NULL if there is none. */
GstElement *gr_chain_get (GrChain *chain, const char *name);

/* (transfer full): in the language of Graphviz, without the elements' properties, which may tell addresses and keys;
 * NULL of a @chain that is NULL. */
char *gr_chain_draw (GrChain *chain);

/* Joins the fan-out, from its next keyframe on. */
void gr_chain_play (GrChain *chain);

/* Nothing more is queued. */
void gr_chain_end (GrChain *chain);

/* Of its consumer; zeros before gr_chain_play(). */
void gr_chain_get_stats (GrChain *chain, GrFanoutStats *stats);

/* Stops at once and frees @chain; no callback comes any more but @done (or NULL), on the main thread, once its files
 * and connections are closed. */
void gr_chain_stop (GrChain *chain, GrMainFunc done, gpointer data);

G_END_DECLS
