// SPDX-License-Identifier: LGPL-2.1-or-later
/** greenroomctl and the D-Bus objects behind it, on a real daemon with people inside. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import type { Participant, Room, User } from '../../src/web/protocol/contract.ts'
import { Client } from '../lib/client.ts'
import { build, Daemon } from '../lib/daemon.ts'
import { eventually, within } from '../lib/deadline.ts'
import { withDaemon } from '../lib/stores.ts'

interface Ended {
  code: number | null
  out: string
  err: string
}

function run(command: string, words: string[], environment: Record<string, string>, input = ''): Promise<Ended> {
  const child = spawn(command, words, { env: { ...process.env, ...environment } })
  const ended: Ended = { code: null, out: '', err: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => (ended.out += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (ended.err += text))
  /* What ends before it reads its input breaks the pipe. */
  child.stdin.on('error', () => {}).end(input)
  const done = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve({ ...ended, code }))
  })
  return within(20_000, `${command} ${words.join(' ')}`, done).finally(() => child.kill('SIGKILL'))
}

/** A session bus of one's own: its address, and how to end it. */
async function startBus(): Promise<{ address: string; stop: () => void }> {
  const child = spawn('dbus-daemon', ['--session', '--nofork', '--nopidfile', '--print-address'], { stdio: ['ignore', 'pipe', 'ignore'] })
  const address = new Promise<string>((resolve, reject) => {
    child.once('error', reject)
    child.stdout.setEncoding('utf8').once('data', (text: string) => resolve(text.trim()))
  })
  return { address: await within(10_000, 'dbus-daemon says its address', address), stop: () => void child.kill() }
}

const ctl = (folder: string, words: string[], input = '') =>
  run(join(build, 'src/ctl/greenroomctl'), words, { GREENROOM_DATA_DIR: folder }, input)

/** A command that must work; gives what it printed. */
async function does(daemon: Daemon, ...words: string[]): Promise<string> {
  const { code, out, err } = await ctl(daemon.folder, words)
  assert.deepEqual({ code, err }, { code: 0, err: '' })
  return out
}

const json = async <T>(daemon: Daemon, ...words: string[]) => JSON.parse(await does(daemon, ...words, '--json')) as T

/** A command that must fail so, with nothing on standard output. */
async function refuses(daemon: Daemon, code: number, message: RegExp, ...words: string[]) {
  const ended = await ctl(daemon.folder, words)
  assert.deepEqual({ code: ended.code, out: ended.out }, { code, out: '' }, ended.err)
  assert.match(ended.err, message)
}

let serial = 0

/** The first of them is an administrator, whose the rooms are. */
async function addUser(daemon: Daemon, role: string) {
  const name = `Operator ${++serial}`
  const email = `operator${serial}@example.org`
  const added = await ctl(daemon.folder, ['user', 'add', email, name, '--role', role, '--password-stdin', '--json'], 'correct horse\n')
  assert.equal(added.code, 0, added.err)
  return JSON.parse(added.out) as User
}

