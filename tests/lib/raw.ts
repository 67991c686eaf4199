// SPDX-License-Identifier: LGPL-2.1-or-later
/** A bare TCP connection, for what no HTTP library would send: half a header, half a frame, nothing at all. */
import { randomBytes } from 'node:crypto'
import { connect, type Socket } from 'node:net'
import { within } from './deadline.ts'

export class RawSocket {
  received = Buffer.alloc(0)
  closed = false

  private readonly socket: Socket
  private readonly end: Promise<void>
  private wake: () => void = () => {}

  private constructor(socket: Socket) {
    this.socket = socket
    socket.on('data', (chunk) => {
      this.received = Buffer.concat([this.received, chunk])
      this.wake()
    })
    /* A reset is one of the ways a server closes. */
    socket.on('error', () => {})
    this.end = new Promise((resolve) =>
      socket.on('close', () => {
        this.closed = true
        this.wake()
        resolve()
      }),
    )
  }

  /** @localAddress: from which loopback address to come. */
  static open(port: number, host = '127.0.0.1', localAddress?: string): Promise<RawSocket> {
    return within(
      5_000,
      'a TCP connection',
      new Promise((resolve, reject) => {
        const socket = connect({ port, host, noDelay: true, ...(localAddress === undefined ? {} : { localAddress }) })
        socket.once('error', reject)
        socket.once('connect', () => resolve(new RawSocket(socket)))
      }),
    )
  }

  /** A WebSocket past its handshake; frames are the test's own business. */
  static async upgraded(port: number, path = '/ws', headers: Record<string, string> = {}): Promise<RawSocket> {
    const raw = await RawSocket.open(port)
    const extra = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
    raw.send(
      `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
        `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\n${extra.join('')}\r\n`,
    )
    const head = await raw.until('\r\n\r\n')
    if (!head.startsWith('HTTP/1.1 101')) throw new Error(`no upgrade: ${head.split('\r\n')[0]}`)
    return raw
  }

  send(data: string | Uint8Array): boolean {
    return this.closed ? false : this.socket.write(data)
  }

  /** Stops and starts reading: a peer that stalls. */
  stall = () => void this.socket.pause()
  unstall = () => void this.socket.resume()

  /** What came up to and with @mark; it is taken out of `received`. */
  until(mark: string, milliseconds = 5_000): Promise<string> {
    const look = async () => {
      for (;;) {
        const at = this.received.indexOf(mark)
        if (at >= 0) {
          const found = this.received.subarray(0, at + mark.length)
          this.received = this.received.subarray(at + mark.length)
          return found.toString('utf8')
        }
        if (this.closed) throw new Error(`closed before ${JSON.stringify(mark)}; got ${this.received.toString('utf8')}`)
        await new Promise<void>((resolve) => (this.wake = resolve))
      }
    }
    return within(milliseconds, `${JSON.stringify(mark)} on the raw socket`, look())
  }

  /** Resolves with everything received when the server has closed. */
  async untilClosed(milliseconds = 15_000): Promise<string> {
    await within(milliseconds, 'the server closes the raw socket', this.end)
    return this.received.toString('utf8')
  }

  /** The next whole WebSocket frame; `received` is used up by it. Undefined when the server has closed. */
  frame = (milliseconds = 5_000) => within(milliseconds, 'a frame on the raw socket', this.nextFrame())

  /** Frame after frame until the server closes, however long that takes. */
  async *frames() {
    for (let frame = await this.nextFrame(); frame; frame = await this.nextFrame()) yield frame
  }

  /** Cuts the connection: the server hears of it from TCP alone. */
  destroy = () => void this.socket.destroy()

  private async nextFrame(): Promise<Frame | undefined> {
    const frame = takeFrame(this.received)
    if (frame) {
      this.received = this.received.subarray(frame.size)
      return frame
    }
    if (this.closed) return undefined
    await new Promise<void>((resolve) => (this.wake = resolve))
    return this.nextFrame()
  }
}

export interface Frame {
  opcode: number
  payload: Buffer
  size: number
}

/** The frame at the head of @bytes, if it is whole. Servers mask nothing. */
function takeFrame(bytes: Buffer): Frame | undefined {
  const [first, second] = bytes
  if (first === undefined || second === undefined) return undefined
  const head = second < 126 ? 2 : second === 126 ? 4 : 10
  if (bytes.length < head) return undefined
  const length = head === 2 ? second : head === 4 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2))
  if (bytes.length < head + length) return undefined
  return { opcode: first & 15, payload: bytes.subarray(head, head + length), size: head + length }
}

/** One WebSocket frame as a client sends it, masked (RFC 6455 §5.2). */
export function frame(payload: string | Uint8Array, options: { opcode?: number; fin?: boolean; mask?: boolean } = {}): Buffer {
  const { opcode = 1, fin = true, mask = true } = options
  const body = Buffer.from(payload as Uint8Array)
  const length = body.length
  const size = length < 126 ? Buffer.from([length]) : Buffer.alloc(length < 65_536 ? 3 : 9)
  if (size.length === 3) size.writeUInt16BE(length, 1)
  if (size.length === 9) size.writeBigUInt64BE(BigInt(length), 1)
  if (size.length > 1) size[0] = size.length === 3 ? 126 : 127
  if (mask) size[0] = (size[0] ?? 0) | 0x80
  const key = mask ? randomBytes(4) : Buffer.alloc(0)
  const masked = mask ? body.map((byte, index) => byte ^ (key[index & 3] ?? 0)) : body
  return Buffer.concat([Buffer.from([(fin ? 0x80 : 0) | opcode]), size, key, masked])
}
