/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Network byte order, at any alignment. The caller has checked the bounds. Any thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

static inline guint16
gr_read_u16 (const guint8 *bytes)
{
  return bytes[0] << 8 | bytes[1];
}

static inline guint32
gr_read_u24 (const guint8 *bytes)
{
  return (guint32) bytes[0] << 16 | bytes[1] << 8 | bytes[2];
}

static inline guint32
gr_read_u32 (const guint8 *bytes)
{
  return (guint32) bytes[0] << 24 | gr_read_u24 (bytes + 1);
}

static inline guint64
gr_read_u64 (const guint8 *bytes)
{
  return (guint64) gr_read_u32 (bytes) << 32 | gr_read_u32 (bytes + 4);
}

static inline void
gr_write_u16 (guint8 *bytes, guint16 value)
{
  bytes[0] = value >> 8;
  bytes[1] = value;
}

static inline void
gr_write_u24 (guint8 *bytes, guint32 value)
{
  bytes[0] = value >> 16;
  gr_write_u16 (bytes + 1, value);
}

static inline void
gr_write_u32 (guint8 *bytes, guint32 value)
{
  bytes[0] = value >> 24;
  gr_write_u24 (bytes + 1, value);
}

static inline void
gr_write_u64 (guint8 *bytes, guint64 value)
{
  gr_write_u32 (bytes, value >> 32);
  gr_write_u32 (bytes + 4, value);
}

G_END_DECLS
