/* SPDX-License-Identifier: LGPL-2.1-or-later */
import { describe, expect, it } from 'vitest'
import type { JoinedEvent, Message, Participant, Room, ServerMessage } from '../protocol/contract'
import { reduce, type RoomModel, selfOf } from './room-model'
import { participantsOf, waitingOf, type MediaFacts } from './room-views'

const person = (id: string, part: Partial<Participant> = {}): Participant => ({
  id,
  userId: null,
  guest: true,
  name: id.toUpperCase(),
  role: 'guest',
  stage: 'stage',
  audio: false,
  video: false,
  screen: false,
  hand: false,
  handAt: null,
  streams: {},
  joinedAt: '2026-01-01T00:00:00Z',
  ...part,
})
const message = (id: string, participantId = 'b'): Message => ({
  id,
  participantId,
  userId: null,
  name: 'B',
  text: id,
  createdAt: '2026-01-01T00:00:00Z',
})
const room = { id: 'r', title: 'Mill', mine: true, owner: { id: 'u', name: 'Ada' } } as Room
const joined = (part: Partial<JoinedEvent> = {}): JoinedEvent => ({
  type: 'joined',
  me: 'a',
  room,
  participants: [person('a')],
  messages: [],
  resume: 't',
  resumed: false,
  iceServers: [],
  mode: 'p2p',
  epoch: 1,
  ...part,
})
const after = (...messages: ServerMessage[]): RoomModel =>
  messages.reduce<RoomModel | null>((model, next, index) => reduce(model, next, index), null)!
const ids = (model: RoomModel) => model.people.map(({ id }) => id)
const kinds = (model: RoomModel) => model.lines.map(({ kind }) => kind)

describe('what the server says about a room', () => {
  it('joined: one sits among those who are there, in order of arrival', () => {
    const model = after(joined({ participants: [person('b', { joinedAt: '2026-01-01T00:01:00Z' }), person('a')] }))
    expect(ids(model)).toEqual(['a', 'b'])
    expect(selfOf(model)?.name).toBe('A')
  })

  it('joined again: the whole state anew, without what was already said', () => {
    const first = joined({ participants: [person('a'), person('b')], messages: [message('1')] })
    const model = after(
      first,
      joined({ resumed: true, participants: [person('a'), person('c')], messages: [message('1'), message('2')] }),
    )
    expect(ids(model)).toEqual(['a', 'c'])
    expect(model.lines.map(({ id }) => id)).toEqual(['1', '2'])
  })

  it('participant-joined, participant-left: come and go, and the chat says so', () => {
    const came = after(joined(), { type: 'participant-joined', participant: person('b') })
    expect(ids(came)).toEqual(['a', 'b'])
    const left = reduce(came, { type: 'participant-left', participant: 'b', reason: 'left' }, 9)!
    expect(ids(left)).toEqual(['a'])
    expect(kinds(left)).toEqual(['joined', 'left'])
  })

  it('nobody announces who only waits; being let in is the arrival', () => {
    const waits = after(joined(), { type: 'participant-joined', participant: person('b', { stage: 'waiting' }) })
    expect(kinds(waits)).toEqual([])
    const denied = reduce(waits, { type: 'participant-left', participant: 'b', reason: 'denied' }, 9)!
    expect(kinds(denied)).toEqual([])
    const admitted = reduce(waits, { type: 'participant-status-updated', participant: person('b') }, 9)!
    expect(kinds(admitted)).toEqual(['joined'])
  })

  it('participant-status-updated: the status is the new one, and a raised hand is a line', () => {
    const model = after(
      joined({ participants: [person('a'), person('b')] }),
      { type: 'participant-status-updated', participant: person('b', { audio: true, hand: true, handAt: 'x' }) },
      { type: 'participant-status-updated', participant: person('b', { audio: true, hand: true, handAt: 'x' }) },
    )
    expect(model.people[1]).toMatchObject({ audio: true, hand: true })
    expect(kinds(model)).toEqual(['hand'])
  })

  it('room-updated: everything but whose it is to me', () => {
    const model = after(joined(), { type: 'room-updated', room: { ...room, title: 'Otter', mine: false } })
    expect(model.room).toMatchObject({ title: 'Otter', mine: true })
  })

  it('chat-message: counts as unread unless it is mine', () => {
    const model = after(
      joined(),
      { type: 'chat-message', message: message('1') },
      { type: 'chat-message', message: message('1') },
      { type: 'chat-message', message: message('2', 'a') },
    )
    expect(model.lines).toHaveLength(2)
    expect(model.unread).toBe(1)
  })

  it('chat-message-removed: gone', () => {
    expect(after(joined({ messages: [message('1')] }), { type: 'chat-message-removed', id: '1' }).lines).toEqual([])
  })

  it('knows whether there is more history than it was given', () => {
    const many = Array.from({ length: 50 }, (_, index) => message(String(index)))
    expect(after(joined({ messages: many })).older).toBe('0')
    expect(after(joined({ messages: many.slice(1) })).older).toBeNull()
  })

  it('an error about a chat message fails the line that waits', () => {
    const before = after(joined())
    const waiting = { ...before, lines: [{ id: 'x', kind: 'message', delivery: 'sending' } as never] }
    const error = { code: 'rate_limited', message: 'Slowly' }
    expect(reduce(waiting, { type: 'error', error, to: 'chat-message' }, 0)!.lines[0]!.delivery).toBe('failed')
    expect(reduce(waiting, { type: 'error', error, to: 'offer' }, 0)).toBe(waiting)
  })

  it.each([
    { type: 'mute', media: ['audio'], by: 'b' },
    { type: 'ask-unmute', media: ['audio'], by: 'b' },
    { type: 'removed', reason: 'kicked' },
    { type: 'reconnecting', after: 5 },
    { type: 'offer', sdp: 'v=0' },
    { type: 'answer', sdp: 'v=0' },
    { type: 'ice-candidate', candidate: { candidate: '' } },
  ] as ServerMessage[])('$type changes nothing about the room itself', (said) => {
    const model = after(joined())
    expect(reduce(model, said, 0)).toBe(model)
    expect(reduce(null, said, 0)).toBeNull()
  })
})

