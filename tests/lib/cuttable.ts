// SPDX-License-Identifier: LGPL-2.1-or-later
/** A WebSocket whose connection can be cut, as a lost network does: no close frame, no farewell. */
import { RawSocket, frame } from './raw.ts'

const TEXT = 1
const CLOSE = 8
const PING = 9
const PONG = 10

export class CuttableSocket extends EventTarget {
  private readonly raw: RawSocket

  private constructor(raw: RawSocket) {
    super()
    this.raw = raw
    void this.read()
  }

  static open = async (port: number) => new CuttableSocket(await RawSocket.upgraded(port))

  send = (text: string) => void this.raw.send(frame(text))
  cut = () => this.raw.destroy()

  /** As a page that goes away: status 1001. */
  close = () => void this.raw.send(frame(Buffer.from([0x03, 0xe9]), { opcode: CLOSE }))

  private async read() {
    let end = { code: 1006, reason: '' }
    for await (const { opcode, payload } of this.raw.frames()) {
      if (opcode === TEXT) this.dispatchEvent(new MessageEvent('message', { data: payload.toString('utf8') }))
      if (opcode === PING) this.raw.send(frame(payload, { opcode: PONG }))
      if (opcode !== CLOSE) continue
      if (payload.length >= 2) end = { code: payload.readUInt16BE(0), reason: payload.toString('utf8', 2) }
      this.raw.send(frame(payload, { opcode: CLOSE }))
    }
    this.dispatchEvent(Object.assign(new Event('close'), end))
  }
}
