// SPDX-License-Identifier: LGPL-2.1-or-later
/** A hub that goes wrong, seen by people whose words to it are real and whose media is none. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Client, type RoomConnection } from '../lib/client.ts'
import { build, Daemon, freePort } from '../lib/daemon.ts'
import { eventually } from '../lib/deadline.ts'

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
