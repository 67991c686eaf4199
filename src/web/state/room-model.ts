/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the server says about a room, as one value. Pure: every message of the server gives the next value. */
import type { Broadcast, JoinedEvent, MediaMode, Participant, Room, ServerMessage } from '../protocol/contract'
import * as chat from './chat-lines'
import type { ChatLine } from './types'

export interface RoomModel {
  me: string
  room: Room
  /** How media goes, and the how-manieth beginning of it this is. */
  mode: MediaMode
  epoch: number
  /** In order of arrival, this person and who waits included. */
  people: Participant[]
  lines: ChatLine[]
  /** From where the history goes on; null when all of it is here. */
  older: string | null
  unread: number
  /** The show that runs here. */
  show: Broadcast | null
}

export const isRunning = ({ status }: Broadcast): boolean => status !== 'scheduled' && status !== 'ended'

/** As many messages as `joined` brings; fewer are all there are. */
const joinedMessages = 50

export const selfOf = ({ me, people }: Pick<RoomModel, 'me' | 'people'>): Participant | undefined =>
  people.find(({ id }) => id === me)

export const identityOf = (model: Pick<RoomModel, 'me' | 'people'>): chat.Self => ({
  participantId: model.me,
  userId: selfOf(model)?.userId ?? null,
})

/** Ids grow with time, so they order who arrived in the same millisecond. */
const byArrival = (one: Participant, other: Participant): number =>
  Date.parse(one.joinedAt) - Date.parse(other.joinedAt) || (one.id < other.id ? -1 : 1)

function enter(before: RoomModel | null, joined: JoinedEvent): RoomModel {
  const { me, room, mode, epoch, participants, messages, broadcast } = joined
  const people = [...participants].sort(byArrival)
  const sameRoom = before?.room.id === room.id
  const oldest = messages[0]
  return {
    me,
    room,
    mode,
    epoch,
    people,
    lines: chat.merge(sameRoom ? before.lines : [], messages, identityOf({ me, people })),
    older:
      sameRoom && before.lines.length > 0
        ? before.older
        : messages.length >= joinedMessages && oldest
          ? oldest.id
          : null,
    unread: sameRoom ? before.unread : 0,
    show: broadcast ?? null,
  }
}

function put(model: RoomModel, participant: Participant, now: number): RoomModel {
  const before = model.people.find(({ id }) => id === participant.id)
  const others = model.people.filter(({ id }) => id !== participant.id)
  let { lines } = model
  const inside = participant.stage !== 'waiting'
  if (participant.id !== model.me && inside) {
    if (!before || before.stage === 'waiting') lines = chat.append(lines, chat.eventLine('joined', participant, now))
    if (before && !before.hand && participant.hand) lines = chat.append(lines, chat.eventLine('hand', participant, now))
  }
  return { ...model, lines, people: [...others, participant].sort(byArrival) }
}

function drop(model: RoomModel, id: string, now: number): RoomModel {
  const gone = model.people.find((participant) => participant.id === id)
  if (!gone) return model
  const lines = gone.stage === 'waiting' ? model.lines : chat.append(model.lines, chat.eventLine('left', gone, now))
  return { ...model, lines, people: model.people.filter((participant) => participant.id !== id) }
}

/** The next value; the same one where a message says nothing about the room itself. */
export function reduce(model: RoomModel | null, message: ServerMessage, now: number): RoomModel | null {
  if (message.type === 'joined') return enter(model, message)
  if (model === null) return null
  switch (message.type) {
    case 'participant-joined':
    case 'participant-status-updated':
      return put(model, message.participant, now)
    case 'participant-left':
      return drop(model, message.participant, now)
    case 'room-updated':
      /* `mine` is a fact about the reader, and this message has many. */
      return { ...model, room: { ...message.room, mine: model.room.mine } }
    case 'chat-message': {
      const lines = chat.receive(model.lines, message.message, identityOf(model))
      const heard = lines !== model.lines && message.message.participantId !== model.me
      return { ...model, lines, unread: model.unread + (heard ? 1 : 0) }
    }
    case 'chat-message-removed':
      return { ...model, lines: chat.remove(model.lines, message.id) }
    case 'error': {
      const pending = message.to === 'chat-message' ? chat.oldestSending(model.lines) : undefined
      return pending ? { ...model, lines: chat.fail(model.lines, pending.id) } : model
    }
    case 'broadcast-started':
    case 'broadcast-updated':
      /* Hosts hear of shows to come, too. */
      return isRunning(message.broadcast) ? { ...model, show: message.broadcast } : model
    case 'broadcast-ended':
      return model.show?.id === message.broadcast.id ? { ...model, show: null } : model
    case 'media':
      return { ...model, mode: message.mode, epoch: message.epoch }
    case 'slots':
    case 'codecs':
    case 'quality':
    case 'track-added':
    case 'track-removed':
    case 'active-speakers':
    case 'mute':
    case 'ask-unmute':
    case 'removed':
    case 'reconnecting':
    case 'offer':
    case 'answer':
    case 'ice-candidate':
    case 'codecs':
    case 'scene':
    case 'destination':
    case 'destination-removed':
    case 'brand':
    case 'recording':
      return model
  }
}
