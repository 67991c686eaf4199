// SPDX-License-Identifier: LGPL-2.1-or-later
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { BanList, Message, Participant, ParticipantList } from '../../src/web/protocol/contract.ts'
import { Client, type RoomConnection } from '../lib/client.ts'
import { onBothStores } from '../lib/stores.ts'

const idsIn = (seat: RoomConnection) => seat.joined?.participants.map(({ id }) => id) ?? []
const leaveAll = (...seats: RoomConnection[]) => Promise.all(seats.map((seat) => seat.leave()))
const texts = (messages: Message[] | undefined) => messages?.map(({ text }) => text)

onBothStores({}, (daemon) => {
  /** A room with its owner inside, and guests who came after, all of whom the owner has seen come. */
  async function gathering(guests: number, room: Parameters<Client['createRoom']>[0] = {}) {
    const host = await Client.register(daemon())
    const { id } = await host.createRoom(room)
    const owner = await host.join(id)
    const seats: RoomConnection[] = []
    for (let n = 0; n < guests; n++) {
      seats.push(await (await Client.guest(daemon(), `Guest ${n}`)).join(id))
      await owner.next('participant-joined')
    }
    return { host, room: id, owner, seats, guest: seats[0] as RoomConnection }
  }

  test('Two people in a room see each other come and go', async () => {
    const { owner, guest, host, room } = await gathering(1)
    assert.deepEqual(idsIn(guest), [owner.me, guest.me])
    assert.deepEqual(idsIn(owner), [owner.me])
    const third = await new Client(daemon()).join(room, { name: 'Anonymous' })
    for (const seat of [owner, guest]) {
      const { participant } = await seat.next('participant-joined')
      assert.deepEqual(
        [participant.id, participant.name, participant.role, participant.stage, participant.userId],
        [third.me, 'Anonymous', 'guest', 'stage', null],
      )
    }
    assert.equal(third.joined?.participants.find(({ id }) => id === owner.me)?.userId, host.user?.id)
    await third.leave()
    for (const seat of [owner, guest]) {
      const left = await seat.next('participant-left')
      assert.deepEqual([left.participant, left.reason], [third.me, 'left'])
    }
    await leaveAll(owner, guest)
  })

  test('Who comes without an account says a name', async () => {
    const { owner, room } = await gathering(0)
    assert.equal((await new Client(daemon()).turnedAway('invalid_input', room)).field, 'name')
    await owner.leave()
  })

  test('An unknown room is not found', async () => {
    await (await Client.guest(daemon())).turnedAway('not_found', 'nowhere-at-all')
    await (await Client.guest(daemon())).turnedAway('not_found', '01890000-0000-7000-8000-000000000000')
  })

  test('What somebody sends, and a raised hand, are told to all', async () => {
    const { owner, guest } = await gathering(1)
    guest.send({ type: 'participant-status', audio: true, hand: true, streams: { camera: 'cam-1' } })
    for (const seat of [owner, guest]) {
      const { participant } = await seat.next('participant-status-updated')
      assert.deepEqual([participant.audio, participant.video, participant.hand], [true, false, true])
      assert.deepEqual(participant.streams, { camera: 'cam-1' })
      assert.ok(participant.handAt)
    }
    guest.send({ type: 'participant-status', video: true })
    const { participant } = await owner.next('participant-status-updated')
    assert.deepEqual([participant.audio, participant.video, participant.hand], [true, true, true], 'the rest stays')
    await leaveAll(owner, guest)
  })

  test('A host moves people on and off the stage; others only step down themselves', async () => {
    const { owner, guest, seats } = await gathering(2)
    const other = seats[1] as RoomConnection
    guest.send({ type: 'participant-status', audio: true, screen: true })
    await owner.next('participant-status-updated')

    other.send({ type: 'stage', participant: guest.me, stage: 'backstage' })
    assert.equal((await other.next('error')).error.code, 'forbidden')
    guest.send({ type: 'stage', participant: guest.me, stage: 'backstage' })
    const { participant } = await owner.next('participant-status-updated', (update) => update.participant.stage === 'backstage')
    assert.deepEqual([participant.audio, participant.screen], [false, false], 'who is off stage sends nothing')
    guest.send({ type: 'participant-status', audio: true })
    assert.equal((await guest.next('error')).error.code, 'conflict')
    guest.send({ type: 'stage', participant: guest.me, stage: 'stage' })
    assert.equal((await guest.next('error')).error.code, 'forbidden')
    owner.send({ type: 'stage', participant: guest.me, stage: 'stage' })
    await guest.next('participant-status-updated', (update) => update.participant.stage === 'stage')
    await leaveAll(owner, ...seats)
  })

  test('Who watches only is backstage and cannot be put on stage before getting another role', async () => {
    const { owner, host, room } = await gathering(0)
    const viewer = await (await Client.guest(daemon())).join(room, { watch: true })
    const { participant } = await owner.next('participant-joined')
    assert.deepEqual([participant.role, participant.stage], ['viewer', 'backstage'])
    owner.send({ type: 'stage', participant: viewer.me, stage: 'stage' })
    assert.equal((await owner.next('error')).error.field, 'stage')
    const made = await host.moderate(room, viewer.me, { role: 'guest', stage: 'stage' })
    assert.deepEqual([made.role, made.stage], ['guest', 'stage'])
    await leaveAll(owner, viewer)
  })

  test('Who waits sees nobody and is seen by hosts only, until let in', async () => {
    const { owner, host, room } = await gathering(0, { waitingRoom: true })
    const client = await Client.guest(daemon(), 'Inside')
    const inside = await client.join(room)
    assert.equal((await owner.next('participant-joined')).participant.stage, 'waiting')
    assert.deepEqual(idsIn(inside), [inside.me])
    await host.moderate(room, inside.me, { admit: true })
    const admitted = await inside.next('joined')
    assert.deepEqual(admitted.participants.map(({ id }) => id), [owner.me, inside.me])
    assert.equal((await owner.next('participant-status-updated')).participant.stage, 'stage')
    owner.send({ type: 'chat-message', text: 'before you came' })
    await inside.next('chat-message')

    const waiting = await (await Client.guest(daemon(), 'Outside')).join(room)
    assert.deepEqual([idsIn(waiting), waiting.joined?.messages], [[waiting.me], []])
    await owner.next('participant-joined', ({ participant }) => participant.id === waiting.me)
    owner.send({ type: 'chat-message', text: 'said meanwhile' })
    await inside.next('chat-message')
    waiting.send({ type: 'chat-message', text: 'hello?' })
    assert.equal((await waiting.next('error')).error.code, 'forbidden')
    waiting.send({ type: 'participant-status', audio: true })
    assert.equal((await waiting.next('error')).error.code, 'conflict')
    waiting.send({ type: 'stage', participant: waiting.me, stage: 'backstage' })
    assert.equal((await waiting.next('error')).error.code, 'conflict', 'stepping down is no way in')
    await inside.sawNone('participant-joined')
    await client.refused(403, 'forbidden', 'PATCH', `/api/rooms/${room}/participants/${waiting.me}`, { admit: true })

    await host.moderate(room, waiting.me, { admit: true })
    const all = await waiting.next('joined')
    assert.equal(all.participants.length, 3)
    assert.deepEqual(texts(all.messages), ['before you came'])
    assert.equal((await waiting.next('chat-message')).message.text, 'said meanwhile')
    assert.equal((await inside.next('participant-joined')).participant.id, waiting.me)
    await leaveAll(owner, inside, waiting)
  })

  test('Who is denied is told so, and others never knew', async () => {
    const { owner, host, room } = await gathering(0, { waitingRoom: true })
    const inside = await (await Client.guest(daemon())).join(room)
    await host.moderate(room, inside.me, { admit: true })
    await inside.next('joined')
    const waiting = await (await Client.guest(daemon())).join(room)
    await host.remove(room, waiting.me)
    assert.equal((await waiting.next('removed')).reason, 'denied')
    assert.equal((await waiting.untilClosed()).code, 1008)
    const left = await owner.next('participant-left')
    assert.deepEqual([left.participant, left.reason], [waiting.me, 'denied'])
    await inside.sawNone('participant-joined', 'participant-left')
    await leaveAll(owner, inside)
  })

  test('A host mutes, and only asks to unmute', async () => {
    const { owner, host, guest, room } = await gathering(1)
    guest.send({ type: 'participant-status', audio: true, video: true })
    await owner.next('participant-status-updated')
    const muted = await host.moderate(room, guest.me, { mute: ['audio'] })
    assert.deepEqual([muted.audio, muted.video], [false, true])
    const { media, by } = await guest.next('mute')
    assert.deepEqual([media, by], [['audio'], host.user?.name])
    assert.equal((await owner.next('participant-status-updated')).participant.audio, false)

    await host.moderate(room, guest.me, { askUnmute: ['audio'] })
    assert.deepEqual((await guest.next('ask-unmute')).media, ['audio'])
    const { items } = await host.call<ParticipantList>('GET', `/api/rooms/${room}/participants`)
    assert.equal(items.find(({ id }) => id === guest.me)?.audio, false, 'asking turns nothing on')
    await owner.sawNone('mute', 'ask-unmute')
    await leaveAll(owner, guest)
  })

  test('A host may host; a guest may not; the owner stays the owner', async () => {
    const { owner, host, room } = await gathering(0)
    const [ann, ben] = [await Client.register(daemon()), await Client.register(daemon())]
    const [a, b] = [await ann.join(room), await ben.join(room)]
    const path = (seat: RoomConnection) => `/api/rooms/${room}/participants/${seat.me}`
    await ann.refused(403, 'forbidden', 'PATCH', path(b), { mute: ['audio'] })
    await host.moderate(room, a.me, { role: 'host' })
    await a.next('participant-status-updated', ({ participant }) => participant.id === a.me && participant.role === 'host')
    await ann.moderate(room, b.me, { role: 'viewer' })
    assert.equal((await b.next('participant-status-updated', ({ participant }) => participant.id === b.me)).participant.role, 'viewer')
    await ann.refused(403, 'forbidden', 'DELETE', path(owner))
    await ann.refused(403, 'forbidden', 'PATCH', path(owner), { role: 'guest' })
    await ann.call('PATCH', `/api/rooms/${room}`, { title: 'By a host' })

    await leaveAll(a)
    await ann.refused(403, 'forbidden', 'PATCH', `/api/rooms/${room}`, { title: 'From outside' })
    const back = await ann.join(room)
    assert.equal(back.joined?.participants.find(({ id }) => id === back.me)?.role, 'host', 'who was made host stays host')
    await leaveAll(owner, back, b)
  })

  test('A change that makes no sense is not made by halves', async () => {
    const { owner, host, guest, room } = await gathering(1)
    const path = `/api/rooms/${room}/participants/${guest.me}`
    await host.refused(409, 'conflict', 'PATCH', path, { role: 'viewer', stage: 'stage' })
    await host.refused(400, 'invalid_input', 'PATCH', path, { role: 'viewer', mute: ['smell'] })
    const { items } = await host.call<ParticipantList>('GET', `/api/rooms/${room}/participants`)
    assert.equal(items.find(({ id }) => id === guest.me)?.role, 'guest')
    await owner.sawNone('participant-status-updated')
    await leaveAll(owner, guest)
  })

  test('A new host learns who waits', async () => {
    const { owner, host, room } = await gathering(0, { waitingRoom: true })
    const second = await (await Client.guest(daemon())).join(room)
    await host.moderate(room, second.me, { admit: true })
    await second.next('joined')
    const waiting = await (await Client.guest(daemon())).join(room)
    await owner.next('participant-joined', ({ participant }) => participant.id === waiting.me)
    await host.moderate(room, second.me, { role: 'host' })
    assert.equal((await second.next('participant-joined')).participant.id, waiting.me)
    await host.moderate(room, second.me, { role: 'guest' })
    assert.equal((await second.next('participant-left')).participant, waiting.me)
    await leaveAll(owner, second, waiting)
  })

  test('Who is kicked is told, and may come back', async () => {
    const { owner, host, room } = await gathering(0)
    const client = await Client.guest(daemon())
    const kicked = await client.join(room)
    await host.remove(room, kicked.me)
    assert.equal((await kicked.next('removed')).reason, 'kicked')
    assert.equal((await kicked.untilClosed()).code, 1008)
    assert.equal((await owner.next('participant-left')).reason, 'kicked')
    const again = await client.join(room, { resume: kicked.joined?.resume ?? '' })
    assert.equal(again.joined?.resumed, false, 'the token died with the seat')
    await host.refused(404, 'not_found', 'DELETE', `/api/rooms/${room}/participants/${kicked.me}`)
    await leaveAll(owner, again)
  })

  test('Who is banned stays out until the ban is lifted, by account and, without one, by address', async () => {
    const { owner, host, room } = await gathering(0)
    const client = await Client.register(daemon())
    const banned = await client.join(room)
    await host.remove(room, banned.me, true)
    assert.equal((await banned.next('removed')).reason, 'banned')
    assert.equal((await owner.next('participant-left')).reason, 'banned')
    await client.turnedAway('banned', room)
    await new Client(daemon()).turnedAway('banned', room, { name: 'Same address' })
    const elsewhere = await host.createRoom()
    await leaveAll(await client.join(elsewhere.id), await new Client(daemon()).join(elsewhere.id, { name: 'Same address' }))

    const { items } = await host.call<BanList>('GET', `/api/rooms/${room}/bans`)
    assert.deepEqual(items.map(({ name }) => name), [client.user?.name])
    await host.call('DELETE', `/api/rooms/${room}/bans/${items[0]?.id}`)
    await leaveAll(owner, await client.join(room))
  })

  test('Chat reaches everyone in the order it was written, and newcomers read what went before', async () => {
    const { owner, host, guest, room } = await gathering(1)
    const said = Array.from({ length: 10 }, (_, n) => `message ${n}`)
    said.forEach((text, n) => (n % 2 ? owner : guest).send({ type: 'chat-message', text }))
    const heard: Message[] = []
    for (const _ of said) heard.push((await owner.next('chat-message')).message)
    assert.deepEqual(texts(heard)?.sort(), said)
    for (const { id } of heard) assert.equal((await guest.next('chat-message')).message.id, id, 'all see the same order')

    const late = await (await Client.guest(daemon())).join(room)
    assert.deepEqual(late.joined?.messages, heard)
    const { items } = await host.call<{ items: Message[] }>('GET', `/api/rooms/${room}/messages?limit=3`)
    assert.deepEqual(items, heard.slice(-3).reverse())
    await leaveAll(owner, guest, late)
  })

  test('A message taken away goes for everyone and for good', async () => {
    const { owner, host, guest, room } = await gathering(1)
    guest.send({ type: 'chat-message', text: 'not nice' })
    const { message } = await owner.next('chat-message')
    await host.call('DELETE', `/api/rooms/${room}/messages/${message.id}`)
    for (const seat of [owner, guest]) assert.equal((await seat.next('chat-message-removed')).id, message.id)
    assert.deepEqual((await host.call<{ items: Message[] }>('GET', `/api/rooms/${room}/messages`)).items, [])
    await host.refused(404, 'not_found', 'DELETE', `/api/rooms/${room}/messages/${message.id}`)
    await leaveAll(owner, guest)
  })

  test('Chat outlives the room being empty, and only those inside read it', async () => {
    const { owner, host, guest, room } = await gathering(1)
    owner.send({ type: 'chat-message', text: 'kept' })
    await guest.next('chat-message')
    await leaveAll(owner, guest)
    const outsider = await Client.guest(daemon())
    await outsider.refused(403, 'forbidden', 'GET', `/api/rooms/${room}/messages`)
    const back = await outsider.join(room)
    assert.deepEqual(texts(back.joined?.messages), ['kept'])
    await outsider.call('GET', `/api/rooms/${room}/messages`)
    await host.call('GET', `/api/rooms/${room}/messages`)
    await back.leave()
  })

  test('A flood of messages is held up for its writer alone', async () => {
    const { owner, guest } = await gathering(1)
    for (let n = 0; n < 20; n++) guest.send({ type: 'chat-message', text: `flood ${n}` })
    const { error, to } = await guest.next('error')
    assert.deepEqual([error.code, to], ['rate_limited', 'chat-message'])
    await owner.sawNone('error')
    await leaveAll(owner, guest)
  })

  test('Signalling goes to the one it is for, from whom the server says', async () => {
    const { owner, guest, seats } = await gathering(2)
    const third = seats[1] as RoomConnection
    guest.send({ type: 'offer', to: owner.me, from: third.me, sdp: 'v=0 offer' })
    assert.deepEqual(await owner.next('offer'), { type: 'offer', sdp: 'v=0 offer', from: guest.me })
    owner.send({ type: 'answer', to: guest.me, sdp: 'v=0 answer' })
    assert.deepEqual(await guest.next('answer'), { type: 'answer', sdp: 'v=0 answer', from: owner.me })
    const candidate = { candidate: 'candidate:1 1 udp 1 192.0.2.1 9 typ host', sdpMid: '0', sdpMLineIndex: 0, usernameFragment: 'ab' }
    guest.send({ type: 'ice-candidate', to: owner.me, candidate })
    assert.deepEqual(await owner.next('ice-candidate'), { type: 'ice-candidate', candidate, from: guest.me })
    await third.sawNone('offer', 'answer', 'ice-candidate')
    /* Without `to` it is for the hub, which does not carry this room. */
    guest.send({ type: 'offer', sdp: 'v=0' })
    assert.equal((await guest.next('error')).error.code, 'conflict')
    guest.send({ type: 'answer', sdp: 'v=0' })
    assert.equal((await guest.next('error')).error.field, 'to')
    await leaveAll(owner, ...seats)
  })

  test('Signalling crosses neither into another room nor to or from the waiting list', async () => {
    const { owner, host, room, guest } = await gathering(1)
    const { owner: stranger } = await gathering(0)
    const nobody = async (from: RoomConnection, to: string) => {
      from.send({ type: 'offer', to, sdp: 'v=0' })
      assert.equal((await from.next('error')).error.code, 'not_found')
    }
    await nobody(stranger, owner.me)
    await host.updateRoom(room, { waitingRoom: true })
    const waiting = await (await Client.guest(daemon())).join(room)
    await nobody(waiting, owner.me)
    await nobody(guest, waiting.me)
    await nobody(owner, owner.me)
    await owner.sawNone('offer')
    await leaveAll(owner, guest, waiting, stranger)
  })

  test('A change of the room is told to all inside, and to the owner as their own', async () => {
    const { owner, host, guest, room } = await gathering(1)
    await host.updateRoom(room, { title: 'New title' })
    const told = [await owner.next('room-updated'), await guest.next('room-updated')]
    assert.deepEqual(told.map(({ room: { title, mine } }) => [title, mine]), [['New title', true], ['New title', false]])
    await leaveAll(owner, guest)
  })

  test('A connection has one room', async () => {
    const { owner, room } = await gathering(0)
    owner.send({ type: 'join', room, name: 'Twice' })
    assert.equal((await owner.next('error')).error.code, 'conflict')
    await owner.sawNone('participant-joined')
    await owner.leave()
  })

  test('Hosts list who is inside and who waits', async () => {
    const { owner, host, room } = await gathering(0, { waitingRoom: true })
    const client = await Client.guest(daemon(), 'Waits')
    const waiting = await client.join(room)
    const { items } = await host.call<{ items: Participant[] }>('GET', `/api/rooms/${room}/participants`)
    assert.deepEqual(items.map(({ stage }) => stage), ['stage', 'waiting'])
    await client.refused(403, 'forbidden', 'GET', `/api/rooms/${room}/participants`)
    await leaveAll(owner, waiting)
  })
})
