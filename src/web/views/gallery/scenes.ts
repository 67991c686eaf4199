/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Each scene: the address it opens and what it changes in the drawn view models. */
import { notify } from '../../state/notices'
import type { LobbyStatus, RoomPhase, RoomState } from '../../state/types'
import { useRoomUi } from '../room/ui'
import { many, sharing, six } from './fixtures'
import { useDevices, useLobby, useRoom, useRooms, useSession } from './models'

interface Scene {
  path: string
  prepare?: () => void
}

const room = '/r/design-table'
const guest = () => useSession.setState({ status: 'signed-out', user: null })
const inside = (patch: Partial<RoomState> = {}) => useRoom.setState({ phase: 'joined', ...patch })
const lobby = (status: LobbyStatus): Scene => ({ path: room, prepare: () => useLobby.setState({ status }) })
const ended = (phase: RoomPhase): Scene => ({ path: room, prepare: () => useRoom.setState({ phase }) })

export const scenes: Record<string, Scene> = {
  home: { path: '/' },
  'home-empty': { path: '/', prepare: () => useRooms.setState({ mine: [], public: [] }) },
  'home-guest': {
    path: '/',
    prepare: () => {
      guest()
      useRooms.setState({ mine: null })
    },
  },
  'home-loading': { path: '/', prepare: () => useRooms.setState({ mine: null, public: null }) },
  rooms: { path: '/rooms' },
  signin: { path: '/signin', prepare: guest },
  signup: { path: '/signup?setup=once', prepare: guest },
  settings: { path: '/settings' },
  admin: { path: '/admin' },
  'not-found': { path: '/nowhere/at/all' },

  lobby: { path: room },
  'lobby-guest': { path: room, prepare: guest },
  'lobby-blocked': {
    path: room,
    prepare: () => {
      useDevices.setState({ cameraProblem: 'blocked' })
      useLobby.setState({ preview: null, camera: false, microphone: false })
    },
  },
  'lobby-loading': { path: room, prepare: () => useLobby.setState({ status: 'loading', room: null }) },
  full: lobby('full'),
  locked: lobby('locked'),
  banned: lobby('banned'),
  'invite-needed': lobby('invite-needed'),
  'no-room': lobby('not-found'),

  waiting: ended('waiting'),
  left: ended('left'),
  kicked: ended('kicked'),
  closed: ended('closed'),

  room: { path: room, prepare: () => inside() },
  'room-alone': { path: room, prepare: () => inside({ participants: six().slice(0, 1), messages: [] }) },
  'room-two': { path: room, prepare: () => inside({ participants: six().slice(0, 2) }) },
  'room-many': { path: room, prepare: () => inside({ participants: many(40) }) },
  'room-speaker': {
    path: room,
    prepare: () => {
      inside()
      useRoomUi.setState({ layout: 'speaker' })
    },
  },
  'room-share': {
    path: room,
    prepare: () => {
      inside({ participants: sharing() })
      useRoomUi.setState({ panel: matchMedia('(min-width: 1101px)').matches ? 'stats' : null })
    },
  },
  'room-share-side': {
    path: room,
    prepare: () => {
      inside({ participants: sharing() })
      useRoomUi.setState({ layout: 'sidebar' })
    },
  },
  'room-people': {
    path: room,
    prepare: () => {
      inside({
        waiting: [
          { id: 'w1', name: 'Leo Brandt', guest: false, since: Date.now() - 20_000 },
          { id: 'w2', name: 'Amina', guest: true, since: Date.now() - 120_000 },
        ],
      })
      useRoomUi.setState({ panel: 'people' })
    },
  },
  'room-chat': {
    path: room,
    prepare: () => {
      inside()
      useRoomUi.setState({ panel: 'chat' })
    },
  },
  'room-stats': {
    path: room,
    prepare: () => {
      inside({ participants: sharing() })
      useRoomUi.setState({ panel: 'stats' })
    },
  },
  'room-picker': {
    path: room,
    prepare: () => {
      inside({ uplinkMbit: 42, participants: six().slice(0, 2) })
      useRoomUi.setState({ dialog: { kind: 'share' } })
    },
  },
  'room-invite': {
    path: room,
    prepare: () => {
      inside()
      useRoomUi.setState({ dialog: { kind: 'invite' } })
    },
  },
  'room-shortcuts': {
    path: room,
    prepare: () => {
      inside()
      useRoomUi.setState({ dialog: { kind: 'shortcuts' } })
    },
  },
  'room-reconnecting': {
    path: room,
    prepare: () => {
      inside({ phase: 'reconnecting', microphone: false, camera: false, unread: 2 })
      notify({ tone: 'door', key: 'waiting', values: { name: 'Leo Brandt' }, act: () => {}, milliseconds: 0 })
      notify({ tone: 'hand', key: 'hand', values: { name: 'Priya Raman' }, milliseconds: 0 })
    },
  },
}
