/* SPDX-License-Identifier: LGPL-2.1-or-later */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { ClientMessage, JoinedEvent, ServerMessage } from './contract'
import { RoomSocket, type SocketEnd, type WebSocketLike } from './socket'

class FakeSocket implements WebSocketLike {
  onopen: WebSocket['onopen'] = null
  onmessage: WebSocket['onmessage'] = null
  onclose: WebSocket['onclose'] = null
  readonly sent: ClientMessage[] = []
  closed = false

  send(text: string): void {
    this.sent.push(JSON.parse(text) as ClientMessage)
  }
  close(): void {
    this.closed = true
  }
  async open(): Promise<void> {
    this.onopen?.call(this as unknown as WebSocket, {} as Event)
    await vi.advanceTimersByTimeAsync(0)
  }
  say(message: ServerMessage): void {
    this.onmessage?.call(this as unknown as WebSocket, { data: JSON.stringify(message) } as MessageEvent)
  }
  drop(): void {
    this.onclose?.call(this as unknown as WebSocket, {} as CloseEvent)
  }
}

const joined = (me: string, resume: string, resumed = false) =>
  ({
    type: 'joined',
    me,
    resume,
    resumed,
    room: { id: 'room-id' },
    participants: [],
    messages: [],
    iceServers: [],
    mode: 'p2p',
  }) as unknown as JoinedEvent

