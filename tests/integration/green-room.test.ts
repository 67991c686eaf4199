// SPDX-License-Identifier: LGPL-2.1-or-later
/** The green room with the real hub: who is given a slot with whom, and who is told that somebody speaks. Pages offer what a browser
 * does and receive nothing; an encoder is who is on stage and backstage. tests/web/studio.test.ts has browsers that count bytes. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { Client, type RoomConnection } from '../lib/client.ts'
import { Contract } from '../lib/contract.ts'
import { build, Daemon, freePort } from '../lib/daemon.ts'
import { eventually } from '../lib/deadline.ts'

const page = readFileSync(new URL('../unit/sdp/chromium-page.sdp', import.meta.url), 'utf8')
const tracks = (['microphone', 'camera', 'screen-audio', 'screen'] as const).map((kind, line) => ({ mid: `${line}`, kind }))

let daemon: Daemon
let contract: Contract

before(async () => {
  const settings = { 'media.program': `${build}/src/media/greenroom-media`, 'media.listen': `127.0.0.1:${await freePort()}` }
  daemon = await Daemon.start({ settings })
  await eventually('the hub is up', () => daemon.log.includes('the hub is up'))
  contract = await Contract.read(daemon.url)
})
after(() => daemon.stop())

/** The latest slots that a page was told of, as participant/kind. */
class Slots {
  private now: string[] = []
  private readonly seat: RoomConnection

  constructor(seat: RoomConnection) {
    this.seat = seat
  }

  read(): string[] {
    for (const message of this.seat.take()) {
      if (message.type !== 'slots') continue
      contract.checkMessage(message)
      this.now = message.slots.map(({ participant, kind }) => `${participant}/${kind}`).sort()
    }
    return this.now
  }

  /** Until @wanted of @participant are in slots, and no other kind of theirs. */
  async are(participant: string, wanted: string[]) {
    const mine = () => this.read().filter((slot) => slot.startsWith(participant)).map((slot) => slot.split('/')[1])
    await eventually(`slots with ${wanted.join() || 'nothing'}`, () => mine().join() === wanted.join(), 15_000)
  }
}

async function enter(client: Client, room: string, seen: string) {
  const seat = await client.join(room)
  seat.send({ type: 'offer', sdp: page, tracks, epoch: seat.joined?.epoch ?? 0 })
  await seat.next('answer', () => true, 10_000)
  const pictures = (['camera', 'screen'] as const).map((kind) => ({ participant: seen, kind }))
  seat.send({ type: 'subscribe', pictures })
  return Object.assign(seat, { slots: new Slots(seat) })
}

test('Who is backstage is in the slots of hosts and of those backstage; a moment later, on stage, in everybody’s', async () => {
  const host = await Client.register(daemon)
  const { id } = await host.createRoom({ p2pMax: 0, visibility: 'public' })
  const door = await (await Client.guest(daemon)).join(id)
  const encoder = spawn(`${build}/tests/lib/whip-publisher`, [`${daemon.url}/api/rooms/${id}/whip?kind=screen`, (await Client.guest(daemon)).token ?? ''])
  try {
    const { participant: obs } = await door.next('participant-joined', () => true, 15_000)
    const move = (who: string, stage: 'backstage' | 'stage') => host.call('PATCH', `/api/rooms/${id}/participants/${who}`, { stage })
    const ann = await enter(host, id, obs.id)
    const ben = await enter(await Client.guest(daemon), id, obs.id)
    const eve = await (await Client.guest(daemon)).join(id, { watch: true })
    const both = ['screen', 'screen-audio']
    await Promise.all([ann, ben].map(({ slots }) => slots.are(obs.id, both)))

    await move(obs.id, 'backstage')
    await ben.slots.are(obs.id, [])
    await ann.slots.are(obs.id, both)
    const told = (await eve.next('participant-status-updated', ({ participant }) => participant.id === obs.id)).participant
    assert.deepEqual([told.stage, told.screen], ['backstage', true], 'what is sent goes on')

    await move(ben.me, 'backstage')
    await ben.slots.are(obs.id, both)
    await move(ben.me, 'stage')
    await ben.slots.are(obs.id, [])
    await move(obs.id, 'stage')
    await ben.slots.are(obs.id, both)
    await Promise.all([ann, ben, eve, door].map((seat) => seat.leave()))
  } finally {
    encoder.kill('SIGKILL')
  }
})

test('Who is in a green room may say what they send there, and who only watches may not', async () => {
  const host = await Client.register(daemon)
  const { id } = await host.createRoom({ p2pMax: 4, visibility: 'public' })
  const ann = await host.join(id)
  const ben = await (await Client.guest(daemon)).join(id)
  const eve = await (await Client.guest(daemon)).join(id, { watch: true })
  assert.equal(ann.joined?.mode, 'p2p')

  ann.send({ type: 'stage', participant: ben.me, stage: 'backstage' })
  assert.equal((await ben.next('media')).mode, 'hub', 'between browsers there is no green room')
  ben.send({ type: 'participant-status', audio: true, video: true })
  const { participant } = await ann.next('participant-status-updated', (update) => update.participant.video)
  assert.deepEqual([participant.id, participant.stage, participant.audio], [ben.me, 'backstage', true])

  eve.send({ type: 'participant-status', video: true })
  assert.equal((await eve.next('error')).error.code, 'conflict')
  await host.call('PATCH', `/api/rooms/${id}/participants/${ben.me}`, { mute: ['audio'] })
  await ben.next('mute')
  await host.call('PATCH', `/api/rooms/${id}/participants/${ben.me}`, { askUnmute: ['audio'] })
  await ben.next('ask-unmute')
  await Promise.all([ann, ben, eve].map((seat) => seat.leave()))
})
