// SPDX-License-Identifier: LGPL-2.1-or-later
/** A hub that goes wrong, seen by people whose words to it are real and whose media is none. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Client, type RoomConnection } from '../lib/client.ts'
import { build, Daemon, freePort } from '../lib/daemon.ts'
import { eventually } from '../lib/deadline.ts'
import { MediaPeer } from '../lib/media-peer.ts'

let daemon: Daemon
let port: number

before(async () => {
  port = await freePort()
  const settings = { 'media.program': `${build}/src/media/greenroom-media`, 'media.listen': `127.0.0.1:${port}` }
  daemon = await Daemon.start({ settings })
  await eventually('the hub is up', () => hubs().length === 1)
})
after(() => daemon.stop())

/** The processes that were the hub, the present one last. */
const hubs = () => [...daemon.log.matchAll(/the hub is up, process (\d+)/g)].map(([, process]) => Number(process))

const fingerprint = Array.from({ length: 32 }, () => 'AB').join(':')
const line = (media: string, mid: number, direction: string, payload: number, codec: string) =>
  [
    `m=${media} 9 UDP/TLS/RTP/SAVPF ${payload}`,
    'c=IN IP4 0.0.0.0',
    'a=ice-ufrag:wxyz',
    'a=ice-pwd:abcdefghijklmnopqrstuvwx',
    `a=fingerprint:sha-256 ${fingerprint}`,
    'a=setup:actpass',
    `a=mid:${mid}`,
    `a=${direction}`,
    'a=rtcp-mux',
    `a=rtpmap:${payload} ${codec}`,
    '',
  ].join('\r\n')
const head = ['v=0', 'o=- 1 1 IN IP4 0.0.0.0', 's=-', 't=0 0', 'a=group:BUNDLE 0 1', ''].join('\r\n')
const offer = head + line('audio', 0, 'sendonly', 111, 'opus/48000/2') + line('video', 1, 'recvonly', 96, 'VP8/90000')

/** What the hub answers somebody who offers what a media or joined message of @epoch asked for. */
async function answered(seat: RoomConnection, epoch: number): Promise<string> {
  seat.send({ type: 'offer', sdp: offer, tracks: [{ mid: '0', kind: 'microphone' }], epoch })
  return (await seat.next('answer')).sdp
}

test('A hub that falls silent is replaced within about four seconds, and people are asked to offer again and are answered', async () => {
  const host = await Client.register(daemon)
  const { id } = await host.createRoom({ p2pMax: 0 })
  const [ann, ben] = [await host.join(id), await (await Client.guest(daemon)).join(id)]
  for (const seat of [ann, ben]) {
    const { mode, epoch } = seat.joined!
    assert.equal(mode, 'hub')
    assert.match(await answered(seat, epoch), new RegExp(`candidate:.* 127\\.0\\.0\\.1 ${port} `))
  }
  const [stopped = 0] = hubs()

  process.kill(stopped, 'SIGSTOP')
  const fell = performance.now()
  await eventually('another hub is up', () => hubs().length === 2, 12_000)
  /* Twice the four seconds that a ping, its time-out and a start take. */
  assert.ok(performance.now() - fell < 8_000, `it took ${Math.round(performance.now() - fell)} ms`)
  assert.match(daemon.log, /the hub does not answer and is replaced/)
  assert.throws(() => process.kill(stopped, 0), { code: 'ESRCH' }, 'the silent one is gone')

  for (const seat of [ann, ben]) {
    const { mode, epoch } = await seat.next('media', (media) => media.epoch > seat.joined!.epoch)
    assert.equal(mode, 'hub')
    assert.match(await answered(seat, epoch), /a=candidate:/)
  }
  assert.equal(hubs().length, 2)
  await Promise.all([ann.leave(), ben.leave()])
})

/** Two people who see each other through the hub. */
interface Pair {
  seats: RoomConnection[]
  peers: MediaPeer[]
  epoch: number
}

async function connect(pair: Pair, epochs: number[]) {
  pair.peers.forEach((peer) => peer.end())
  pair.peers = await Promise.all(pair.seats.map((seat, i) => MediaPeer.connect(seat, epochs[i]!)))
  pair.seats.forEach((seat, i) => {
    const other = pair.seats[1 - i]!.me
    seat.send({ type: 'subscribe', pictures: [{ participant: other, kind: 'camera' }] })
  })
}

const seen = (pair: Pair) => eventually('both see each other', () => pair.peers.every(({ frames }) => frames > 10), 30_000)

async function meet(): Promise<Pair> {
  const host = await Client.register(daemon)
  const { id } = await host.createRoom({ p2pMax: 0 })
  const seats = [await host.join(id), await (await Client.guest(daemon)).join(id)]
  const epochs = seats.map((seat) => seat.joined!.epoch)
  seats.forEach((seat) => seat.send({ type: 'participant-status', audio: true, video: true, screen: false }))
  const pair: Pair = { seats, peers: [], epoch: Math.max(...epochs) }
  await connect(pair, epochs)
  await seen(pair)
  return pair
}

/** Both are asked to offer again, after what they knew of. */
async function asked(pair: Pair): Promise<number[]> {
  const messages = await Promise.all(pair.seats.map((seat) => seat.next('media', (media) => media.epoch > pair.epoch, 20_000)))
  const epochs = messages.map(({ epoch }) => epoch)
  pair.epoch = Math.max(...epochs)
  return epochs
}

async function part(pair: Pair) {
  pair.peers.forEach((peer) => peer.end())
  await Promise.all(pair.seats.map((seat) => seat.leave()))
}

test('A hub that falls silent in the midst of a call: pictures come again through another one', async () => {
  const pair = await meet()
  const before = hubs().length
  try {
    const fell = performance.now()
    process.kill(hubs().at(-1)!, 'SIGSTOP')
    await connect(pair, await asked(pair))
    await seen(pair)
    /* Two seconds for the answer that does not come, and then what kill -9 takes: five. Twice that. */
    assert.ok(performance.now() - fell < 14_000, `it took ${Math.round(performance.now() - fell)} ms`)
    assert.equal(hubs().length, before + 1)
  } finally {
    await part(pair)
  }
})

test('A hub that dies again and again is started after ever longer pauses, and people stay and see each other in the end', async () => {
  const pair = await meet()
  const pauses: number[] = []
  let epochs: number[] = []
  try {
    for (let i = 0; i < 4; i++) {
      const count = hubs().length
      const died = performance.now()
      process.kill(hubs().at(-1)!, 'SIGKILL')
      await eventually('another hub is up', () => hubs().length > count, 15_000)
      pauses.push(performance.now() - died)
      epochs = await asked(pair)
    }
    await connect(pair, epochs)
    await seen(pair)
    /* From 200 ms on they double; the first may come after a long life or a short one. */
    assert.ok(pauses.at(-1)! >= 1_600 && pauses.at(-1)! > pauses[0]! * 2, `the pauses were ${pauses.map(Math.round).join(', ')} ms`)
    assert.ok(pair.seats.every(({ closed }) => closed === null), 'nobody had to join again')
  } finally {
    await part(pair)
  }
})
