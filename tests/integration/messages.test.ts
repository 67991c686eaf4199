// SPDX-License-Identifier: LGPL-2.1-or-later
/** What the daemon sends over WebSockets, held against schemas/ws. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Client, type RoomConnection } from '../lib/client.ts'
import { Contract } from '../lib/contract.ts'
import { Daemon } from '../lib/daemon.ts'

/** Sent where the hub carries a room; tests/web/hub.test.ts holds them against the schemas. */
const ofTheHub = ['active-speakers', 'codecs', 'media', 'quality', 'slots', 'track-added', 'track-removed']
/** Sent while a show is made; tests/integration/studio.test.ts does. */
const ofTheStudio = [
  'brand',
  'broadcast-ended',
  'broadcast-started',
  'broadcast-updated',
  'destination',
  'destination-removed',
  'recording',
  'scene',
]

test('Every message of the server is sent, and as the schemas say', async () => {
  const daemon = await Daemon.start()
  const contract = await Contract.read(daemon.url)
  const seen = new Set<string>()
  const take = (seat: RoomConnection) => {
    for (const message of seat.take()) seen.add(contract.checkMessage(message))
  }
  /** Waits for @type, and checks all that came before it, too. */
  const until = async (seat: RoomConnection, type: string) => {
    for (;;) {
      const message = await seat.any()
      seen.add(contract.checkMessage(message))
      if (message.type === type) return
    }
  }

  const host = await Client.register(daemon)
  const { id: room } = await host.createRoom({ waitingRoom: true })
  const owner = await host.connect()
  owner.send({ type: 'join', room, token: host.token ?? '' })
  await until(owner, 'joined')
  const guest = await (await Client.guest(daemon)).join(room)
  seen.add(contract.checkMessage(guest.joined))
  await until(owner, 'participant-joined')
  await host.moderate(room, guest.me, { admit: true })
  await until(guest, 'joined')
  await until(owner, 'participant-status-updated')
  owner.send({ type: 'chat-message', text: 'hello' })
  await until(guest, 'chat-message')
  const { items } = await host.call<{ items: { id: string }[] }>('GET', `/api/rooms/${room}/messages`)
  await host.call('DELETE', `/api/rooms/${room}/messages/${items[0]?.id}`)
  await until(guest, 'chat-message-removed')
  for (const type of ['offer', 'answer'] as const) owner.send({ type, to: guest.me, sdp: 'v=0' })
  owner.send({ type: 'ice-candidate', to: guest.me, candidate: { candidate: '', sdpMid: null } })
  await until(guest, 'ice-candidate')
  await host.moderate(room, guest.me, { mute: ['audio', 'screen'], askUnmute: ['audio'] })
  await until(guest, 'ask-unmute')
  await host.updateRoom(room, { description: 'Changed' })
  await until(guest, 'room-updated')
  guest.sendText('{"type":"join"}')
  await until(guest, 'error')
  await host.remove(room, guest.me)
  await until(guest, 'removed')
  await until(owner, 'participant-left')
  daemon.terminate()
  await until(owner, 'reconnecting')
  take(owner)
  take(guest)
  await daemon.stop()
  assert.deepEqual([...seen, ...ofTheHub, ...ofTheStudio].sort(), contract.serverMessages)
})

test('A description may fill a message, and anything else may not be as long', async () => {
  const daemon = await Daemon.start()
  const contract = await Contract.read(daemon.url)
  const host = await Client.register(daemon)
  const { id: room } = await host.createRoom({})
  const owner = await host.join(room)
  const guest = await (await Client.guest(daemon)).join(room)
  /* 132 KiB in 4,096 lines, as src/media/hub/sdp.h has it; in JSON each line end takes two bytes more. */
  const sdp = `${'x'.repeat(31)}\r\n`.repeat(4096).slice(0, 135_168)
  for (const type of ['offer', 'answer'] as const) {
    owner.send({ type, to: guest.me, sdp })
    const passed = await guest.next(type)
    contract.checkMessage(passed)
    assert.equal(passed.sdp, sdp)
    owner.send({ type, to: guest.me, sdp: `${sdp}x`.padEnd(135_169, 'x') })
    assert.deepEqual(await refusal(owner), ['invalid_input', 'sdp'])
  }
  owner.sendText(JSON.stringify({ type: 'chat-message', text: 'x'.repeat(64 * 1024) }))
  assert.deepEqual(await refusal(owner), ['too_large', undefined])
  await daemon.stop()
})

const refusal = async (seat: RoomConnection) => {
  const { error } = await seat.next('error')
  return [error.code, error.field]
}
