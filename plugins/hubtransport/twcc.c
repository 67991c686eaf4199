/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plugins/hubtransport/twcc.h"

#include "plugins/hubtransport/bytes.h"

#define HEADER_BYTES 20
#define CHUNK_BYTES 2
#define VECTOR_BIT 0x8000
#define TWO_BIT_SYMBOLS 0x4000
#define RUN_SYMBOL(chunk) ((chunk) >> 13 & 3)
#define RUN_LENGTH(chunk) ((chunk) &0x1fff)
#define VECTOR_BITS 14
#define REFERENCE_TICKS 256 /* the reference time is in 64 ms, deltas in 250 µs */
#define TICK_USEC 250

typedef enum
{
  NOT_RECEIVED,
  SMALL_DELTA,
  LARGE_DELTA,
  RESERVED
} Symbol;

static void
begin_chunk (GrTwccReader *reader, guint16 chunk)
{
  if ((chunk & VECTOR_BIT) == 0)
    {
      reader->symbol_bits = 0;
      reader->symbols = RUN_SYMBOL (chunk);
      reader->n_symbols = RUN_LENGTH (chunk);
      return;
    }

  reader->symbol_bits = (chunk & TWO_BIT_SYMBOLS) != 0 ? 2 : 1;
  reader->symbols = chunk << (16 - VECTOR_BITS);
  reader->n_symbols = VECTOR_BITS / reader->symbol_bits;
}

static Symbol
take_symbol (GrTwccReader *reader)
{
  Symbol symbol = reader->symbols;

  reader->n_symbols--;
  if (reader->symbol_bits > 0)
    {
      symbol = reader->symbols >> (16 - reader->symbol_bits);
      reader->symbols <<= reader->symbol_bits;
    }

  return symbol;
}

/* Where the deltas begin: behind the chunks for all packets. Returns 0 if they are cut off. */
static gsize
find_deltas (const GrTwccReader *reader)
{
  GrTwccReader scan = *reader;

  while (scan.left > 0)
    {
      if (scan.length - scan.chunk < CHUNK_BYTES)
        return 0;
      begin_chunk (&scan, gr_read_u16 (scan.bytes + scan.chunk));
      scan.chunk += CHUNK_BYTES;
      scan.left -= MIN (scan.left, scan.n_symbols);
    }

  return scan.chunk;
}

gboolean
gr_twcc_reader_init (GrTwccReader *reader, const GrRtcpPacket *packet)
{
  guint32 media;

  if (!gr_rtcp_is_feedback (packet, GR_RTCP_TRANSPORT_FEEDBACK, GR_RTCP_TWCC, &media) || packet->length < HEADER_BYTES)
    return FALSE;

  *reader = (GrTwccReader){
    .bytes = packet->bytes,
    .chunk = HEADER_BYTES,
    .length = packet->length,
    .sequence = gr_read_u16 (packet->bytes + 12),
    .left = gr_read_u16 (packet->bytes + 14),
    .time = (gint64) gr_read_u24 (packet->bytes + 16) * REFERENCE_TICKS,
    .feedback = packet->bytes[19],
  };
  if (reader->left > GR_TWCC_MAX_PACKETS)
    return FALSE;

  reader->delta = find_deltas (reader);
  return reader->delta != 0;
}

gboolean
gr_twcc_reader_next (GrTwccReader *reader, GrTwccStatus *status)
{
  gsize delta_bytes;
  Symbol symbol;

  if (reader->left == 0 || reader->malformed)
    return FALSE;

  /* A run of no packets is legal, and passed over; gr_twcc_reader_init() saw that the chunks suffice. */
  while (reader->n_symbols == 0)
    {
      begin_chunk (reader, gr_read_u16 (reader->bytes + reader->chunk));
      reader->chunk += CHUNK_BYTES;
    }

  symbol = take_symbol (reader);
  delta_bytes = symbol == SMALL_DELTA ? 1 : symbol == LARGE_DELTA ? 2 : 0;
  reader->malformed = symbol == RESERVED || reader->length - reader->delta < delta_bytes;
  if (reader->malformed)
    return FALSE;

  if (symbol == SMALL_DELTA)
    reader->time += reader->bytes[reader->delta];
  else if (symbol == LARGE_DELTA)
    reader->time += (gint16) gr_read_u16 (reader->bytes + reader->delta);
  reader->delta += delta_bytes;
  *status = (GrTwccStatus){ reader->sequence, symbol != NOT_RECEIVED, reader->time * TICK_USEC };
  reader->sequence++;
  reader->left--;
  return TRUE;
}
