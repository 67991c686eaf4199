// SPDX-License-Identifier: LGPL-2.1-or-later
/** Rights that end, end on the open socket: whoever is inside is judged again when their account changes. */
import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import type { Session } from '../../src/web/protocol/contract.ts'
import { Client, type RoomConnection } from '../lib/client.ts'
import { withDaemon } from '../lib/stores.ts'

const password = 'correct horse'

/** The seat's last message says why, and its socket is closed. */
async function signedOut(seat: RoomConnection) {
  assert.equal((await seat.next('removed')).reason, 'signed-out')
  assert.equal((await seat.untilClosed()).code, 1008)
}

describe('whoever is inside', () => {
  const daemon = withDaemon()
  let admin: Client

  before(async () => {
    admin = await Client.register(daemon(), { setup: await daemon().setupToken() })
  })

  test('A session that is revoked elsewhere leaves its room at once; the other sessions stay', async () => {
    const email = 'ann.two@example.org'
    const laptop = await Client.register(daemon(), { email, password })
    const phone = await Client.login(daemon(), email, password)
    const { id: room } = await laptop.createRoom()
    const here = await laptop.join(room)
    const there = await phone.join(room)
    await here.next('participant-joined')

    const { items } = await laptop.call<{ items: Session[] }>('GET', '/api/auth/sessions')
    await laptop.call('DELETE', `/api/auth/sessions/${items.find(({ current }) => !current)?.id}`)
    await signedOut(there)
    const left = await here.next('participant-left')
    assert.deepEqual([left.participant, left.reason], [there.me, 'left'])
    const error = await phone.turnedAway('token_invalid', room, { resume: there.joined?.resume ?? '' })
    assert.equal(error.code, 'token_invalid')
    here.send({ type: 'chat-message', text: 'still here' })
    await here.next('chat-message')
    await here.leave()
  })

  test('Signing out and a new password do the same', async () => {
    const email = 'bob.two@example.org'
    const laptop = await Client.register(daemon(), { email, password })
    const phone = await Client.login(daemon(), email, password)
    const tablet = await Client.login(daemon(), email, password)
    const { id: room } = await laptop.createRoom()
    const [here, there, elsewhere] = await Promise.all([laptop, phone, tablet].map((client) => client.join(room)))
    assert.ok(here && there && elsewhere)
    await phone.call('POST', '/api/auth/logout')
    await signedOut(there)
    await laptop.call('PATCH', '/api/auth/me', { password: 'another horse', currentPassword: password })
    await signedOut(elsewhere)
    here.send({ type: 'chat-message', text: 'still here' })
    await here.next('chat-message')
    await here.leave()
  })

  test('A guest who signs out leaves; somebody without an account is nobody else’s business', async () => {
    const host = await Client.register(daemon())
    const { id: room } = await host.createRoom()
    const owner = await host.join(room)
    const guest = await Client.guest(daemon())
    const seat = await guest.join(room)
    const anonymous = await new Client(daemon()).join(room, { name: 'Passer-by' })
    await guest.call('POST', '/api/auth/logout')
    await signedOut(seat)
    anonymous.send({ type: 'chat-message', text: 'still here' })
    assert.equal((await owner.next('chat-message')).message.text, 'still here')
    await Promise.all([owner.leave(), anonymous.leave()])
  })

  test('A moderator who is one no more has to come in anew, and may not do what moderators may', async () => {
    const host = await Client.register(daemon())
    const { id: room } = await host.createRoom({ visibility: 'unlisted' })
    const owner = await host.join(room)
    const guest = await (await Client.guest(daemon())).join(room)
    const moderator = await Client.register(daemon())
    const role = (role: string) => admin.call('PATCH', `/api/users/${moderator.user?.id}`, { role })
    await role('moderator')
    const seat = await moderator.join(room)
    seat.send({ type: 'stage', participant: guest.me, stage: 'backstage' })
    await guest.next('participant-status-updated', ({ participant }) => participant.stage === 'backstage')

    await role('user')
    assert.equal((await seat.untilClosed()).code, 1013)
    const left = await owner.next('participant-left')
    assert.deepEqual([left.participant, left.reason], [seat.me, 'lost'])
    const back = await moderator.join(room, { resume: seat.joined?.resume ?? '' })
    assert.equal(back.joined?.resumed, false)
    back.send({ type: 'stage', participant: guest.me, stage: 'stage' })
    assert.equal((await back.next('error')).error.code, 'forbidden')
    await Promise.all([owner.leave(), guest.leave(), back.leave()])
  })

  test('Whoever becomes a moderator may act on the socket that is open', async () => {
    const host = await Client.register(daemon())
    const { id: room } = await host.createRoom({ visibility: 'unlisted' })
    const guest = await (await Client.guest(daemon())).join(room)
    const helper = await Client.register(daemon())
    const seat = await helper.join(room)
    seat.send({ type: 'stage', participant: guest.me, stage: 'backstage' })
    assert.equal((await seat.next('error')).error.code, 'forbidden')
    await admin.call('PATCH', `/api/users/${helper.user?.id}`, { role: 'moderator' })
    /* It is told nothing: rights are looked at when they are used. */
    for (let tries = 0; ; tries++) {
      seat.send({ type: 'stage', participant: guest.me, stage: 'backstage' })
      const answer = await seat.any()
      if (answer.type === 'participant-status-updated') break
      assert.ok(tries < 50, 'the role counts')
    }
    await Promise.all([guest.leave(), seat.leave()])
  })

  test('Who is banned is told so before they try to come in', async () => {
    const host = await Client.register(daemon())
    const { id: room, slug } = await host.createRoom({ visibility: 'public' })
    const owner = await host.join(room)
    const pest = await Client.register(daemon())
    const seat = await pest.join(room)
    await host.remove(room, seat.me, true)
    assert.equal((await seat.next('removed')).reason, 'banned')
    for (const address of [room, slug]) await pest.refused(403, 'banned', 'GET', `/api/rooms/${address}`)
    await host.call('GET', `/api/rooms/${slug}`)
    const { items } = await host.call<{ items: { id: string }[] }>('GET', `/api/rooms/${room}/bans`)
    await host.call('DELETE', `/api/rooms/${room}/bans/${items[0]?.id}`)
    await pest.call('GET', `/api/rooms/${slug}`)
    await owner.leave()
  })
})
