/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From the room's model and its media to what the pages draw. Whatever did not change keeps its identity, so that one
   person's raised hand draws one tile anew. */
import type { RemoteMedia } from '../media/layer'
import type { Participant, Room } from '../protocol/contract'
import { type RoomModel, selfOf } from './room-model'
import type { ParticipantView, PictureQuality, RoomDetails, WaitingView } from './types'

export interface OwnMedia {
  camera: MediaStream | null
  screen: MediaStream | null
  screenSound: boolean
  audio: boolean
}

export interface MediaFacts {
  own: OwnMedia
  remote: (id: string) => RemoteMedia
  speaking: ReadonlySet<string>
  /** Whose connection is bad, from statistics. */
  weak: ReadonlySet<string>
  /** Whose screen brings sound, from statistics. */
  screenSound: ReadonlySet<string>
  quality: ReadonlyMap<string, PictureQuality>
  volume: ReadonlyMap<string, number>
  /** The socket is away. */
  away: boolean
}

function shallowEqual<T extends object>(one: T, other: T): boolean {
  const keys = Object.keys(one) as (keyof T)[]
  return keys.length === Object.keys(other).length && keys.every((key) => Object.is(one[key], other[key]))
}

/** The new list with every element that is equal to one before replaced by that one; the old list if all are. */
export function reuse<T extends { id: string }>(before: readonly T[], now: T[]): T[] {
  const known = new Map(before.map((item) => [item.id, item]))
  const list = now.map((item) => {
    const earlier = known.get(item.id)
    return earlier && shallowEqual(earlier, item) ? earlier : item
  })
  return list.length === before.length && list.every((item, index) => item === before[index]) ? (before as T[]) : list
}

export const detailsOf = (room: Room, code: string | null): RoomDetails => ({
  id: room.id,
  slug: room.slug,
  title: room.title,
  visibility: room.visibility,
  ownerName: room.owner.name,
  capacity: room.capacity,
  locked: room.locked,
  waitingRoom: room.waitingRoom,
  p2pMax: room.p2pMax,
  onAir: room.onAir,
  recorded: room.recorded,
  code,
})

function connectionOf(id: string, link: RemoteMedia['link'], facts: MediaFacts): ParticipantView['connection'] {
  if (link !== 'connected') return link
  return facts.weak.has(id) ? 'weak' : 'good'
}

function mineOf(facts: MediaFacts) {
  const { camera, screen, screenSound, audio } = facts.own
  return {
    audio,
    video: camera !== null,
    screen: screen !== null,
    screenSound,
    connection: facts.away ? ('reconnecting' as const) : ('good' as const),
    cameraStream: camera,
    audioStream: null,
    screenStream: screen,
  }
}

function theirsOf({ id, audio, video, screen }: Participant, facts: MediaFacts) {
  const media = facts.remote(id)
  return {
    audio,
    video,
    screen,
    screenSound: screen && facts.screenSound.has(id),
    connection: connectionOf(id, media.link, facts),
    cameraStream: video ? media.camera : null,
    audioStream: media.microphone,
    screenStream: screen ? media.screen : null,
  }
}

export function participantsOf(model: RoomModel, facts: MediaFacts, before: ParticipantView[]): ParticipantView[] {
  const hands = model.people
    .filter(({ hand }) => hand)
    .sort((one, other) => (one.handAt ?? '').localeCompare(other.handAt ?? ''))
    .map(({ id }) => id)
  const views = model.people
    .filter(({ stage }) => stage !== 'waiting')
    .map((participant): ParticipantView => {
      const { id, name, role, stage, guest, hand } = participant
      const me = id === model.me
      return {
        id,
        name,
        role,
        stage,
        me,
        guest,
        hand,
        handOrder: hands.indexOf(id) + 1,
        speaking: facts.speaking.has(id),
        screenQuality: facts.quality.get(id) ?? null,
        volume: facts.volume.get(id) ?? 1,
        gain: participant.gain ?? 1,
        ...(me ? mineOf(facts) : theirsOf(participant, facts)),
      }
    })
  return reuse(before, views)
}

export function waitingOf(model: RoomModel, before: WaitingView[]): WaitingView[] {
  if (selfOf(model)?.stage === 'waiting') return before.length === 0 ? before : []
  const waiting = model.people
    .filter(({ stage }) => stage === 'waiting')
    .map(({ id, name, guest, joinedAt }) => ({ id, name, guest, since: Date.parse(joinedAt) }))
  return reuse(before, waiting)
}