describe('what the pages draw', () => {
  const facts = (part: Partial<MediaFacts> = {}): MediaFacts => ({
    own: { camera: null, screen: null, screenSound: false, audio: true },
    remote: () => ({ link: 'connected', microphone: null, camera: 'camera' as never, screen: null }),
    speaking: new Set(),
    weak: new Set(),
    screenSound: new Set(),
    quality: new Map(),
    volume: new Map(),
    away: false,
    ...part,
  })
  const model = after(
    joined({
      participants: [
        person('a', { hand: true, handAt: '2026-01-01T00:02:00Z' }),
        person('b', { hand: true, handAt: '2026-01-01T00:01:00Z' }),
        person('c', { video: true, userId: 'u', guest: false }),
        person('w', { stage: 'waiting' }),
      ],
    }),
  )

  it('numbers raised hands, shows a camera only while it is on, and keeps who waits apart', () => {
    const views = participantsOf(model, facts(), [])
    expect(views.map(({ id, handOrder }) => [id, handOrder])).toEqual([
      ['a', 2],
      ['b', 1],
      ['c', 0],
    ])
    expect(views.map(({ cameraStream }) => cameraStream)).toEqual([null, null, 'camera'])
    expect(views.map(({ guest }) => guest)).toEqual([true, true, false])
    expect(waitingOf(model, [])).toMatchObject([{ id: 'w', guest: true }])
  })

  it('draws anew only who changed', () => {
    const before = participantsOf(model, facts(), [])
    expect(participantsOf(model, facts(), before)).toBe(before)
    const now = participantsOf(model, facts({ speaking: new Set(['b']) }), before)
    expect(now[0]).toBe(before[0])
    expect(now[1]).not.toBe(before[1])
  })

  it('tells a weak line from a lost one', () => {
    const views = participantsOf(model, facts({ weak: new Set(['b']), away: true }), [])
    expect(views.map(({ connection }) => connection)).toEqual(['reconnecting', 'weak', 'good'])
  })
})
