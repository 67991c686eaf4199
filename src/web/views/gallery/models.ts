/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Stands in for every view model that needs a server or devices. Actions change what is shown and nothing else. */
import { create } from 'zustand'
import type {
  AdminState,
  DevicesState,
  LobbyState,
  Outcome,
  RoomsState,
  RoomState,
  SessionState,
} from '../../state/types'
import { person } from './drawn'
import { details, messages, mine, olena, open, six, stats } from './fixtures'

const fine = async (): Promise<Outcome> => ({ ok: true, value: undefined })
const nothing = async () => {}

export const useSession = create<SessionState>((set) => ({
  status: 'signed-in',
  user: olena,
  sessions: [
    { id: 's1', device: 'Firefox on Debian', phone: false, address: '192.0.2.7', lastSeenAt: now(0), current: true },
    { id: 's2', device: 'Chrome on Android', phone: true, address: '192.0.2.8', lastSeenAt: now(2), current: false },
    { id: 's3', device: 'Chrome on Windows', phone: false, address: '198.51.100.4', lastSeenAt: now(216), current: false },
  ],
  server: { registration: true, guests: true, capacity: 15, capacityMax: 500, version: '0.1.0' },
  start: nothing,
  signIn: async () => ({ ok: false, problem: { code: 'bad_credentials', message: '' } }),
  signUp: async () => ({ ok: false, problem: { code: 'name_taken', message: '', field: 'name' } }),
  signOut: async () => set({ status: 'signed-out', user: null }),
  rename: fine,
  loadSessions: fine,
  revokeSession: fine,
  revokeOtherSessions: fine,
}))

function now(hoursAgo: number): string {
  return new Date(Date.now() - hoursAgo * 3_600_000).toISOString()
}

export const useRooms = create<RoomsState>(() => ({
  mine,
  public: open,
  problem: null,
  hasMorePublic: false,
  load: nothing,
  loadMorePublic: nothing,
  create: async () => ({ ok: false, problem: { code: 'rate_limited', message: '' } }),
  remove: fine,
  find: async () => ({ ok: false, problem: { code: 'not_found', message: '' } }),
}))

export const useDevices = create<DevicesState>((set) => ({
  cameras: [{ id: 'c1', label: 'MX Brio 4K (046d:0944)' }],
  microphones: [
    { id: 'm1', label: 'Focusrite Scarlett Solo' },
    { id: 'm2', label: 'MX Brio 4K' },
  ],
  speakers: [{ id: 's1', label: 'Default · Headphones' }],
  camera: 'c1',
  microphone: 'm1',
  speaker: 's1',
  cameraProblem: null,
  microphoneProblem: null,
  can: { share: !/Mobile/.test(navigator.userAgent) && innerWidth > 640, shareSound: true, chooseSpeaker: true },
  refresh: nothing,
  choose: (kind, id) => set({ [kind]: id }),
  testSpeaker: () => {},
}))

export const useLobby = create<LobbyState>((set) => ({
  status: 'ready',
  room: { ...mine[0]!, mine: false },
  invite: null,
  preview: person(4),
  previewFormat: '1080p30',
  level: 0.62,
  microphone: true,
  camera: true,
  open: nothing,
  close: () => {},
  setMicrophone: async (microphone) => set({ microphone }),
  setCamera: async (camera) => set({ camera, preview: camera ? person(4) : null }),
}))

export const useRoom = create<RoomState>((set) => ({
  phase: 'idle',
  problem: null,
  room: details,
  path: 'direct',
  joinedAt: Date.now() - 1_448_000,
  participants: six(),
  waiting: [],
  microphone: true,
  camera: true,
  hand: false,
  sharing: null,
  rememberedShare: null,
  uplinkMbit: null,
  messages,
  hasOlderMessages: false,
  unread: 0,
  unmuteAsked: null,
  stats,
  serverTracks: [],
  show: null,
  programme: null,
  levelOf: () => 0.1,
  setGain: fine,
  join: async () => set({ phase: 'joined' }),
  leave: () => {},
  reset: () => {},
  setMicrophone: async (microphone) => set({ microphone }),
  setCamera: async (camera) => set({ camera }),
  setHand: (hand) => set({ hand }),
  startShare: async (sharing) => {
    set({ sharing })
    return { ok: true, value: true }
  },
  stopShare: () => set({ sharing: null }),
  setVolume: () => {},
  showPictures: () => {},
  send: nothing,
  sendAgain: nothing,
  removeMessage: fine,
  loadOlderMessages: nothing,
  lookAtChat: () => {},
  admit: fine,
  deny: fine,
  admitAll: fine,
  mute: fine,
  muteAll: fine,
  askToUnmute: fine,
  answerUnmute: async () => set({ unmuteAsked: null }),
  putOnStage: fine,
  setRole: fine,
  lowerHand: fine,
  kick: fine,
  ban: fine,
  setLocked: fine,
  setP2pMax: fine,
  closeRoom: fine,
  createInvite: async (hours) => ({
    ok: true,
    value: {
      code: 'mill-otter-42',
      url: 'http://localhost:8080/r/design-table?invite=mill-otter-42',
      expiresAt: new Date(Date.now() + hours * 3_600_000).toISOString(),
    },
  }),
  lookAtStats: () => {},
}))

export const useAdmin = create<AdminState>(() => ({
  users: [
    { ...olena, createdAt: now(900) },
    { id: 'u2', name: 'Ivan Petrenko', email: 'ivan@example.org', role: 'moderator', guest: false, createdAt: now(80) },
    { id: 'u3', name: 'Yuki Tanaka', email: 'yuki@example.org', role: 'user', guest: false, createdAt: now(30) },
  ],
  rooms: [...mine.map((room) => ({ ...room, mine: false })), ...open],
  problem: null,
  load: nothing,
  setRole: fine,
  closeRoom: fine,
}))
