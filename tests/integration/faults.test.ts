// SPDX-License-Identifier: LGPL-2.1-or-later
/** What breaks around the daemon, how it ends, and what keeps it from starting. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { ErrorDetail } from '../../src/web/protocol/contract.ts'
import { Client } from '../lib/client.ts'
import { Daemon, freePort } from '../lib/daemon.ts'
import { eventually, within } from '../lib/deadline.ts'
import { Postgres } from '../lib/postgres.ts'
import { RawSocket, frame } from '../lib/raw.ts'

const systemd = join(import.meta.dirname, '../lib/systemd.py')

/** A folder for the length of a test. */
function scratch(context: { after: (done: () => void) => void }): string {
  const folder = mkdtempSync(join(tmpdir(), 'greenroom-faults-'))
  context.after(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

describe('when the database goes away', () => {
  let postgres: Postgres
  let daemon: Daemon
  before(async () => {
    postgres = Postgres.start()
    daemon = await Daemon.start({ settings: { 'store.url': postgres.url } })
  })
  after(async () => {
    await daemon?.stop()
    postgres?.stop()
  })

  test('Live rooms go on, the rest says so, and all comes back by itself', async () => {
    const host = await Client.register(daemon)
    const { id: room } = await host.createRoom({ capacity: 3 })
    const owner = await host.join(room)
    const [ann, bob] = [await (await Client.guest(daemon)).joinCuttable(room), await (await Client.guest(daemon)).join(room)]
    owner.send({ type: 'chat-message', text: 'before' })
    await bob.next('chat-message')

    postgres.pause()
    const { headers } = await host.request('GET', '/api/rooms')
    assert.ok(Number(headers.get('retry-after')) > 0)
    for (const [method, path, body] of [
      ['GET', '/health'],
      ['GET', '/api/auth/me'],
      ['POST', '/api/rooms', { title: 'New' }],
      ['POST', '/api/auth/login', { email: host.user?.email, password: 'correct horse' }],
      ['POST', '/api/auth/refresh'],
    ] as const) {
      await host.refused(503, 'unavailable', method, path, body)
    }
    assert.equal(host.cookies.size, 1, 'the refresh cookie is kept for later')
    await host.turnedAway('unavailable', room)
    owner.send({ type: 'chat-message', text: 'lost' })
    const { error, to } = await owner.next('error')
    assert.deepEqual([error.code, to], ['unavailable', 'chat-message'])

    owner.send({ type: 'offer', to: bob.me, sdp: 'v=0' })
    assert.equal((await bob.next('offer')).from, owner.me)
    bob.send({ type: 'participant-status', audio: true })
    await owner.next('participant-status-updated')
    ann.cut()
    const again = await (await Client.guest(daemon).catch(() => new Client(daemon))).joinCuttable(room, { resume: ann.joined?.resume ?? '' })
    assert.deepEqual([again.joined?.resumed, again.me], [true, ann.me], 'coming back needs no database')
    again.send({ type: 'leave' })
    assert.equal((await owner.next('participant-left')).participant, ann.me)

    postgres.resume()
    await eventually('the daemon is well', async () => (await host.request('GET', '/health')).status === 200)
    await host.refresh()
    owner.send({ type: 'chat-message', text: 'after' })
    assert.equal((await bob.next('chat-message')).message.text, 'after')
    const late = await Client.guest(daemon)
    const third = await eventually('the seat that was left meanwhile is free', () => late.join(room))
    await Promise.all([owner.leave(), bob.leave(), third.leave()])
  })

  test('The daemon ends well while the database is away', async () => {
    const other = await Daemon.start({ settings: { 'store.url': postgres.url } })
    const host = await Client.register(other)
    const seat = await host.join((await host.createRoom()).id)
    postgres.pause()
    try {
      other.terminate()
      await seat.next('reconnecting')
      await other.stop()
    } finally {
      postgres.resume()
    }
  })

  test('A database that is away at the start is named, without its password', async () => {
    const { code, log } = await Daemon.refused({ settings: { 'store.url': 'postgresql://greenroom:hunter2@127.0.0.1:1/nothing' } })
    assert.equal(code, 1)
    assert.match(log, /cannot start/i)
    assert.doesNotMatch(log, /hunter2/)
  })
})

describe('when it is asked to end', () => {
  test('People are told to come back, and after the restart they do', async (context) => {
    const folder = scratch(context)
    const first = await Daemon.start({ folder })
    const host = await Client.register(first)
    const { id: room } = await host.createRoom()
    const owner = await host.join(room)
    const guest = await (await Client.guest(first)).join(room)
    first.terminate()
    for (const seat of [owner, guest]) {
      assert.ok((await seat.next('reconnecting')).after > 0)
      assert.equal((await seat.untilClosed()).code, 1001)
      assert.ok(!seat.has('participant-left'), 'nobody is said to have left')
    }
    await first.stop(5_000)

    const second = await Daemon.start({ folder }, first.port)
    const back = await host.join(room, { resume: owner.joined?.resume ?? '' })
    assert.deepEqual([back.joined?.resumed, back.joined?.participants.length], [false, 1])
    await host.refresh()
    await back.leave()
    await second.stop()
  })

  test('Requests under way are answered, and new ones are not taken', async () => {
    const daemon = await Daemon.start()
    const host = await Client.register(daemon)
    const seat = await host.join((await host.createRoom()).id)
    const body = JSON.stringify({ email: host.user?.email, password: 'correct horse' })
    const logins = await Promise.all(
      Array.from({ length: 12 }, async () => {
        const raw = await RawSocket.open(daemon.port)
        raw.send(`POST /api/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`)
        return raw
      }),
    )
    const idle = await RawSocket.open(daemon.port)
    await logins[0]?.until('accessToken')
    daemon.terminate()
    await seat.next('reconnecting')
    for (const raw of logins.slice(1)) assert.match(await raw.untilClosed(3_000), /^HTTP\/1.1 200/)
    await idle.untilClosed(3_000)
    await assert.rejects(fetch(`${daemon.url}/config`))
    await daemon.stop()
  })

  test('Somebody who does not let go is not waited for beyond the deadline', async () => {
    const daemon = await Daemon.start({ settings: { 'drain.seconds': '1' } })
    const host = await Client.register(daemon)
    const { id: room } = await host.createRoom()
    const raw = await RawSocket.upgraded(daemon.port)
    raw.send(frame(JSON.stringify({ type: 'join', room, name: 'Clings' })))
    await raw.until('joined')
    raw.stall()
    const began = performance.now()
    await daemon.stop(4_000)
    assert.ok(performance.now() - began < 3_500)
    raw.destroy()
  })

  test('A second signal ends it at once', async () => {
    const daemon = await Daemon.start({ settings: { 'drain.seconds': '60' } })
    const raw = await RawSocket.upgraded(daemon.port)
    raw.stall()
    daemon.terminate()
    await eventually('it drains', () => daemon.log.includes('draining'))
    await daemon.stop(2_000)
    raw.destroy()
  })

  test('A kill loses nobody their place in the database', async (context) => {
    const folder = scratch(context)
    const first = await Daemon.start({ folder })
    const host = await Client.register(first)
    const { id: room } = await host.createRoom({ capacity: 2 })
    await host.join(room)
    await (await Client.guest(first)).join(room)
    await first.kill()
    const second = await Daemon.start({ folder }, first.port)
    const seats = [await host.join(room), await (await Client.guest(second)).join(room)]
    await Promise.all(seats.map((seat) => seat.leave()))
    await second.stop()
  })
})

describe('under systemd', () => {
  test('It says when it is ready and when it stops', async (context) => {
    const path = join(scratch(context), 'notify')
    const hear = spawn('python3', [systemd, 'hear', path], { stdio: ['ignore', 'pipe', 'inherit'] })
    context.after(() => void hear.kill())
    let heard = ''
    hear.stdout.setEncoding('utf8').on('data', (text: string) => (heard += text))
    await eventually('the socket is there', () => heard.includes('listening'))
    const daemon = await Daemon.start({ environment: { NOTIFY_SOCKET: path } })
    await eventually('it is ready', () => heard.includes('READY=1'))
    await daemon.stop()
    await eventually('it says that it stops', () => heard.includes('STOPPING=1'))
  })

  test('It serves on the socket that is handed to it', async () => {
    const daemon = await Daemon.start({ launcher: (port) => ['python3', systemd, 'hold', String(port)] })
    const host = await Client.register(daemon)
    const seat = await host.join((await host.createRoom()).id)
    await seat.leave()
    await daemon.stop()
  })
})

describe('what keeps it from starting', () => {
  /** That it ends with status 1 and says @words. */
  async function refuses(options: Parameters<typeof Daemon.refused>[0], ...words: (string | RegExp)[]) {
    const { code, log } = await Daemon.refused(options)
    assert.equal(code, 1, log)
    for (const word of words) {
      assert.ok(typeof word === 'string' ? log.includes(word) : word.test(log), `${String(word)} is in: ${log}`)
    }
    assert.doesNotMatch(log, /CRITICAL|Sanitizer|assertion/)
  }

  test('A configuration file that is not there, or is none, is named', async (context) => {
    const folder = scratch(context)
    await refuses({ arguments: ['-c', '/nonexistent/greenroom.conf'] }, '/nonexistent/greenroom.conf')
    const path = join(folder, 'greenroom.conf')
    const withText = async (text: string, ...words: string[]) => {
      writeFileSync(path, text)
      await refuses({ arguments: ['-c', path] }, path, ...words)
    }
    await withText('listen = nowhere\n')
    await withText('[http]\nport = 80\n', 'port')
    await withText('[htpt]\nlisten = *:80\n', 'htpt')
    await withText('[rooms]\ncapacity = many\n', 'capacity', 'many')
    await withText('[rooms]\ncapacity = 0\n', 'capacity')
    await withText('[log]\nlevel = loud\n', 'level', 'loud')
    await withText('[http]\nlisten = example.org:80\n', 'listen', 'example.org')
  })

  test('A bad value in the environment or on the command line is named', async () => {
    await refuses({ environment: { GREENROOM_ROOMS_RESUME_SECONDS: 'soon' } }, 'GREENROOM_ROOMS_RESUME_SECONDS', 'soon')
    await refuses({ settings: { 'rooms.capacity': '-3' } }, 'capacity', '-3')
    await refuses({ settings: { 'rooms.size': '3' } }, 'size')
    await refuses({ arguments: ['-o', 'rooms'] }, 'section.key=value')
    await refuses({ arguments: ['--dance'] }, '--dance')
  })

  test('A port in use is named', async () => {
    const server = createServer()
    const port = await freePort()
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
    await refuses({ settings: { 'http.listen': `127.0.0.1:${port}` } }, `127.0.0.1:${port}`, /in use/i)
    server.close()
  })

  test('A second daemon in the same folder is refused, and the first keeps its people', async () => {
    const first = await Daemon.start()
    const host = await Client.register(first)
    const { id: room } = await host.createRoom({ capacity: 2 })
    const seats = [await host.join(room), await (await Client.guest(first)).join(room)]
    await refuses({ folder: first.folder }, first.folder)
    await (await Client.guest(first)).turnedAway('room_full', room)
    await Promise.all(seats.map((seat) => seat.leave()))
    await first.stop()
  })

  test('A folder in which nothing can be written is named', async () => {
    await refuses({ settings: { 'data.dir': '/proc/greenroom' } }, '/proc/greenroom')
    await refuses({ settings: { 'data.dir': '/proc' } }, '/proc')
  })
})

test('An error inside is told to nobody but the log', async () => {
  const daemon = await Daemon.start()
  const client = await Client.guest(daemon)
  const { headers, body } = await client.request<{ error?: ErrorDetail }>('GET', '/api/rooms?scope=all')
  assert.equal(body.error?.code, 'forbidden')
  const id = headers.get('x-request-id') ?? ''
  assert.match(id, /^[\w-]{12}$/)
  await eventually('the request is in the log by its id', () => daemon.log.includes(id))
  assert.ok(!daemon.log.includes(client.token ?? '-'), 'no token is')
  await within(10_000, 'the end', daemon.stop())
})
