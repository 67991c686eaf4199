/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GrBatch: the packets that one turn of the hub thread sends through one socket. They are written where they are sent
 * from, and leave in few system calls: sendmmsg, with runs of packets of one size to one peer as one message
 * (UDP_SEGMENT, which pays for video; a lone voice packet goes as it is). Owned by GrSocket. Hub thread. */
#pragma once

#include "plugins/hubtransport/address.h"

G_BEGIN_DECLS

/* The longest packet that is forwarded, with its SRTP trailer. */
#define GR_BATCH_PACKET_BYTES 1536

typedef struct
{
  guint64 packets;
  guint64 bytes;
  guint64 messages; /* what the kernel was given: less than packets where runs were joined */
  guint64 system_calls;
  guint64 dropped; /* the socket's buffer was full, or the network said no */
} GrBatchCounters;

typedef struct _GrBatch GrBatch;

GrBatch *gr_batch_new (int fd);
void gr_batch_free (GrBatch *batch);

/* GR_BATCH_PACKET_BYTES to write the next packet into. Sends what is there when the batch is full. */
guint8 *gr_batch_reserve (GrBatch *batch);
/* Queues the first @length bytes of what was reserved. */
void gr_batch_commit (GrBatch *batch, gsize length, const GrAddress *to);
void gr_batch_flush (GrBatch *batch);

const GrBatchCounters *gr_batch_get_counters (const GrBatch *batch);

G_END_DECLS