function make(stored: Record<string, string> = {}) {
  const sockets: FakeSocket[] = []
  const states: string[] = []
  const ends: SocketEnd[] = []
  const token = vi.fn(async () => 'jwt' as string | null)
  const storage = {
    getItem: (key: string) => stored[key] ?? null,
    setItem: (key: string, value: string) => void (stored[key] = value),
    removeItem: (key: string) => void delete stored[key],
  }
  const connect = () => {
    const socket = new FakeSocket()
    sockets.push(socket)
    return socket
  }
  const room = new RoomSocket({ connect, address: () => 'ws://x/ws', token, storage, random: () => 1 })
  room.onState = (state) => states.push(state)
  room.onEnd = (end) => ends.push(end)
  return { room, sockets, states, ends, token, stored, last: () => sockets[sockets.length - 1]! }
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe('the room socket', () => {
  it('comes back to the same seat and then sends what had to wait', async () => {
    const { room, last, states, sockets } = make()
    room.join({ room: 'mill', name: 'Ada' })
    await last().open()
    expect(last().sent).toEqual([{ type: 'join', room: 'mill', name: 'Ada', token: 'jwt' }])
    last().say(joined('p1', 'r1'))

    last().drop()
    expect(room.send({ type: 'chat-message', text: 'hello' })).toBe(true)
    expect(room.send({ type: 'offer', sdp: 'v=0', to: 'p2' })).toBe(true)
    await vi.advanceTimersByTimeAsync(100)
    expect(sockets).toHaveLength(2)
    await last().open()
    expect(last().sent[0]).toMatchObject({ type: 'join', room: 'room-id', resume: 'r1' })
    last().say(joined('p1', 'r2', true))
    expect(
      last()
        .sent.slice(1)
        .map((message) => message.type),
    ).toEqual(['chat-message', 'offer'])
    expect(states).toEqual(['connecting', 'joined', 'reconnecting', 'joined'])
  })

  it('keeps the words but not the offers when the seat was lost', async () => {
    const { room, last } = make()
    room.join({ room: 'mill' })
    await last().open()
    last().say(joined('p1', 'r1'))
    last().drop()
    room.send({ type: 'offer', sdp: 'v=0', to: 'p2' })
    room.send({ type: 'chat-message', text: 'hello' })
    await vi.advanceTimersByTimeAsync(100)
    await last().open()
    last().say(joined('p9', 'r9'))
    expect(
      last()
        .sent.slice(1)
        .map((message) => message.type),
    ).toEqual(['chat-message'])
  })

  it('waits longer after each try, and never longer than ten seconds', async () => {
    const { room, sockets, last } = make()
    room.join({ room: 'mill' })
    await last().open()
    last().say(joined('p1', 'r1'))
    for (const delay of [100, 500, 1000, 2000, 4000, 8000, 10_000, 10_000]) {
      const before = sockets.length
      last().drop()
      await vi.advanceTimersByTimeAsync(delay - 1)
      expect(sockets).toHaveLength(before)
      await vi.advanceTimersByTimeAsync(1)
      expect(sockets).toHaveLength(before + 1)
    }
    last().drop()
    room.retryNow()
    expect(sockets).toHaveLength(10)
  })

  it('stays away as long as a server that restarts asks for', async () => {
    const { room, sockets, last } = make()
    const heard: string[] = []
    room.onMessage = (message) => heard.push(message.type)
    room.join({ room: 'mill' })
    await last().open()
    last().say(joined('p1', 'r1'))
    last().say({ type: 'reconnecting', after: 3000 })
    expect(heard).toEqual(['joined', 'reconnecting'])
    room.retryNow()
    await vi.advanceTimersByTimeAsync(3000)
    expect(sockets).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(100)
    expect(sockets).toHaveLength(2)
  })

  it('is over for good once somebody was removed', async () => {
    const { room, sockets, last, ends, stored } = make()
    room.join({ room: 'mill' })
    await last().open()
    last().say(joined('p1', 'r1'))
    expect(stored['greenroom.seat']).toContain('r1')
    last().say({ type: 'removed', reason: 'kicked' })
    last().drop()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(sockets).toHaveLength(1)
    expect(ends).toEqual([{ kind: 'removed', reason: 'kicked' }])
    expect(stored['greenroom.seat']).toBeUndefined()
    expect(room.send({ type: 'leave' })).toBe(false)
  })

  it('gives up at once on a full room, and tries again on a busy server', async () => {
    const full = make()
    full.room.join({ room: 'mill' })
    await full.last().open()
    full.last().say({ type: 'error', error: { code: 'room_full', message: 'Full' } })
    expect(full.ends).toMatchObject([{ kind: 'error', error: { code: 'room_full' } }])

    const busy = make()
    busy.room.join({ room: 'mill' })
    await busy.last().open()
    busy.last().say({ type: 'error', error: { code: 'busy', message: 'Later' }, to: 'join' })
    await vi.advanceTimersByTimeAsync(100)
    expect(busy.sockets).toHaveLength(2)
    expect(busy.ends).toEqual([])
  })

  it('tells somebody who never got in that nothing answers', async () => {
    const { room, last, ends } = make()
    room.join({ room: 'mill' })
    for (let attempt = 0; attempt < 5; attempt++) {
      last().drop()
      await vi.advanceTimersByTimeAsync(10_000)
    }
    expect(ends).toMatchObject([{ kind: 'error', error: { code: 'offline' } }])
  })

  it('renews a refused token once', async () => {
    const { room, last, token, ends } = make()
    room.join({ room: 'mill' })
    await last().open()
    last().say({ type: 'error', error: { code: 'token_expired', message: 'Old' }, to: 'join' })
    await vi.advanceTimersByTimeAsync(0)
    await last().open()
    expect(token.mock.calls).toEqual([[false], [true]])
    last().say({ type: 'error', error: { code: 'token_expired', message: 'Old' }, to: 'join' })
    expect(ends).toHaveLength(1)
  })

  it('does not grow while away', async () => {
    const { room, last } = make()
    room.join({ room: 'mill' })
    await last().open()
    last().say(joined('p1', 'r1'))
    last().drop()
    const taken = Array.from({ length: 300 }, () => room.send({ type: 'chat-message', text: 'x' }))
    expect(taken.filter(Boolean)).toHaveLength(256)
  })

  it('finds its seat again after a reload, in the same room and under the same name only', async () => {
    const stored = { 'greenroom.seat': JSON.stringify({ token: 'r1', me: 'p1', room: 'mill', name: 'Ada' }) }
    const same = make({ ...stored })
    same.room.join({ room: 'mill', name: 'Ada' })
    await same.last().open()
    expect(same.last().sent[0]).toMatchObject({ resume: 'r1' })
    const other = make({ ...stored })
    other.room.join({ room: 'mill', name: 'Grace' })
    await other.last().open()
    expect(other.last().sent[0]).not.toHaveProperty('resume')
  })
})
