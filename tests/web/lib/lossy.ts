// SPDX-License-Identifier: LGPL-2.1-or-later
/** A bad network between browsers and the hub: a relay at another address of the same port, which loses datagrams of every kind
 * on their way in and out, and can forget the ways that there are. */
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram'
import { once } from 'node:events'

export class LossyNetwork {
  /** Of every hundred datagrams, each way. */
  readonly percent: number
  passed = 0
  lost = 0
  private readonly front: Socket
  private readonly hub: { address: string; port: number }
  /** The relay's own socket towards the hub for each place that datagrams come from. */
  private readonly backs = new Map<string, Socket>()
  private readonly dead = new Set<string>()
  private state = 1

  private constructor(front: Socket, hub: { address: string; port: number }, percent: number) {
    this.front = front
    this.hub = hub
    this.percent = percent
    front.on('message', (datagram, from) => this.forward(datagram, from))
  }

  static async open(address: string, hub: { address: string; port: number }, percent: number): Promise<LossyNetwork> {
    const front = createSocket({ type: 'udp4', recvBufferSize: 1 << 20 }).bind(hub.port, address)
    await once(front, 'listening')
    return new LossyNetwork(front, hub, percent)
  }

  close() {
    for (const socket of [this.front, ...this.backs.values()]) socket.close()
  }

  /** Nothing passes any more between the hub and those places that were heard of so far, as when a router starts anew or a
   * telephone leaves the house. Others are as welcome as before. */
  forget() {
    for (const key of this.backs.keys()) this.dead.add(key)
  }

  /** The same losses in every run, as far as datagrams come in the same order. */
  private loses(): boolean {
    this.state = (Math.imul(this.state, 1664525) + 1013904223) >>> 0
    const lost = this.state / 2 ** 32 < this.percent / 100
    if (lost) this.lost++
    else this.passed++
    return lost
  }

  private forward(datagram: Buffer, from: RemoteInfo) {
    const key = `${from.address}:${from.port}`
    if (this.dead.has(key) || this.loses()) return
    let back = this.backs.get(key)
    if (back === undefined) {
      back = createSocket({ type: 'udp4', recvBufferSize: 1 << 20 })
      back.on('message', (answer) => void (this.dead.has(key) || this.loses() || this.front.send(answer, from.port, from.address)))
      this.backs.set(key, back)
    }
    back.send(datagram, this.hub.port, this.hub.address)
  }
}
