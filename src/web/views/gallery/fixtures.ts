/* SPDX-License-Identifier: LGPL-2.1-or-later */
import type { ChatLine, ParticipantView, RoomDetails, RoomStats, RoomSummary, User } from '../../state/types'
import { person, screen } from './drawn'

export const olena: User = { id: 'u1', name: 'Olena Koval', email: 'olena@example.org', role: 'admin', guest: false }

const summary = (patch: Partial<RoomSummary>): RoomSummary => ({
  id: patch.slug ?? 'r',
  slug: 'design-table',
  title: 'Design table',
  visibility: 'public',
  ownerName: 'Olena Koval',
  mine: false,
  capacity: 15,
  inside: 0,
  insideNames: [],
  locked: false,
  waitingRoom: false,
  guests: true,
  onAir: false,
  recorded: false,
  ...patch,
})

export const mine: RoomSummary[] = [
  summary({
    mine: true,
    visibility: 'private',
    inside: 6,
    insideNames: ['Ivan Petrenko', 'Yuki Tanaka', 'Priya Raman', 'Daniel Okafor', 'Tomasz Nowak'],
    waitingRoom: true,
  }),
  summary({ slug: 'friday-build', title: 'Friday build show', mine: true, visibility: 'unlisted' }),
  summary({ slug: 'film-club', title: 'Film club', mine: true, locked: true, inside: 2, insideNames: ['Leo', 'Ann'] }),
]

export const open: RoomSummary[] = [
  summary({
    slug: 'kyiv-rust',
    title: 'Kyiv Rust evening',
    ownerName: 'Ivan Petrenko',
    capacity: 50,
    inside: 23,
    insideNames: ['Ivan Petrenko', 'Yuki Tanaka', 'Leo Brandt'],
  }),
  summary({
    slug: 'horror',
    title: 'Horror clichés: The Old Mill, the whole trilogy in one night',
    ownerName: 'Priya Raman',
    inside: 8,
    insideNames: ['Priya Raman', 'Daniel Okafor', 'Tomasz Nowak'],
  }),
  summary({ slug: 'quiet', title: 'Quiet co-working', ownerName: 'Amina Said', inside: 1, insideNames: ['Amina Said'] }),
  summary({ slug: 'open-mic', title: 'Open mic Thursday', ownerName: 'Leo Brandt' }),
]

export const details: RoomDetails = {
  id: 'r',
  slug: 'design-table',
  title: 'Design table',
  visibility: 'private',
  ownerName: 'Olena Koval',
  capacity: 15,
  locked: false,
  waitingRoom: true,
  p2pMax: 0,
  onAir: false,
  recorded: false,
  code: 'mill-otter-42',
}

const one = (number: number, name: string, patch: Partial<ParticipantView> = {}): ParticipantView => ({
  id: `p${number}`,
  name,
  role: 'guest',
  stage: 'stage',
  me: false,
  guest: false,
  audio: true,
  video: true,
  screen: false,
  screenSound: false,
  hand: false,
  handOrder: 0,
  speaking: false,
  connection: 'good',
  cameraStream: person(number),
  audioStream: null,
  screenStream: null,
  screenQuality: null,
  volume: 1,
  gain: 1,
  ...patch,
})

export const six = (): ParticipantView[] => [
  one(0, 'Olena Koval', { role: 'host', me: true }),
  one(1, 'Ivan Petrenko', { speaking: true }),
  one(2, 'Yuki Tanaka', { audio: false }),
  one(3, 'Priya Raman', { hand: true, handOrder: 1 }),
  one(4, 'Daniel Okafor', { audio: false, connection: 'weak' }),
  one(5, 'Tomasz Nowak', { audio: false, video: false, cameraStream: null }),
]

export const many = (count: number): ParticipantView[] => [
  ...six(),
  ...Array.from({ length: count - 6 }, (_, index) =>
    one(6 + index, `Guest ${index + 7}`, { guest: true, video: index % 3 !== 0, audio: index % 2 === 0 }),
  ),
]

export const sharing = (): ParticipantView[] =>
  six().map((participant) =>
    participant.id === 'p1'
      ? {
          ...participant,
          screen: true,
          screenSound: true,
          screenStream: screen(),
          screenQuality: {
            sent: { width: 2560, height: 1440, fps: 60 },
            received: { width: 1920, height: 1080, fps: 60 },
            limit: 'downlink',
          },
        }
      : participant,
  )

const line = (number: number, name: string, at: string, text: string, kind: ChatLine['kind'] = 'message'): ChatLine => ({
  id: `m${number}`,
  kind,
  participantId: name,
  name,
  text,
  at: `2026-01-01T${at}:00`,
  mine: name === 'Olena Koval',
  delivery: 'sent',
})

export const messages: ChatLine[] = [
  line(1, 'Priya Raman', '19:30', '', 'joined'),
  line(2, 'Yuki Tanaka', '19:31', 'I put the three header options on page 4. The second keeps the search where people expect it.'),
  line(3, 'Ivan Petrenko', '19:33', 'Sharing in a minute, want to show how the scene change looks at 60 fps'),
  line(4, 'Ivan Petrenko', '19:34', 'Notes: https://example.org/notes/scene-change?version=2'),
  line(5, 'Daniel Okafor', '19:36', 'Second one. Can we decide today?'),
  line(6, 'Priya Raman', '19:38', '', 'hand'),
  line(7, 'Olena Koval', '19:40', 'Yes: after Ivan’s demo, five minutes, then we vote. 👍'),
  { ...line(8, 'Olena Koval', '19:41', 'Who takes notes?'), delivery: 'failed' },
]

export const stats: RoomStats = {
  connections: 5,
  upKbit: 6_400,
  downKbit: 18_900,
  rttMs: 31,
  lossPercent: 0.4,
  path: 'direct',
  history: Array.from({ length: 60 }, (_, second) => ({
    at: second * 1000,
    upKbit: 6_400 + 600 * Math.sin(second / 3),
    downKbit: (second < 36 ? 18_900 : 9_100) + 900 * Math.sin(second / 2),
    fps: second === 40 ? 44 : 60 - (second % 3),
    rttMs: 28 + (second === 41 ? 22 : (second * 7) % 6),
    lossPercent: second === 40 ? 3.5 : (second % 5) / 10,
  })),
  tracks: [
    {
      id: 't1',
      participantId: 'p1',
      participantName: 'Ivan Petrenko',
      kind: 'screen',
      direction: 'down',
      kbit: 9_100,
      width: 1920,
      height: 1080,
      fps: 60,
      lossPercent: 0.4,
      rttMs: 31,
      codec: 'VP9',
      limit: 'downlink',
    },
    {
      id: 't2',
      participantId: 'p0',
      participantName: 'Olena Koval',
      kind: 'camera',
      direction: 'up',
      kbit: 2_100,
      width: 1280,
      height: 720,
      fps: 30,
      lossPercent: 0,
      rttMs: 28,
      codec: 'VP8',
      limit: null,
    },
    {
      id: 't3',
      participantId: 'p0',
      participantName: 'Olena Koval',
      kind: 'microphone',
      direction: 'up',
      kbit: 42,
      width: null,
      height: null,
      fps: null,
      lossPercent: 0,
      rttMs: 28,
      codec: 'Opus',
      limit: null,
    },
  ],
}
