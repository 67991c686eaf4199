/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plugins/hubtransport/batch.h"

#include <errno.h>
#include <netinet/udp.h>
#include <string.h>
#include <sys/uio.h>

#define MAX_PACKETS 256
/* The kernel's UDP_MAX_SEGMENTS, and less than the largest datagram. */
#define MAX_SEGMENTS 64
#define MAX_RUN_BYTES 60000

typedef struct
{
  guint8 *start;
  guint16 length;
  GrAddress to;
} Packet;

struct _GrBatch
{
  int fd;
  gboolean segments; /* until the kernel or the device refuses */
  GrBatchCounters counters;

  guint n_packets;
  guint8 *free;
  Packet packets[MAX_PACKETS];

  struct mmsghdr messages[MAX_PACKETS];
  struct iovec spans[MAX_PACKETS];
  guint8 n_segments[MAX_PACKETS];
  union
  {
    struct cmsghdr header;
    char space[CMSG_SPACE (sizeof (guint16))];
  } controls[MAX_PACKETS];

  guint8 bytes[MAX_PACKETS * GR_BATCH_PACKET_BYTES];
};

/* How many packets from @first on can leave as one message: the same size, only the last may be shorter. */
static guint
run_length (GrBatch *batch, guint first, gsize *bytes)
{
  const Packet *head = &batch->packets[first];
  guint n = 1;

  *bytes = head->length;
  if (!batch->segments)
    return n;

  while (first + n < batch->n_packets && n < MAX_SEGMENTS)
    {
      const Packet *next = &batch->packets[first + n];

      if (next->start != head->start + *bytes || next->length > head->length || *bytes + next->length > MAX_RUN_BYTES
          || !gr_address_equal (&next->to, &head->to))
        break;
      *bytes += next->length;
      n++;
      if (next->length < head->length)
        break;
    }

  return n;
}

static void
ask_for_segments (struct msghdr *header, gpointer control, gsize control_length, guint16 size)
{
  struct cmsghdr *option;

  header->msg_control = control;
  header->msg_controllen = control_length;
  option = CMSG_FIRSTHDR (header);
  option->cmsg_level = SOL_UDP;
  option->cmsg_type = UDP_SEGMENT;
  option->cmsg_len = CMSG_LEN (sizeof size);
  memcpy (CMSG_DATA (option), &size, sizeof size);
}

static guint
build_messages (GrBatch *batch, guint first)
{
  guint n_messages = 0;

  while (first < batch->n_packets)
    {
      Packet *head = &batch->packets[first];
      struct msghdr *header = &batch->messages[n_messages].msg_hdr;
      gsize bytes;
      guint n = run_length (batch, first, &bytes);

      batch->spans[n_messages] = (struct iovec){ head->start, bytes };
      *header = (struct msghdr){
        .msg_name = &head->to.any,
        .msg_namelen = gr_address_length (&head->to),
        .msg_iov = &batch->spans[n_messages],
        .msg_iovlen = 1,
      };
      if (n > 1)
        ask_for_segments (header, &batch->controls[n_messages], sizeof batch->controls[n_messages], head->length);
      batch->n_segments[n_messages++] = n;
      first += n;
    }

  return n_messages;
}

static void
count_sent (GrBatch *batch, guint message)
{
  batch->counters.packets += batch->n_segments[message];
  batch->counters.bytes += batch->spans[message].iov_len;
  batch->counters.messages++;
}

/* Sends packets from @first on. Returns how many have left the batch, sent or given up. */
static guint
send_from (GrBatch *batch, guint first)
{
  guint n_messages = build_messages (batch, first);
  guint done = 0;
  guint gone = 0;

  while (done < n_messages)
    {
      int sent = sendmmsg (batch->fd, batch->messages + done, n_messages - done, MSG_NOSIGNAL);

      batch->counters.system_calls++;
      if (sent < 0 && errno == EINTR)
        continue;
      if (sent < 0 && batch->n_segments[done] > 1 && (errno == EIO || errno == EINVAL || errno == EMSGSIZE))
        {
          /* The device cannot segment, or its MTU is smaller than the packets: from now on packet by packet. */
          batch->segments = FALSE;
          return gone;
        }
      if (sent < 0 && errno == EAGAIN)
        {
          /* Waiting would delay everybody; what is lost here is repaired by NACK like any other loss. */
          batch->counters.dropped += batch->n_packets - first - gone;
          return batch->n_packets - first;
        }
      if (sent < 0)
        {
          batch->counters.dropped += batch->n_segments[done];
          gone += batch->n_segments[done++];
          continue;
        }

      for (int i = 0; i < sent; i++, done++)
        {
          count_sent (batch, done);
          gone += batch->n_segments[done];
        }
    }

  return gone;
}

GrBatch *
gr_batch_new (int fd)
{
  GrBatch *batch = g_new0 (GrBatch, 1);

  batch->fd = fd;
  batch->segments = TRUE;
  batch->free = batch->bytes;
  return batch;
}

void
gr_batch_free (GrBatch *batch)
{
  g_free (batch);
}

guint8 *
gr_batch_reserve (GrBatch *batch)
{
  if (batch->n_packets == MAX_PACKETS)
    gr_batch_flush (batch);

  return batch->free;
}

void
gr_batch_commit (GrBatch *batch, gsize length, const GrAddress *to)
{
  Packet *packet = &batch->packets[batch->n_packets++];

  packet->start = batch->free;
  packet->length = length;
  packet->to = *to;
  batch->free += length;
}

void
gr_batch_flush (GrBatch *batch)
{
  guint first = 0;

  while (first < batch->n_packets)
    first += send_from (batch, first);
  batch->n_packets = 0;
  batch->free = batch->bytes;
}

const GrBatchCounters *
gr_batch_get_counters (const GrBatch *batch)
{
  return &batch->counters;
}
