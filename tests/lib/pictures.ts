// SPDX-License-Identifier: LGPL-2.1-or-later
/** Pictures for tests, made here byte by byte, and their upload. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { crc32, deflateSync } from 'node:zlib'
import type { ErrorDetail, UploadedPicture } from '../../src/web/protocol/contract.ts'
import type { Answer, Client } from './client.ts'

const seeds = join(import.meta.dirname, '../fuzz/seeds/picture')

function chunk(name: string, content: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), content])
  const bytes = Buffer.alloc(body.length + 8)
  bytes.writeUInt32BE(content.length, 0)
  body.copy(bytes, 4)
  bytes.writeUInt32BE(crc32(body), body.length + 4)
  return bytes
}

/** A PNG (W3C) of 8 bits a channel; @pixels are its rows, each after a filter byte of 0, or grey without. */
export function png(width: number, height: number, { alpha = false, pixels }: { alpha?: boolean; pixels?: Uint8Array } = {}): Buffer {
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width, 0)
  head.writeUInt32BE(height, 4)
  head.set([8, alpha ? 6 : 2, 0, 0, 0], 8)
  const rows = pixels ?? Buffer.alloc((width * (alpha ? 4 : 3) + 1) * height)
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', head),
    chunk('IDAT', deflateSync(rows, { level: 1 })),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

/** A few kilobytes that say they are a picture of @width × @height. */
export const bomb = (width: number, height: number) => png(width, height, { pixels: Buffer.alloc(1_000_000) })

/** EXIF (CIPA DC-008) as a phone writes it: turned by a quarter, and taken at 50° 27′ N. */
function exif(): Buffer {
  const tiff = Buffer.alloc(100)
  tiff.write('MM\0*', 'latin1')
  tiff.writeUInt32BE(8, 4)
  tiff.writeUInt16BE(2, 8)
  const entry = (at: number, tag: number, type: number, count: number, value: number) => {
    tiff.writeUInt16BE(tag, at)
    tiff.writeUInt16BE(type, at + 2)
    tiff.writeUInt32BE(count, at + 4)
    if (type === 3) tiff.writeUInt16BE(value, at + 8)
    else tiff.writeUInt32BE(value, at + 8)
  }
  entry(10, 0x0112, 3, 1, 6)
  entry(22, 0x8825, 4, 1, 38)
  tiff.writeUInt16BE(2, 38)
  tiff.write('\0\x01\0\x02\0\0\0\x02N\0\0\0', 40, 'latin1')
  entry(52, 2, 5, 3, 70)
  for (const [index, value] of [50, 1, 27, 1, 0, 1].entries()) tiff.writeUInt32BE(value, 70 + 4 * index)
  return Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), tiff])
}

/** 32 × 24, with EXIF. */
export function photo(): Buffer {
  const plain = readFileSync(join(seeds, 'baseline-jpeg'))
  const segment = exif()
  const head = Buffer.from([0xff, 0xe1, 0, 0])
  head.writeUInt16BE(segment.length + 2, 2)
  return Buffer.concat([plain.subarray(0, 2), head, segment, plain.subarray(2)])
}

/** 16 × 12, lossless. */
export const webp = () => readFileSync(join(seeds, 'webp-whole'))

export const form = (file: Uint8Array, type = 'image/png', field = 'file') => {
  const data = new FormData()
  data.append(field, new Blob([file as BlobPart], { type }), 'holiday.png')
  return data
}

/** Uploads as a page does, whatever the answer. */
export async function upload(client: Client, body: FormData | Uint8Array, headers: Record<string, string> = {}): Promise<Answer<UploadedPicture & { error?: ErrorDetail }>> {
  const response = await fetch(`${client.server.url}/api/upload`, {
    method: 'POST',
    headers: { ...(client.token === null ? {} : { authorization: `Bearer ${client.token}` }), ...headers },
    body: body as BodyInit,
    signal: AbortSignal.timeout(60_000),
  })
  return { status: response.status, headers: response.headers, body: (await response.json()) as UploadedPicture & { error?: ErrorDetail } }
}
