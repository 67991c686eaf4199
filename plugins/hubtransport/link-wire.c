/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plugins/hubtransport/link-wire.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>

#define BUFFER_BYTES (4 * 1024 * 1024)

static const GrLinkFormat formats[] = {
  { GR_LINK_OPUS, "OPUS", 48000, FALSE },
  { GR_LINK_VP8, "VP8", 90000, TRUE },
  { GR_LINK_VP9, "VP9", 90000, TRUE },
  { GR_LINK_VP9_10BIT, "VP9", 90000, TRUE },
  { GR_LINK_AV1, "AV1", 90000, TRUE },
  { GR_LINK_H264, "H264", 90000, TRUE },
  { GR_LINK_H264_SINGLE_NAL, "H264", 90000, TRUE },
  { GR_LINK_H264_MAIN, "H264", 90000, TRUE },
  { GR_LINK_H264_HIGH, "H264", 90000, TRUE },
};

struct _GrLinkWriter
{
  guint n_messages; /* those before the last one are full */
  guint n_packets;  /* in the last one */
  gsize lengths[GR_LINK_BURST];
  guint packets[GR_LINK_BURST];
  GrLinkCounters counters;
  struct mmsghdr messages[GR_LINK_BURST];
  struct iovec spans[GR_LINK_BURST];
  guint8 bytes[GR_LINK_BURST][GR_LINK_MESSAGE_BYTES];
};

struct _GrLinkReader
{
  struct mmsghdr messages[GR_LINK_RECEIVED];
  struct iovec spans[GR_LINK_RECEIVED];
  guint8 bytes[GR_LINK_RECEIVED][GR_LINK_MESSAGE_BYTES];
};

const GrLinkFormat *
gr_link_format (guint8 payload_type, gboolean *retransmission)
{
  guint8 even = payload_type & ~1;

  *retransmission = payload_type & 1;
  for (guint i = 0; i < G_N_ELEMENTS (formats); i++)
    if (formats[i].payload_type == even)
      return &formats[i];

  return NULL;
}

guint8 *
gr_link_next (guint8 *message, gsize length, gsize *at, gsize *packet_length)
{
  guint8 *packet = message + *at + GR_LINK_LENGTH_BYTES;

  if (length - *at < GR_LINK_LENGTH_BYTES)
    return NULL;

  *packet_length = gr_read_u16 (message + *at);
  if (*packet_length == 0 || *packet_length > length - *at - GR_LINK_LENGTH_BYTES)
    return NULL;

  *at += GR_LINK_LENGTH_BYTES + *packet_length;
  return packet;
}

GrLinkWriter *
gr_link_writer_new (void)
{
  GrLinkWriter *writer = g_new (GrLinkWriter, 1);

  /* Not the bytes: a link that is never busy costs no memory for bursts. */
  memset (writer, 0, G_STRUCT_OFFSET (GrLinkWriter, bytes));
  writer->n_messages = 1;
  return writer;
}

void
gr_link_writer_free (GrLinkWriter *writer)
{
  g_free (writer);
}

guint8 *
gr_link_writer_reserve (GrLinkWriter *writer, gsize size)
{
  guint last = writer->n_messages - 1;

  g_return_val_if_fail (size <= GR_LINK_MESSAGE_BYTES - GR_LINK_LENGTH_BYTES, NULL);

  if (writer->packets[last] == GR_LINK_MAX_PACKETS
      || writer->lengths[last] + GR_LINK_LENGTH_BYTES + size > GR_LINK_MESSAGE_BYTES)
    {
      if (writer->n_messages == GR_LINK_BURST)
        return NULL;

      last = writer->n_messages++;
      writer->lengths[last] = writer->packets[last] = 0;
    }

  return writer->bytes[last] + writer->lengths[last] + GR_LINK_LENGTH_BYTES;
}

void
gr_link_writer_commit (GrLinkWriter *writer, gsize length)
{
  guint last = writer->n_messages - 1;

  gr_write_u16 (writer->bytes[last] + writer->lengths[last], length);
  writer->lengths[last] += GR_LINK_LENGTH_BYTES + length;
  writer->packets[last]++;
}