describe('greenroomctl', () => {
  const daemon = withDaemon()

  test('The control socket is closed to other users', () => {
    const status = statSync(join(daemon().folder, 'control.sock'))
    assert.ok(status.isSocket())
    assert.equal(status.mode & 0o777, 0o600)
  })

  test('The status says that the daemon is ready', async () => {
    assert.match(await does(daemon(), 'status'), /^Greenroom +\d+\.\d+\.\d+, ready\n/)
    const status = await json<{ ready: boolean; memory: number; rooms: number }>(daemon(), 'status')
    assert.equal(status.ready, true)
    assert.ok(status.memory > 1_000_000)
  })

  test('An account that the operator adds can sign in, and a new role counts at once', async () => {
    await addUser(daemon(), 'admin')
    const user = await addUser(daemon(), 'user')
    const client = await Client.login(daemon(), user.email ?? '', 'correct horse')
    await client.refused(403, 'forbidden', 'GET', '/api/users')
    assert.match(await does(daemon(), 'user', 'promote', user.name, 'admin'), /admin/)
    await client.call('GET', '/api/users')
    await does(daemon(), 'user', 'promote', user.id, 'user')
    await client.refused(403, 'forbidden', 'GET', '/api/users')
    const users = await json<User[]>(daemon(), 'user', 'list')
    assert.equal(users.find(({ id }) => id === user.id)?.role, 'user')
  })

  test('A room is made, entered, seen with its people, and deleted under them', async () => {
    await addUser(daemon(), 'admin')
    const room = await json<Room>(daemon(), 'create', 'Tuesday call', '--slug', 'tuesday-call', '--visibility', 'public', '--capacity', '7')
    assert.deepEqual([room.slug, room.capacity, room.visibility], ['tuesday-call', 7, 'public'])
    const guest = await Client.guest(daemon(), 'Zoe')
    const seat = await guest.join('tuesday-call')

    const shown = await json<Omit<Room, 'participants'> & { participants: number; people: Participant[] }>(daemon(), 'room', 'TUESDAY call')
    assert.deepEqual([shown.id, shown.participants], [room.id, 1])
    assert.deepEqual(shown.people.map(({ id, name }) => [id, name]), [[seat.me, 'Zoe']])
    assert.match(await does(daemon(), 'rooms'), /^tuesday-call +Tuesday call +Operator \d+ +public +1\/7$/m)
    assert.match(await does(daemon(), 'room', room.id), /^Zoe +guest +stage/m)

    assert.match(await does(daemon(), 'close', 'tuesday-call', '--delete'), /1 had to leave/)
    assert.equal((await seat.untilClosed()).code, 1008)
    await guest.refused(404, 'not_found', 'GET', '/api/rooms/tuesday-call')
  })

  test('Who is kicked may come back, who is banned may not', async () => {
    const host = await Client.register(daemon())
    const { slug } = await host.createRoom()
    const owner = await host.join(slug)
    const client = await Client.guest(daemon(), 'Mallory')
    const kicked = await client.join(slug)
    await does(daemon(), 'kick', slug, 'mallory')
    assert.equal((await kicked.next('removed')).reason, 'kicked')
    assert.equal((await owner.next('participant-left')).reason, 'kicked')

    const banned = await client.join(slug)
    await does(daemon(), 'kick', slug, banned.me, '--ban')
    assert.equal((await banned.next('removed')).reason, 'banned')
    await client.turnedAway('banned', slug)
    await owner.leave()
  })

  test('Two of one name are told apart by id', async () => {
    const host = await Client.register(daemon())
    const { slug } = await host.createRoom()
    const seats = await Promise.all([1, 2].map(async () => (await Client.guest(daemon(), 'Twin')).join(slug)))
    await refuses(daemon(), 1, new RegExp(seats.map(({ me }) => `(?=.*${me})`).join('')), 'kick', slug, 'Twin')
    await does(daemon(), 'kick', slug, seats[1]?.me ?? '')
    await does(daemon(), 'kick', slug, 'Twin')
  })

  test('What the daemon refuses ends with 1 and says why', async () => {
    await refuses(daemon(), 1, /There is no room "nowhere"/, 'room', 'nowhere')
    await refuses(daemon(), 1, /capacity must be at least 2/, 'create', 'Small', '--capacity', '1')
    await refuses(daemon(), 1, /no user "nobody"/, 'user', 'promote', 'nobody')
    await refuses(daemon(), 1, /user, moderator or admin/, 'user', 'promote', 'nobody', 'emperor')
  })

  test('A wrong command line ends with 2, and help with 0', async () => {
    await refuses(daemon(), 2, /Say what to do/)
    await refuses(daemon(), 2, /no command "dance"/, 'dance')
    await refuses(daemon(), 2, /Usage: greenroomctl room NAME/, 'room')
    await refuses(daemon(), 2, /--ban/, 'rooms', '--ban')
    assert.match(await does(daemon(), '--help'), /user promote USER \[ROLE\]/)
    assert.match(await does(daemon(), '--version'), /^greenroomctl \d/)
  })

  test('Without a daemon it ends with 3 and names the place', async () => {
    const { code, err } = await ctl('/nonexistent', ['status'])
    assert.equal(code, 3)
    assert.match(err, /No greenroomd answers:\n {2}\/nonexistent\/control\.sock: /)
  })
})

test('Without a hub there is nothing to draw or to count, and that is said', async (t) => {
  const daemon = await Daemon.start({ settings: { 'media.program': '' } })
  t.after(() => daemon.stop())
  const host = await Client.register(daemon)
  const { slug } = await host.createRoom()
  await refuses(daemon, 1, /Nobody is in that room/, 'graph', slug)
  await host.join(slug)
  await refuses(daemon, 1, /hub is away/, 'graph', slug)
  await refuses(daemon, 1, /hub is away/, 'tracks')
  await refuses(daemon, 1, /There is no room "nowhere"/, 'tracks', 'nowhere')
  assert.match(await (await fetch(`${daemon.url}/metrics`)).text(), /^greenroom_hub_up 0$/m)
})

test('On a bus the daemon is found by its name, and it outlives the bus', async (t) => {
  const bus = await startBus()
  t.after(bus.stop)
  const environment = { DBUS_SESSION_BUS_ADDRESS: bus.address }
  const daemon = await Daemon.start({ settings: { 'dbus.bus': 'session' }, environment })
  t.after(() => daemon.stop())
  await eventually('the daemon has its name', () => daemon.log.includes('reachable as org.greenroom.Greenroom1'))

  /* No socket is where this one looks first. */
  const elsewhere = { ...environment, STATE_DIRECTORY: '/nonexistent' }
  const found = await run(join(build, 'src/ctl/greenroomctl'), ['status'], elsewhere)
  assert.equal(found.code, 0, found.err)
  assert.match(found.out, /^Reached by +the session bus$/m)

  bus.stop()
  await eventually('the daemon notices', () => daemon.log.includes('greenroomctl still reaches the control socket'))
  assert.match(await does(daemon, 'status'), /control\.sock$/m)
})
