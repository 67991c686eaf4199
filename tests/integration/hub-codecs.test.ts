// SPDX-License-Identifier: LGPL-2.1-or-later
/** What the hub says over the WebSocket about a room's codecs and streams, to pages whose offers are a browser's but which send
 * nothing; tests/web/hub-meeting.test.ts has browsers that switch. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { Client, type RoomConnection } from '../lib/client.ts'
import { Contract } from '../lib/contract.ts'
import { build, Daemon, freePort } from '../lib/daemon.ts'
import { eventually } from '../lib/deadline.ts'

const page = readFileSync(new URL('../unit/sdp/chromium-page.sdp', import.meta.url), 'utf8')
const tracks = (['microphone', 'camera', 'screen-audio', 'screen'] as const).map((kind, line) => ({ mid: `${line}`, kind }))
const everything = ['VP8', 'H264', 'VP9', 'AV1']

/** The same page in a browser that decodes nothing but VP8. */
const modest = page
  .split(/^(?=m=)/m)
  .map((section) => {
    if (!/^m=video/.test(section) || !section.includes('a=recvonly')) return section
    return section
      .split('\r\n')
      .filter((line) => !/^a=(rtpmap|fmtp|rtcp-fb):/.test(line) || /^a=[a-z-]+:9[67] /.test(line))
      .join('\r\n')
      .replace(/^(m=video 9 \S+) .*/, '$1 96 97')
  })
  .join('')

let daemon: Daemon
let contract: Contract

before(async () => {
  const settings = { 'media.program': `${build}/src/media/greenroom-media`, 'media.listen': `127.0.0.1:${await freePort()}` }
  daemon = await Daemon.start({ settings })
  await eventually('the hub is up', () => daemon.log.includes('the hub is up'))
  contract = await Contract.read(daemon.url)
})
after(() => daemon.stop())

async function offer(seat: RoomConnection, sdp: string) {
  seat.send({ type: 'offer', sdp, tracks, epoch: seat.joined?.epoch ?? 0 })
  return (await seat.next('answer', () => true, 10_000)).sdp
}

const codecs = async (seat: RoomConnection) => {
  const message = await seat.next('codecs')
  contract.checkMessage(message)
  return message.video
}

test('Everybody who sends learns what all others decode, and again when this changes; nobody offers anew for it', async () => {
  const host = await Client.register(daemon)
  const { id } = await host.createRoom({ p2pMax: 0 })
  const ann = await host.join(id)
  const ben = await (await Client.guest(daemon)).join(id)
  const cem = await (await Client.guest(daemon)).join(id)

  await offer(ann, page)
  assert.deepEqual(await codecs(ann), everything)
  await offer(ben, page)
  assert.deepEqual(await codecs(ben), everything)

  const answer = await offer(cem, modest)
  assert.deepEqual(await codecs(cem), everything, 'the others decode everything')
  assert.match(answer, /a=rtpmap:\d+ VP9/, 'so this one may send in anything')
  assert.deepEqual([await codecs(ann), await codecs(ben)], [['VP8'], ['VP8']])

  await cem.leave()
  assert.deepEqual([await codecs(ann), await codecs(ben)], [everything, everything])
  await Promise.all([ann, ben].map((seat) => seat.sawNone('answer', 'media', 'codecs')))
  await Promise.all([ann.leave(), ben.leave()])
})

test('Whoever asks is told how their streams fare, and nobody else is', async () => {
  const host = await Client.register(daemon)
  const { id } = await host.createRoom({ p2pMax: 0 })
  const ann = await host.join(id)
  const ben = await (await Client.guest(daemon)).join(id)
  ann.send({ type: 'quality' })
  assert.equal((await ann.next('error')).error.code, 'not_found', 'before the first offer there is nothing')

  await offer(ann, page)
  await offer(ben, page)
  ann.send({ type: 'quality' })
  const quality = await ann.next('quality')
  contract.checkMessage(quality)
  assert.deepEqual(quality.sent.map(({ participant, kind, packets }) => [participant, kind, packets]).sort(),
    tracks.map(({ kind }) => [ann.me, kind, 0]).sort())
  /* A burst of questions is answered, though not each. */
  for (let n = 0; n < 100; n++) ann.send({ type: 'quality' })
  await ann.next('quality')
  ann.send({ type: 'chat-message', text: 'still here' })
  await ann.next('chat-message')
  await ben.sawNone('quality')
  await Promise.all([ann.leave(), ben.leave()])
})

test('Between browsers there is nothing that the server could count', async () => {
  const host = await Client.register(daemon)
  const { id } = await host.createRoom({ p2pMax: 4 })
  const seat = await host.join(id)
  seat.send({ type: 'quality' })
  assert.equal((await seat.next('error')).error.code, 'conflict')
  await seat.leave()
})
