// SPDX-License-Identifier: LGPL-2.1-or-later
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Room } from '../../src/web/protocol/contract.ts'
import { Client } from '../lib/client.ts'
import { eventually } from '../lib/deadline.ts'
import type { Daemon } from '../lib/daemon.ts'
import { withDaemon } from '../lib/stores.ts'

/** A room with its owner inside, and a guest whose connection can be cut. */
async function pair(daemon: Daemon) {
  const host = await Client.register(daemon)
  const { id: room } = await host.createRoom()
  const owner = await host.join(room)
  const client = await Client.guest(daemon)
  const guest = await client.joinCuttable(room)
  await owner.next('participant-joined')
  return { host, room, owner, client, guest }
}

const sockets = async (daemon: Daemon) =>
  Number(/^greenroom_sockets (\d+)/m.exec(await (await fetch(`${daemon.url}/metrics`)).text())?.[1])

/** Cuts, and waits until the daemon has noticed. */
async function cut(daemon: Daemon, guest: { cut: () => void }) {
  const before = await sockets(daemon)
  guest.cut()
  await eventually('the daemon notices the cut', async () => (await sockets(daemon)) < before)
}

describe('within the time to come back', () => {
  const daemon = withDaemon()

  test('A dropped socket comes back to the same seat, and others see no leave', async () => {
    const { owner, client, guest, room } = await pair(daemon())
    guest.send({ type: 'participant-status', audio: true, hand: true })
    await owner.next('participant-status-updated')
    await cut(daemon(), guest)
    const back = await client.connect()
    const joined = await back.join(room, { resume: guest.joined?.resume ?? '' })
    assert.deepEqual([joined.resumed, joined.me, joined.messages], [true, guest.me, []])
    const me = joined.participants.find(({ id }) => id === guest.me)
    assert.deepEqual([me?.audio, me?.hand], [true, true])
    assert.notEqual(joined.resume, guest.joined?.resume)
    await owner.sawNone('participant-left', 'participant-joined')
    await Promise.all([owner.leave(), back.leave()])
  })

  test('What was said and signalled meanwhile arrives, in order', async () => {
    const { owner, client, guest, room } = await pair(daemon())
    await cut(daemon(), guest)
    owner.send({ type: 'offer', to: guest.me, sdp: 'first' })
    owner.send({ type: 'ice-candidate', to: guest.me, candidate: { candidate: 'second' } })
    owner.send({ type: 'chat-message', text: 'third' })
    await owner.next('chat-message')
    const back = await client.join(room, { resume: guest.joined?.resume ?? '' })
    assert.equal((await back.next('offer')).sdp, 'first')
    assert.equal((await back.next('ice-candidate')).candidate.candidate, 'second')
    assert.equal((await back.next('chat-message')).message.text, 'third')
    back.send({ type: 'answer', to: owner.me, sdp: 'fourth' })
    assert.equal((await owner.next('answer')).from, guest.me)
    await Promise.all([owner.leave(), back.leave()])
  })

  test('Who was muted while away learns it on coming back', async () => {
    const { host, owner, client, guest, room } = await pair(daemon())
    guest.send({ type: 'participant-status', audio: true })
    await owner.next('participant-status-updated')
    await cut(daemon(), guest)
    await host.moderate(room, guest.me, { mute: ['audio'] })
    const back = await client.join(room, { resume: guest.joined?.resume ?? '' })
    assert.equal(back.joined?.participants.find(({ id }) => id === guest.me)?.audio, false)
    assert.deepEqual((await back.next('mute')).media, ['audio'])
    await Promise.all([owner.leave(), back.leave()])
  })

  test('A token works once: the next one comes with each return', async () => {
    const { owner, client, guest, room } = await pair(daemon())
    const first = guest.joined?.resume ?? ''
    await cut(daemon(), guest)
    const back = await client.join(room, { resume: first })
    const stale = await client.join(room, { resume: first })
    assert.equal(stale.joined?.resumed, false)
    assert.notEqual(stale.me, guest.me)
    await stale.leave()
    await back.drop()
    const again = await client.join(room, { resume: back.joined?.resume ?? '' })
    assert.deepEqual([again.joined?.resumed, again.me], [true, guest.me])
    await Promise.all([owner.leave(), again.leave()])
  })

  test('A seat taken over elsewhere tells the socket that held it', async () => {
    const { owner, client, guest, room } = await pair(daemon())
    const other = await client.join(room, { resume: guest.joined?.resume ?? '' })
    assert.deepEqual([other.joined?.resumed, other.me], [true, guest.me])
    assert.equal((await guest.next('removed')).reason, 'replaced')
    assert.equal((await guest.untilClosed()).code, 1008)
    other.send({ type: 'chat-message', text: 'still here' })
    assert.equal((await owner.next('chat-message')).message.participantId, guest.me)
    await owner.sawNone('participant-left', 'participant-joined')
    await Promise.all([owner.leave(), other.leave()])
  })

  test('A seat that waits to come back is kept in a full room, and needs no unlocking', async () => {
    const { host, owner, client, guest, room } = await pair(daemon())
    await host.updateRoom(room, { capacity: 2, locked: true })
    await cut(daemon(), guest)
    await (await Client.register(daemon())).turnedAway('room_locked', room)
    await host.updateRoom(room, { locked: false })
    await (await Client.register(daemon())).turnedAway('room_full', room)
    await host.updateRoom(room, { locked: true })
    const back = await client.join(room, { resume: guest.joined?.resume ?? '' })
    assert.equal(back.joined?.resumed, true)
    await Promise.all([owner.leave(), back.leave()])
  })

  test('Who waits at the door and drops is still waiting, and can be let in while away', async () => {
    const host = await Client.register(daemon())
    const { id: room } = await host.createRoom({ waitingRoom: true })
    const owner = await host.join(room)
    const client = await Client.guest(daemon())
    const waiting = await client.joinCuttable(room)
    await owner.next('participant-joined')
    await cut(daemon(), waiting)
    await host.moderate(room, waiting.me, { admit: true })
    const back = await client.join(room, { resume: waiting.joined?.resume ?? '' })
    assert.deepEqual(back.joined?.participants.map(({ id }) => id), [owner.me, waiting.me])
    await Promise.all([owner.leave(), back.leave()])
  })

  test('Who is kicked while away does not come back to the seat', async () => {
    const { host, owner, client, guest, room } = await pair(daemon())
    await cut(daemon(), guest)
    await host.remove(room, guest.me, true)
    await client.turnedAway('banned', room, { resume: guest.joined?.resume ?? '' })
    await owner.leave()
  })

  test('A page that is closed leaves when it could have been loaded anew', async () => {
    const { owner, guest } = await pair(daemon())
    const closed = Date.now()
    guest.closePage()
    const left = await owner.next('participant-left', () => true, 8_000)
    assert.deepEqual([left.participant, left.reason], [guest.me, 'left'])
    assert.ok(Date.now() - closed > 4_000)
    await owner.leave()
  })

  test('A page that is loaded anew comes back to the same seat, and others see no leave', async () => {
    const { owner, client, guest, room } = await pair(daemon())
    guest.send({ type: 'participant-status', hand: true })
    await owner.next('participant-status-updated')
    guest.closePage()
    await guest.untilClosed()
    const back = await client.join(room, { resume: guest.joined?.resume ?? '' })
    assert.deepEqual([back.joined?.resumed, back.me], [true, guest.me])
    await owner.sawNone('participant-left', 'participant-joined')
    await Promise.all([owner.leave(), back.leave()])
  })

  test('Who says leave leaves at once, and the token is worth nothing', async () => {
    const { owner, client, guest, room } = await pair(daemon())
    guest.send({ type: 'leave' })
    assert.equal((await guest.untilClosed()).code, 1000)
    assert.equal((await owner.next('participant-left')).reason, 'left')
    const again = await client.join(room, { resume: guest.joined?.resume ?? '' })
    assert.equal(again.joined?.resumed, false)
    await Promise.all([owner.leave(), again.leave()])
  })
})

describe('after the time to come back', () => {
  const daemon = withDaemon({ settings: { 'rooms.resume-seconds': '1' } })

  test('Others see that somebody was lost, the seat is free and the token is worth nothing', async () => {
    const { host, owner, client, guest, room } = await pair(daemon())
    guest.cut()
    const left = await owner.next('participant-left')
    assert.deepEqual([left.participant, left.reason], [guest.me, 'lost'])
    assert.equal((await host.call<Room>('GET', `/api/rooms/${room}`)).participants, 1)
    const again = await client.join(room, { resume: guest.joined?.resume ?? '' })
    assert.equal(again.joined?.resumed, false)
    await Promise.all([owner.leave(), again.leave()])
  })

  test('A room whose last person was lost is closed', async () => {
    const client = await Client.register(daemon())
    const { id: room } = await client.createRoom()
    const alone = await client.joinCuttable(room)
    alone.cut()
    const rooms = async () => /^greenroom_rooms (\d+)/m.exec(await (await fetch(`${daemon().url}/metrics`)).text())?.[1]
    await eventually('the room is over', async () => (await rooms()) === '0', 5_000)
  })
})
