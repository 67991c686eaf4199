// SPDX-License-Identifier: LGPL-2.1-or-later
/** Many people come and go; what they took they give back. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { Client } from '../lib/client.ts'
import type { Daemon } from '../lib/daemon.ts'
import { eventually } from '../lib/deadline.ts'
import { Postgres } from '../lib/postgres.ts'
import { RawSocket, frame } from '../lib/raw.ts'
import { withDaemon } from '../lib/stores.ts'

const cycles = process.env.GREENROOM_TEST_LONG ? 1000 : 200
const warmUp = 100

/** One way to come and go; the last step has been noticed by the daemon when it returns. */
type Cycle = (daemon: Daemon, room: string, serial: number, host: Client) => Promise<void>

async function join(daemon: Daemon, room: string, name: string) {
  const raw = await RawSocket.upgraded(daemon.port)
  raw.send(frame(JSON.stringify({ type: 'join', room, name })))
  await raw.until('"joined"')
  return raw
}

const cyclesOf: Record<string, Cycle> = {
  async 'say leave'(daemon, room, serial) {
    const raw = await join(daemon, room, `Leaves ${serial}`)
    raw.send(frame('{"type":"chat-message","text":"bye"}'))
    await raw.until('"bye"')
    raw.send(frame('{"type":"leave"}'))
    await raw.until('left')
    raw.send(frame(Buffer.from([0x03, 0xe8]), { opcode: 8 }))
    await raw.untilClosed()
  },
  async 'are lost'(daemon, room, serial) {
    const raw = await join(daemon, room, `Lost ${serial}`)
    raw.destroy()
  },
  async 'are lost while coming in'(daemon, room, serial) {
    const raw = await RawSocket.upgraded(daemon.port)
    raw.send(frame(JSON.stringify({ type: 'join', room, name: `Never in ${serial}` })))
    raw.destroy()
  },
  async 'come in by account and ask around'(_daemon, room, _serial, host) {
    const seat = await host.join(room)
    await host.call('GET', `/api/rooms/${room}/messages`)
    await host.call('GET', `/api/rooms/${room}/participants`)
    await seat.leave()
    await host.refresh()
  },
  async 'are refused'(daemon, _room, _serial, host) {
    const raw = await RawSocket.upgraded(daemon.port)
    raw.send(frame('{"type":"join","room":"no-such-room","name":"Nobody"}'))
    await raw.until('not_found')
    raw.destroy()
    await host.refused(400, 'malformed', 'POST', '/api/rooms', '{')
  },
}

/** @grown: the kilobytes that all cycles together may leave behind. */
function givesBack(daemon: () => Daemon, how: string, grown: number) {
  const cycle = cyclesOf[how]
  const isEmpty = async () => {
    const text = await (await fetch(`${daemon().url}/metrics`)).text()
    return ['rooms', 'participants', 'sockets'].every((name) => new RegExp(`^greenroom_${name} 0$`, 'm').test(text))
  }

  test(`Descriptors and memory are where they were when ${cycles} ${how}`, async () => {
    const host = await Client.register(daemon())
    const { id: room } = await host.createRoom({ capacity: 500 })
    const run = async (count: number) => {
      for (let n = 0; n < count; n++) {
        await cycle?.(daemon(), room, n, host)
        if (n % 100 === 99) await eventually('everybody is gone', isEmpty)
      }
      return daemon().figures()
    }
    /* All threads at work at once, so that each has its connection to the database. */
    await Promise.all(
      Array.from({ length: 50 }, (_, n) =>
        Promise.all([
          cyclesOf['are lost']?.(daemon(), room, n, host),
          host.call('GET', `/api/rooms/${room}/messages`),
          fetch(`${daemon().url}/metrics`).then((answer) => answer.text()),
        ]),
      ),
    )
    const warm = await run(warmUp)
    const end = await run(cycles)
    daemon().assertGrewLess(grown, warm, `${cycles} cycles leave no memory behind`)
    await eventually('the descriptors are closed', () => daemon().figures().descriptors <= warm.descriptors + 2)
    assert.equal(end.threads, warm.threads)
  })
}

const options = { settings: { 'rooms.resume-seconds': '0' }, watchdog: 600_000 }

/* With PostgreSQL, since the page caches of SQLite go on filling up for thousands of cycles. */
describe('after many have come and gone', () => {
  let postgres: Postgres
  before(() => void (postgres = Postgres.start()))
  const daemon = withDaemon(() => ({ ...options, settings: { ...options.settings, 'store.url': postgres.url } }))
  after(() => postgres?.stop())

  for (const how of Object.keys(cyclesOf)) givesBack(daemon, how, cycles)
})

describe('likewise on SQLite, whose caches may fill', () => {
  const daemon = withDaemon(options)

  givesBack(daemon, 'say leave', cycles * 4)
})