static void
count_dropped (GrLinkWriter *writer, guint first, guint n_messages)
{
  for (guint i = first; i < n_messages; i++)
    writer->counters.dropped += writer->packets[i];
}

static void
count_sent (GrLinkWriter *writer, guint message)
{
  writer->counters.packets += writer->packets[message];
  writer->counters.bytes += writer->lengths[message];
  writer->counters.messages++;
}

gboolean
gr_link_writer_send (GrLinkWriter *writer, int fd)
{
  guint n_messages = writer->packets[writer->n_messages - 1] > 0 ? writer->n_messages : writer->n_messages - 1;
  guint done = 0;
  gboolean open = TRUE;

  for (guint i = 0; i < n_messages; i++)
    {
      writer->spans[i] = (struct iovec){ writer->bytes[i], writer->lengths[i] };
      writer->messages[i].msg_hdr = (struct msghdr){ .msg_iov = &writer->spans[i], .msg_iovlen = 1 };
    }

  while (done < n_messages)
    {
      int sent = sendmmsg (fd, writer->messages + done, n_messages - done, MSG_DONTWAIT | MSG_NOSIGNAL);

      writer->counters.system_calls++;
      if (sent < 0 && errno == EINTR)
        continue;
      if (sent < 0)
        {
          /* A reader that is slower than this asks again for what it misses. */
          open = errno == EAGAIN || errno == ENOBUFS || errno == ENOMEM;
          count_dropped (writer, done, n_messages);
          break;
        }
      for (int i = 0; i < sent; i++)
        count_sent (writer, done++);
    }

  writer->n_messages = 1;
  writer->lengths[0] = writer->packets[0] = 0;
  return open;
}

const GrLinkCounters *
gr_link_writer_get_counters (const GrLinkWriter *writer)
{
  return &writer->counters;
}

GrLinkReader *
gr_link_reader_new (void)
{
  return g_new0 (GrLinkReader, 1);
}

void
gr_link_reader_free (GrLinkReader *reader)
{
  g_free (reader);
}

int
gr_link_reader_receive (GrLinkReader *reader, int fd)
{
  int n;

  for (guint i = 0; i < GR_LINK_RECEIVED; i++)
    {
      reader->spans[i] = (struct iovec){ reader->bytes[i], GR_LINK_MESSAGE_BYTES };
      reader->messages[i].msg_hdr = (struct msghdr){ .msg_iov = &reader->spans[i], .msg_iovlen = 1 };
    }

  do
    n = recvmmsg (fd, reader->messages, GR_LINK_RECEIVED, MSG_DONTWAIT, NULL);
  while (n < 0 && errno == EINTR);

  if (n < 0)
    return errno == EAGAIN ? 0 : -1;
  /* The end of a SOCK_SEQPACKET reads as a message of no length; what came before it counts. */
  for (int i = 0; i < n; i++)
    if (reader->messages[i].msg_len == 0)
      return i > 0 ? i : -1;

  return n;
}

guint8 *
gr_link_reader_message (GrLinkReader *reader, int at, gsize *length)
{
  *length = reader->messages[at].msg_len;
  return reader->bytes[at];
}

guint
gr_link_prepare_socket (int fd)
{
  int wanted = BUFFER_BYTES;
  int given = 0;
  socklen_t length = sizeof given;

  setsockopt (fd, SOL_SOCKET, SO_SNDBUF, &wanted, sizeof wanted);
  setsockopt (fd, SOL_SOCKET, SO_RCVBUF, &wanted, sizeof wanted);
  fcntl (fd, F_SETFL, fcntl (fd, F_GETFL) | O_NONBLOCK);
  getsockopt (fd, SOL_SOCKET, SO_SNDBUF, &given, &length);
  /* The kernel doubles what it is asked for, for its own bookkeeping. */
  return given / 2;
}
