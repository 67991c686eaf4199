// SPDX-License-Identifier: LGPL-2.1-or-later
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Invite, InviteList, Room, RoomList } from '../../src/web/protocol/contract.ts'
import { Client } from '../lib/client.ts'
import { onBothStores, withDaemon } from '../lib/stores.ts'

const titles = ({ items }: RoomList) => items.map(({ title }) => title)

/** All pages of a list, by `next`. */
async function pages<T>(client: Client, path: string, limit: number): Promise<T[][]> {
  const all: T[][] = []
  for (let after: string | null = ''; after !== null; ) {
    const page: { items: T[]; next: string | null } = await client.call('GET', `${path}limit=${limit}${after && `&after=${after}`}`)
    all.push(page.items)
    after = page.next
    assert.ok(all.length < 20, 'the pages come to an end')
  }
  return all
}

onBothStores({ settings: { 'rooms.capacity': '4', 'rooms.capacity-max': '6' } }, (daemon) => {
  test('A new room has an address to speak aloud, the capacity of the server, and only those with the link find it', async () => {
    const host = await Client.register(daemon())
    const room = await host.createRoom({ title: 'Tea' })
    assert.match(room.slug, /^[a-z]+-[a-z]+-\d+$/)
    const { title, description, visibility, capacity, waitingRoom, guests, locked, participants, inside, mine } = room
    assert.deepEqual(
      { title, description, visibility, capacity, waitingRoom, guests, locked, participants, inside, mine },
      {
        title: 'Tea', description: '', visibility: 'unlisted', capacity: 4, waitingRoom: false, guests: true, locked: false,
        participants: 0, inside: [], mine: true,
      },
    )
    assert.deepEqual(room.owner, { id: host.user?.id, name: host.user?.name })

    const stranger = new Client(daemon())
    assert.deepEqual(await stranger.call<Room>('GET', `/api/rooms/${room.slug}`), { ...room, mine: false })
    assert.ok(!titles(await stranger.call<RoomList>('GET', '/api/rooms')).includes('Tea'))
    assert.deepEqual(titles(await host.call<RoomList>('GET', '/api/rooms?scope=mine')), ['Tea'])
  })

  test('A room is changed by its owner only, and only in what is named', async () => {
    const host = await Client.register(daemon())
    const room = await host.createRoom({ title: 'Before', description: 'As it was' })
    const changed = await host.updateRoom(room.id, { title: 'After', slug: 'after-all', waitingRoom: true, visibility: 'public' })
    assert.deepEqual(changed, { ...room, title: 'After', slug: 'after-all', waitingRoom: true, visibility: 'public' })
    assert.deepEqual(await host.call<Room>('GET', '/api/rooms/after-all'), changed)
    await host.refused(404, 'not_found', 'GET', `/api/rooms/${room.slug}`)

    const other = await Client.register(daemon())
    await other.refused(403, 'forbidden', 'PATCH', `/api/rooms/${room.id}`, { title: 'Theirs' })
    await other.refused(403, 'forbidden', 'DELETE', `/api/rooms/${room.id}`)
    assert.equal((await host.call<Room>('GET', `/api/rooms/${room.id}`)).title, 'After')
  })

  test('Changes made at the same time are all kept, and told to those inside', async () => {
    const host = await Client.register(daemon())
    for (let round = 0; round < 5; round++) {
      const { id } = await host.createRoom()
      const seat = await host.join(id)
      const changes = { title: 'Other', description: 'Other', visibility: 'public', capacity: 5, waitingRoom: true, guests: false, locked: true }
      await Promise.all(Object.entries(changes).map(([name, value]) => host.updateRoom(id, { [name]: value })))
      const stored = await host.call<Room>('GET', `/api/rooms/${id}`)
      assert.deepEqual({ ...stored, ...changes }, stored)
      await seat.drop()
      const back = await host.join(id, { resume: seat.joined?.resume ?? '' })
      assert.deepEqual({ ...back.joined?.room, ...changes }, back.joined?.room)
      await back.leave()
    }
  })

  test('An address belongs to one room', async () => {
    const host = await Client.register(daemon())
    await host.createRoom({ slug: 'corner-table' })
    const taken = await host.refused(409, 'slug_taken', 'POST', '/api/rooms', { title: 'Second', slug: 'corner-table' })
    assert.equal(taken.field, 'slug')
    const second = await host.createRoom()
    await host.refused(409, 'slug_taken', 'PATCH', `/api/rooms/${second.id}`, { slug: 'corner-table' })
  })

  test('Bad values are refused by their field, and nothing changes', async () => {
    const host = await Client.register(daemon())
    const room = await host.createRoom()
    const bad = { title: ' ', slug: 'No Spaces', capacity: 7, visibility: 'secret', locked: 'yes', description: 'x'.repeat(2001) }
    for (const [field, value] of Object.entries(bad)) {
      const error = await host.refused(400, 'invalid_input', 'PATCH', `/api/rooms/${room.id}`, { title: 'Changed', [field]: value })
      assert.equal(error.field, field)
    }
    assert.deepEqual(await host.call<Room>('GET', `/api/rooms/${room.id}`), room)
    assert.equal((await host.refused(400, 'invalid_input', 'POST', '/api/rooms', {})).field, 'title')
    assert.equal((await host.refused(400, 'invalid_input', 'GET', '/api/rooms?limit=0')).field, 'limit')
    assert.equal((await host.refused(400, 'invalid_input', 'GET', '/api/rooms?after=yesterday')).field, 'after')
  })

  test('A private room shows itself to its owner, to who was inside, to moderators and for an invite', async () => {
    const host = await Client.register(daemon())
    const member = await Client.register(daemon())
    const room = await host.createRoom({ visibility: 'private' })
    const path = `/api/rooms/${room.slug}`
    assert.equal((await member.refused(403, 'invite_required', 'GET', path)).field, 'invite')
    await new Client(daemon()).refused(403, 'invite_required', 'GET', path)
    await new Client(daemon()).refused(404, 'not_found', 'GET', `/api/invites/${room.slug}`)
    await member.turnedAway('invite_required', room.id)

    const { code } = await host.invite(room.id)
    assert.equal((await new Client(daemon()).call<Room>('GET', `/api/invites/${code}`)).id, room.id)
    await new Client(daemon()).call('GET', `${path}?invite=${code}`)
    const seat = await member.join(room.id, { invite: code })
    await seat.leave()
    await member.call('GET', path)
    await (await member.join(room.id)).leave()
    await host.call('GET', path)
  })

  test('An invite to one room does not open another', async () => {
    const host = await Client.register(daemon())
    const [one, two] = [await host.createRoom({ visibility: 'private' }), await host.createRoom({ visibility: 'private' })]
    const { code } = await host.invite(one.id)
    const guest = await Client.guest(daemon())
    await guest.turnedAway('not_found', two.id, { invite: code })
    await guest.refused(403, 'invite_required', 'GET', `/api/rooms/${two.id}?invite=${code}`)
    await host.refused(404, 'not_found', 'DELETE', `/api/rooms/${two.id}/invites/${code}`)
  })

  test('An invite gives its role, counts its uses and ends with them', async () => {
    const host = await Client.register(daemon())
    const room = await host.createRoom({ visibility: 'private' })
    const invite = await host.invite(room.id, { role: 'viewer', uses: 1, expiresIn: 60 })
    assert.ok(invite.url.endsWith(`/r/${room.slug}?invite=${invite.code}`), invite.url)
    const [first, second] = [await Client.guest(daemon()), await Client.guest(daemon())]
    const seat = await first.join(room.id, { invite: invite.code })
    assert.equal(seat.joined?.participants.find(({ id }) => id === seat.me)?.role, 'viewer')

    assert.equal((await second.turnedAway('invite_expired', room.id, { invite: invite.code })).field, 'invite')
    await second.refused(410, 'invite_expired', 'GET', `/api/invites/${invite.code}`)
    assert.deepEqual((await host.call<InviteList>('GET', `/api/rooms/${room.id}/invites`)).items, [])
    await seat.leave()
  })

  test('An invite runs out and can be taken back', async () => {
    const host = await Client.register(daemon())
    const room = await host.createRoom({ visibility: 'private' })
    const invite = await host.invite(room.id)
    assert.ok(Math.abs(Date.parse(invite.expiresAt) - Date.parse(invite.createdAt) - 7 * 86_400_000) < 1000, 'a week')
    const listed = await host.call<{ items: Invite[] }>('GET', `/api/rooms/${room.id}/invites`)
    assert.deepEqual(listed.items, [invite])
    await host.call('DELETE', `/api/rooms/${room.id}/invites/${invite.code}`)
    await (await Client.guest(daemon())).turnedAway('not_found', room.id, { invite: invite.code })
    const short = await host.refused(400, 'invalid_input', 'POST', `/api/rooms/${room.id}/invites`, { expiresIn: 59 })
    assert.equal(short.field, 'expiresIn')
  })

  test('Lists come in pages that neither repeat nor leave out', async () => {
    const host = await Client.register(daemon())
    const made: string[] = []
    for (let n = 0; n < 5; n++) made.unshift((await host.createRoom({ title: `Page ${n}`, visibility: 'public' })).id)
    const mine = await pages<Room>(host, '/api/rooms?scope=mine&', 2)
    assert.deepEqual(mine.map((page) => page.map(({ id }) => id)), [made.slice(0, 2), made.slice(2, 4), made.slice(4)])
    const all = (await pages<Room>(new Client(daemon()), '/api/rooms?', 3)).flat().map(({ id }) => id)
    assert.deepEqual(all.filter((id) => made.includes(id)), made)
    assert.equal(new Set(all).size, all.length)
  })

  test('A room of two seats two, however many come at once', async () => {
    const host = await Client.register(daemon())
    const room = await host.createRoom({ capacity: 2 })
    const guests = await Promise.all(Array.from({ length: 8 }, () => Client.guest(daemon())))
    const outcomes = await Promise.allSettled(guests.map((guest) => guest.join(room.id)))
    const seats = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []))
    assert.equal(seats.length, 2)
    for (const outcome of outcomes) if (outcome.status === 'rejected') assert.match(String(outcome.reason), /room_full/)
    assert.equal((await host.call<Room>('GET', `/api/rooms/${room.id}`)).participants, 2)

    await host.turnedAway('room_full', room.id)
    await seats[0]?.leave()
    await (await host.join(room.id)).leave()
    await host.updateRoom(room.id, { capacity: 3 })
    await (await guests[0]?.join(room.id))?.leave()
    await seats[1]?.leave()
  })

  test('A locked room lets nobody new in but its owner; who is inside stays', async () => {
    const host = await Client.register(daemon())
    const room = await host.createRoom()
    const inside = await (await Client.guest(daemon())).join(room.id)
    await host.updateRoom(room.id, { locked: true })
    assert.equal((await inside.next('room-updated')).room.locked, true)
    await (await Client.guest(daemon())).turnedAway('room_locked', room.id)
    const owner = await host.join(room.id)
    await inside.sawNone('removed')
    await host.updateRoom(room.id, { locked: false })
    await (await (await Client.guest(daemon())).join(room.id)).leave()
    await Promise.all([inside.leave(), owner.leave()])
  })

  test('A room for people with an account turns guests away', async () => {
    const host = await Client.register(daemon())
    const room = await host.createRoom({ guests: false })
    await (await Client.guest(daemon())).turnedAway('forbidden', room.id)
    await new Client(daemon()).turnedAway('forbidden', room.id, { name: 'Nobody' })
    await (await (await Client.register(daemon())).join(room.id)).leave()
  })

  test('Deleting a room closes it for everyone and leaves nothing', async () => {
    const host = await Client.register(daemon())
    const room = await host.createRoom({ waitingRoom: true })
    const owner = await host.join(room.id)
    const waiting = await (await Client.guest(daemon())).join(room.id)
    await host.call('DELETE', `/api/rooms/${room.id}`)
    for (const seat of [owner, waiting]) {
      assert.equal((await seat.next('removed')).reason, 'closed')
      assert.equal((await seat.untilClosed()).code, 1008)
    }
    await host.refused(404, 'not_found', 'GET', `/api/rooms/${room.id}`)
    await host.turnedAway('not_found', room.id)
    await host.refused(404, 'not_found', 'DELETE', `/api/rooms/${room.id}`)
  })

  test('A list of rooms tells who is inside, but not who waits', async () => {
    const host = await Client.register(daemon(), { name: 'Shown' })
    const room = await host.createRoom({ visibility: 'public', waitingRoom: true })
    const owner = await host.join(room.id)
    const waiting = await (await Client.guest(daemon(), 'Hidden')).join(room.id)
    const listed = (await new Client(daemon()).call<RoomList>('GET', '/api/rooms')).items.find(({ id }) => id === room.id)
    assert.deepEqual([listed?.participants, listed?.inside], [1, ['Shown']])
    await Promise.all([owner.leave(), waiting.leave()])
  })
})

describe('without settings of its own', () => {
  const daemon = withDaemon()

  test('A room has fifteen seats and may have five hundred', async () => {
    const host = await Client.register(daemon())
    assert.equal((await host.createRoom()).capacity, 15)
    assert.equal((await host.createRoom({ capacity: 500 })).capacity, 500)
    assert.equal((await host.refused(400, 'invalid_input', 'POST', '/api/rooms', { title: 'x', capacity: 501 })).field, 'capacity')
  })
})
