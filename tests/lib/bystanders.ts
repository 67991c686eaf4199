// SPDX-License-Identifier: LGPL-2.1-or-later
/** Two people who chat in a room of their own while something bad happens elsewhere, and notice when they are disturbed. */
import assert from 'node:assert/strict'
import { after, before } from 'node:test'
import { setInterval } from 'node:timers/promises'
import { Client, type RoomConnection } from './client.ts'
import type { Daemon, DaemonOptions } from './daemon.ts'
import { withDaemon } from './stores.ts'

/** Longer than any message may take on a busy machine, shorter than anything a person would call a break. */
const patience = 2_000
const pause = 1_000

export class Bystanders {
  private readonly seats: [RoomConnection, RoomConnection]
  private readonly ended = new AbortController()
  private turn = 0
  private trouble: unknown
  private last: Promise<unknown> = Promise.resolve()

  private constructor(seats: [RoomConnection, RoomConnection]) {
    this.seats = seats
    void this.keepTalking()
  }

  static async start(daemon: Daemon) {
    const host = await Client.register(daemon)
    const { id } = await host.createRoom({ title: 'Bystanders' })
    return new Bystanders([await host.join(id), await (await Client.guest(daemon)).join(id)])
  }

  /** That one can still speak and the other hears. */
  async chat() {
    assert.ifError(this.trouble)
    const round = this.last.then(() => this.speak())
    this.last = round.catch(() => {})
    await round
  }

  async stop() {
    this.ended.abort()
    await this.chat()
    await Promise.all(this.seats.map((seat) => seat.leave()))
  }

  private async speak() {
    const text = `turn ${++this.turn}`
    const [speaker, listener] = this.turn % 2 ? this.seats : [this.seats[1], this.seats[0]]
    speaker.send({ type: 'chat-message', text })
    await listener.next('chat-message', ({ message }) => message.text === text, patience)
  }

  private async keepTalking() {
    try {
      for await (const _ of setInterval(pause, undefined, { signal: this.ended.signal, ref: false })) await this.chat()
    } catch (error) {
      if (!this.ended.signal.aborted) this.trouble = error
    }
  }
}

/** A daemon with bystanders beside all tests of a describe; call `chat` at the end of each. */
export function withBystanders(options: DaemonOptions) {
  let bystanders: Bystanders
  /* Before the daemon's own: hooks run in the order they are given. */
  after(() => bystanders?.stop())
  const daemon = withDaemon(options)
  before(async () => void (bystanders = await Bystanders.start(daemon())))
  return { daemon, chat: () => bystanders.chat() }
}
