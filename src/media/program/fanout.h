/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GrFanout: encoded streams that belong together (the programme's H.264, AAC and Opus; or one track of a participant),
 * and any number of consumers of them, each with a pipeline of its own. Nothing that a consumer does or does not do is
 * felt by the encoders or by another consumer: its queue is bounded, and what does not fit is dropped up to the next
 * keyframe, and counted.
 *
 * A consumer begins with a keyframe, once all its streams run. The others begin with what is to be heard from there on.
 * Referenced by the show and by its consumers; encoders push on their threads, consumers come and go on any.
 *
 *   GrFanoutConsumer *consumer = gr_fanout_join (fanout, &(GrFanoutOptions){ .streams = 1 << GR_FANOUT_VIDEO | … });
 *   GstElement *source = gr_fanout_consumer_get_source (consumer, GR_FANOUT_VIDEO);   an appsrc, for its own pipeline
 *   …
 *   gr_fanout_consumer_end (consumer);     EOS after what is queued
 *   gr_fanout_consumer_leave (consumer);
 */
#pragma once

#include <gst/app/app.h>
#include <gst/gst.h>

G_BEGIN_DECLS

/* The programme's streams. A participant's track is a fan-out with stream 0 alone. */
enum
{
  GR_FANOUT_VIDEO, /* video/x-h264, stream-format=avc, alignment=au, without B-frames */
  GR_FANOUT_AAC,   /* audio/mpeg, mpegversion=4, stream-format=raw */
  GR_FANOUT_OPUS,  /* audio/x-opus */
  GR_FANOUT_PROGRAMME_STREAMS
};

#define GR_FANOUT_MAX_STREAMS 4
#define GR_FANOUT_NO_GATE G_MAXUINT

typedef struct _GrFanout GrFanout;
typedef struct _GrFanoutConsumer GrFanoutConsumer;

/* A keyframe is wanted: send a GstForceKeyUnit to the encoder, a PLI to the participant. Any thread, twice a second at
 * most. */
typedef void (*GrFanoutKeyframeFunc) (gpointer user_data);

/* @gate: the stream whose keyframes let consumers begin, GR_FANOUT_NO_GATE if there is none. */
GrFanout *gr_fanout_new (guint n_streams, guint gate, GrFanoutKeyframeFunc want_keyframe, gpointer user_data);
GrFanout *gr_fanout_ref (GrFanout *fanout);
void gr_fanout_unref (GrFanout *fanout);

/* Once whoever makes keyframes is there. */
void gr_fanout_set_want_keyframe (GrFanout *fanout, GrFanoutKeyframeFunc want_keyframe, gpointer user_data);

/* @want_keyframe is not called any more once this returned. */
void gr_fanout_close (GrFanout *fanout);

/* What an encoder's pad gives; @delay is how much later its sound is than its times say, and is taken off. The times
 * that consumers see are running times of the encoder's pipeline. Streaming threads. */
void gr_fanout_set_caps (GrFanout *fanout, guint stream, GstCaps *caps);
void gr_fanout_push (GrFanout *fanout, guint stream, GstBuffer *buffer, const GstSegment *segment, GstClockTime delay);

/* Returns (transfer floating): an appsink that does both, to end an encoder's chain with. Keeps a reference. */
GstElement *gr_fanout_make_sink (GrFanout *fanout, guint stream, GstClockTime delay);

/* NULL before the encoder said. */
GstCaps *gr_fanout_get_caps (GrFanout *fanout, guint stream);

void gr_fanout_want_keyframe (GrFanout *fanout);

typedef struct
{
  guint streams;         /* bits 1 << stream */
  GstClockTime max_time; /* of each queue; 0: 2 s */
  guint64 max_bytes;     /* 0: 8 MiB */
  gboolean rebase;       /* times begin at 0 with the first keyframe, as a file or a connection likes them */
} GrFanoutOptions;

/* Begins with the next keyframe, which is asked for. */
GrFanoutConsumer *gr_fanout_join (GrFanout *fanout, const GrFanoutOptions *options);

/* (transfer none): its appsrc for @stream, live, in GST_FORMAT_TIME. Add it to a pipeline; it never blocks the
 * encoders. */
GstElement *gr_fanout_consumer_get_source (GrFanoutConsumer *consumer, guint stream);

/* Nothing more is queued; EOS follows what is. */
void gr_fanout_consumer_end (GrFanoutConsumer *consumer);

/* Goes, and frees @consumer; its sources may live on in its pipeline. */
void gr_fanout_consumer_leave (GrFanoutConsumer *consumer);

typedef struct
{
  gboolean begun;
  GstClockTime base; /* running time of the fan-out's pipeline that the consumer's time 0 is, when it rebases */
  GstClockTime last; /* of the newest buffer, in its own times; GST_CLOCK_TIME_NONE before */
  guint64 buffers;   /* that were queued */
  guint64 bytes;
  guint64 dropped;      /* that did not fit, and what had to go with them */
  GstClockTime queued;  /* the longest of its queues */
  guint64 queued_bytes; /* all of them */
} GrFanoutStats;

void gr_fanout_consumer_get_stats (GrFanoutConsumer *consumer, GrFanoutStats *stats);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GrFanout, gr_fanout_unref)

G_END_DECLS
