/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the pages need from the view models: the contract between state/ and views/. Types only, nothing at run time.
   Each *State below is the whole shape of one zustand hook: useSession, useSettings, useNotices, useRooms, useDevices,
   useLobby, useRoom and useAdmin, in the file of the same name (state/session.ts …). Values change by replacement, so
   that a selector may compare by identity. */

import type * as Contract from '../protocol/contract'

/* ── Outcomes ─────────────────────────────────────────────────────────────────────────────────────────────────── */

/** What the server, the browser or the network said. `code` is one of src/base/error.c, or `offline`. The pages
    translate `code` (locales: problem.<code>) and fall back to `message`. */
export interface Problem {
  code: string
  message: string
  field?: string
}

/** Actions never reject; they answer with one of these. */
export type Outcome<T = void> = { ok: true; value: T } | { ok: false; problem: Problem }

/* ── Session ──────────────────────────────────────────────────────────────────────────────────────────────────── */

export type AccountRole = 'user' | 'moderator' | 'admin'

export interface User {
  id: string
  name: string
  /** Null for a guest of one evening. */
  email: string | null
  role: AccountRole
  guest: boolean
}

export interface DeviceSession {
  id: string
  /** The user agent, as text for people: "Firefox on Debian". */
  device: string
  phone: boolean
  address: string
  lastSeenAt: string
  current: boolean
}

export interface SessionState {
  /** `unknown` until the refresh cookie has been tried once after load. */
  status: 'unknown' | 'signed-out' | 'signed-in'
  user: User | null
  /** Null until loaded. */
  sessions: DeviceSession[] | null
  /** What this server allows, from /config; null until loaded. */
  server: { registration: boolean; guests: boolean; capacity: number; capacityMax: number; version: string } | null

  /** Called once by main.tsx. */
  start(): Promise<void>
  signIn(credentials: { email: string; password: string }): Promise<Outcome>
  /** `setup` is the one-time token that makes the first account an administrator. */
  signUp(account: { email: string; password: string; name: string; setup?: string }): Promise<Outcome>
  signOut(): Promise<void>
  rename(name: string): Promise<Outcome>
  loadSessions(): Promise<Outcome>
  revokeSession(id: string): Promise<Outcome>
  revokeOtherSessions(): Promise<Outcome>
}

/* ── Settings: kept in this browser ───────────────────────────────────────────────────────────────────────────── */

export type Theme = 'dark' | 'light' | 'system'
export type Language = 'en' | 'uk' | 'ru'

export interface Settings {
  theme: Theme
  language: Language
  /** Single-letter shortcuts. */
  letterKeys: boolean
  mirror: boolean
  /** The name last used by a guest. */
  guestName: string
}

export interface SettingsState extends Settings {
  change(patch: Partial<Settings>): void
}

/* ── Notices: toasts ──────────────────────────────────────────────────────────────────────────────────────────── */

export type NoticeTone = 'ok' | 'warn' | 'bad' | 'info' | 'hand' | 'door'

export interface Notice {
  id: number
  tone: NoticeTone
  /** A key under `notice.` in the locales: `notice.<key>.title`, `notice.<key>.text` (may be empty). */
  key: string
  values?: Record<string, string | number>
  /** One way out, e.g. "Let in" or "Try again"; labelled `notice.<key>.action`. */
  act?: () => void
  /** 6000 unless told; 0 stays until dismissed. */
  milliseconds?: number
}

export interface NoticesState {
  notices: Notice[]
  notify(notice: Omit<Notice, 'id'>): number
  dismiss(id: number): void
}

/* ── Rooms ────────────────────────────────────────────────────────────────────────────────────────────────────── */

export type Visibility = 'private' | 'unlisted' | 'public'

export interface RoomSummary {
  id: string
  slug: string
  title: string
  visibility: Visibility
  ownerName: string
  mine: boolean
  capacity: number
  /** People inside now, and some of their names, at most five. */
  inside: number
  insideNames: string[]
  locked: boolean
  /** Newcomers wait until a host lets them in. */
  waitingRoom: boolean
  /** People without an account may come in. */
  guests: boolean
  /** What happens inside is being broadcast, or recorded. */
  onAir: boolean
  recorded: boolean
}

export interface NewRoom {
  title: string
  /** Left out: made from the title by the server. */
  slug?: string
  visibility: Visibility
  capacity: number
  waitingRoom: boolean
  guests: boolean
  /** Up to so many people media goes from browser to browser; 0 is always through the server. Left out: as this server
      prefers. */
  p2pMax?: number
}

export interface RoomsState {
  /** Null until loaded. */
  mine: RoomSummary[] | null
  public: RoomSummary[] | null
  problem: Problem | null
  hasMorePublic: boolean

  load(): Promise<void>
  loadMorePublic(): Promise<void>
  create(room: NewRoom): Promise<Outcome<RoomSummary>>
  remove(id: string): Promise<Outcome>
  /** Takes a code ("mill-otter-42"), a link with ?invite=, a link or a slug; answers where to go. */
  find(text: string): Promise<Outcome<{ slug: string; invite: string | null }>>
}

/* ── Devices ──────────────────────────────────────────────────────────────────────────────────────────────────── */

export type DeviceKind = 'camera' | 'microphone' | 'speaker'

export interface Device {
  id: string
  label: string
}

export type DeviceProblem = 'blocked' | 'missing' | 'busy' | 'failed'

export interface DevicesState {
  cameras: Device[]
  microphones: Device[]
  speakers: Device[]
  /** The chosen ids, kept in this browser; '' is the default device. */
  camera: string
  microphone: string
  speaker: string
  cameraProblem: DeviceProblem | null
  microphoneProblem: DeviceProblem | null
  /** What this browser can do; what it cannot is not offered. */
  can: { share: boolean; shareSound: boolean; chooseSpeaker: boolean }

  refresh(): Promise<void>
  /** Takes effect at once in the lobby's preview and in a room. */
  choose(kind: DeviceKind, id: string): void
  /** Plays a short sound on the chosen speaker. */
  testSpeaker(): void
}

/* ── Lobby ────────────────────────────────────────────────────────────────────────────────────────────────────── */

export type LobbyStatus =
  | 'loading'
  | 'ready'
  | 'full'
  | 'locked'
  | 'banned'
  | 'invite-needed'
  | 'invite-expired'
  | 'not-found'
  /** The room takes no guests: sign in first. */
  | 'account-needed'
  | 'unreachable'

export interface LobbyState {
  status: LobbyStatus
  room: RoomSummary | null
  invite: string | null
  /** Camera (and only the picture) for the preview; null while off or not allowed. */
  preview: MediaStream | null
  /** "1080p30", from the track's settings. */
  previewFormat: string | null
  /** 0…1, about 20 times a second while the microphone is on. */
  level: number
  /** What the person wants to enter with. */
  microphone: boolean
  camera: boolean

  /** Opens devices and asks the server about the room; again when it was not ready. */
  open(slug: string, invite: string | null): Promise<void>
  close(): void
  setMicrophone(on: boolean): Promise<void>
  setCamera(on: boolean): Promise<void>
}

/* ── Room ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

export type Role = 'host' | 'guest' | 'viewer'
export type Stage = 'waiting' | 'backstage' | 'stage'

export type RoomPhase =
  | 'idle'
  | 'connecting'
  | 'waiting'
  | 'joined'
  | 'reconnecting'
  | 'left'
  | 'denied'
  | 'kicked'
  | 'banned'
  | 'closed'
  /** The same seat was resumed in another window. */
  | 'replaced'
  /** The session ended, here or elsewhere. */
  | 'signed-out'
  /** Something else: see `problem`. */
  | 'error'

export interface RoomDetails {
  id: string
  slug: string
  title: string
  visibility: Visibility
  ownerName: string
  capacity: number
  locked: boolean
  waitingRoom: boolean
  /** Up to so many people media goes from browser to browser; 0 is always through the server. */
  p2pMax: number
  onAir: boolean
  recorded: boolean
  /** The short code shown in the control bar; null when this person may not invite. */
  code: string | null
}

export type PictureLimit = 'sender-cpu' | 'sender-uplink' | 'downlink' | 'policy' | 'small'

export interface PictureFormat {
  width: number
  height: number
  fps: number
}

export interface PictureQuality {
  sent: PictureFormat | null
  received: PictureFormat | null
  /** What limits the picture now; null when it arrives as it was sent, or when that is not yet measured. */
  limit: PictureLimit | null
}

export interface ParticipantView {
  id: string
  name: string
  role: Role
  stage: Stage
  /** This is the person in front of the screen. */
  me: boolean
  guest: boolean
  audio: boolean
  video: boolean
  screen: boolean
  screenSound: boolean
  hand: boolean
  /** Order of raised hands, 1 is the first; 0 when down. */
  handOrder: number
  speaking: boolean
  connection: 'connecting' | 'good' | 'weak' | 'reconnecting'
  /** Camera picture (one's own: the local one). Null without camera. */
  cameraStream: MediaStream | null
  /** Microphone; null for oneself, so that nobody hears their own voice. */
  audioStream: MediaStream | null
  /** Screen with its sound; without sound for oneself. */
  screenStream: MediaStream | null
  screenQuality: PictureQuality | null
  /** Only on this page, 0…1. */
  volume: number
  /** In a show, 0…4. */
  gain: number
}

export interface WaitingView {
  id: string
  name: string
  guest: boolean
  /** Milliseconds since the epoch. */
  since: number
}

export interface ChatLine {
  id: string
  kind: 'message' | 'joined' | 'left' | 'hand'
  participantId: string | null
  name: string
  text: string
  /** RFC 3339. */
  at: string
  mine: boolean
  /** `failed` keeps the text and offers to send again. */
  delivery: 'sent' | 'sending' | 'failed'
}

export type ShareHeight = 1080 | 1440 | 2160

export interface ShareChoice {
  height: ShareHeight
  fps: 30 | 60
  mbit: number
  /** What to keep when the line gets tight. */
  keep: 'sharpness' | 'frame-rate'
  sound: boolean
}

export interface Invite {
  code: string
  url: string
  /** RFC 3339. */
  expiresAt: string
}

export interface StatsSample {
  /** Milliseconds since the epoch. */
  at: number
  upKbit: number
  downKbit: number
  fps: number
  rttMs: number
  lossPercent: number
}

export interface TrackStats {
  id: string
  participantId: string
  participantName: string
  kind: 'microphone' | 'camera' | 'screen' | 'screen-audio'
  direction: 'up' | 'down'
  kbit: number
  width: number | null
  height: number | null
  fps: number | null
  lossPercent: number | null
  rttMs: number | null
  codec: string | null
  limit: PictureLimit | null
}

export interface RoomStats {
  connections: number
  upKbit: number
  downKbit: number
  /** Null until measured. */
  rttMs: number | null
  lossPercent: number | null
  path: 'direct' | 'relay' | 'server' | null
  /** One sample every two seconds, the last two minutes, oldest first. */
  history: StatsSample[]
  tracks: TrackStats[]
}

/** What the server counted of one stream between it and this page. */
export interface ServerTrack {
  id: string
  participantName: string
  kind: Contract.TrackKind
  /** Towards the server, or from it. */
  direction: 'up' | 'down'
  packets: number
  /** 0…100, lately; null while nothing came. */
  lossPercent: number | null
  /** Packets that were asked for again, and those that came again. */
  nacks: number
  repaired: number
  /** Keyframes that were asked for. */
  keyframes: number
  jitterMs: number
  limit: PictureLimit | null
}

export interface RoomState {
  phase: RoomPhase
  problem: Problem | null
  room: RoomDetails | null
  /** Milliseconds since the epoch, for the clock in the header. */
  joinedAt: number | null
  /** Whether media goes from browser to browser now, or through the server. */
  path: 'direct' | 'server'
  /** In order of arrival, oneself included. */
  participants: ParticipantView[]
  waiting: WaitingView[]
  microphone: boolean
  camera: boolean
  hand: boolean
  sharing: ShareChoice | null
  /** The choice to start with in the picker: what was remembered for this room. */
  rememberedShare: ShareChoice | null
  /** Measured, or null: then the picker says "not measured yet". */
  uplinkMbit: number | null
  messages: ChatLine[]
  hasOlderMessages: boolean
  /** Messages since the chat was last looked at. */
  unread: number
  /** A host asked this person to unmute; who. */
  unmuteAsked: string | null
  stats: RoomStats | null
  /** While the statistics are looked at and a server carries the room. */
  serverTracks: ServerTrack[]
  /** The show that runs here now. */
  show: Show | null
  /** Its picture and sound as they come back, once they were asked for by showPictures. */
  programme: MediaStream | null

  join(entry: { slug: string; invite: string | null; name: string; watchOnly: boolean }): Promise<void>
  leave(): void
  /** After the end of a visit: back to `idle`, so that the lobby shows again. */
  reset(): void

  setMicrophone(on: boolean): Promise<void>
  setCamera(on: boolean): Promise<void>
  setHand(up: boolean): void
  /** Opens the browser's own dialog; a cancelled dialog is ok: true with `false`. */
  startShare(choice: ShareChoice, remember: boolean): Promise<Outcome<boolean>>
  stopShare(): void
  setVolume(participantId: string, volume: number): void
  /** How loud somebody is now, 0…1 linear. Asked for by meters, since it changes too often to be a value. */
  levelOf(participantId: string): number
  /** How loud somebody is in a show, 0…4. */
  setGain(participantId: string, gain: number): Promise<Outcome>
  /** What the page shows, the most wanted first: a server sends nothing else. */
  showPictures(pictures: readonly { participant: string; kind: 'camera' | 'screen' | 'programme' }[]): void

  send(text: string): Promise<void>
  sendAgain(messageId: string): Promise<void>
  /** For hosts; removes it for everyone. */
  removeMessage(messageId: string): Promise<Outcome>
  loadOlderMessages(): Promise<void>
  /** Resets `unread`, and keeps it at 0 while `looking`. */
  lookAtChat(looking: boolean): void

  admit(waitingId: string): Promise<Outcome>
  deny(waitingId: string): Promise<Outcome>
  admitAll(): Promise<Outcome>
  mute(participantId: string): Promise<Outcome>
  muteAll(): Promise<Outcome>
  askToUnmute(participantId: string): Promise<Outcome>
  /** Answers `unmuteAsked`. */
  answerUnmute(accept: boolean): Promise<void>
  putOnStage(participantId: string, on: boolean): Promise<Outcome>
  setRole(participantId: string, role: Role): Promise<Outcome>
  lowerHand(participantId: string): Promise<Outcome>
  kick(participantId: string): Promise<Outcome>
  ban(participantId: string): Promise<Outcome>
  setLocked(locked: boolean): Promise<Outcome>
  setP2pMax(people: number): Promise<Outcome>
  closeRoom(): Promise<Outcome>
  /** At least one hour, at most 720. */
  createInvite(hours: number): Promise<Outcome<Invite>>

  /** Statistics are polled only while somebody looks. */
  lookAtStats(looking: boolean): void
}

/* ── Studio ───────────────────────────────────────────────────────────────────────────────────────────────────── */

export type Show = Contract.Broadcast
export type Quality = Contract.Quality
export type Scene = Contract.SceneDocument
export type SceneSource = Contract.SceneSource
export type SceneLayout = Contract.SceneLayout
export type Corner = NonNullable<Scene['logo']>['corner']
/** A merge patch: what is left out stays, null takes away. */
export type ScenePatch = Omit<Contract.SceneUpdate, 'revision'>
export type SavedScene = Contract.SavedScene
export type Destination = Contract.Destination
export type NewDestination = Contract.DestinationCreate
export type DestinationChange = Contract.DestinationUpdate
export type DestinationTest = Contract.DestinationTest
export type OutputReason = NonNullable<Contract.OutputReason>
export type Platform = Contract.Platform
export type Recording = Contract.Recording

/** Prepared in this browser, to be shown when its moment comes. */
export interface Banner {
  id: string
  kind: 'banner' | 'ticker'
  title: string
  subtitle: string
}

export type PictureUse = 'logo' | 'background' | 'overlay'

export interface StudioPicture {
  id: string
  url: string
  use: PictureUse
}

export interface StudioState {
  status: 'idle' | 'loading' | 'ready' | 'failed'
  problem: Problem | null
  /** The running show of the room, or the next one. */
  show: Show | null
  /** As it will be when the server has taken everything that was changed here. */
  scene: Scene | null
  canUndo: boolean
  saved: SavedScene[]
  destinations: Destination[]
  recordings: Recording[]
  banners: Banner[]
  pictures: StudioPicture[]
  /** 0…1 while a picture is on its way. */
  uploading: { use: PictureUse; progress: number } | null
  /** How many seconds the programme lies behind, as far as it was measured; null before. */
  behind: number | null

  open(room: { id: string; title: string }): Promise<void>
  close(): void
  describe(change: { title?: string; description?: string; quality?: Quality }): Promise<Outcome>
  start(options: { record: boolean; tracks: boolean }): Promise<Outcome>
  end(): Promise<Outcome>
  /** A new show of the room after one that is over. */
  another(): Promise<void>

  change(patch: ScenePatch): Promise<Outcome>
  undo(): Promise<Outcome>
  saveScene(name: string, scene?: Scene): Promise<Outcome>
  removeScene(id: string): Promise<Outcome>

  addBanner(banner: Omit<Banner, 'id'>): void
  changeBanner(banner: Banner): void
  /** The answer puts it back. */
  removeBanner(id: string): () => void
  upload(file: File, use: PictureUse): Promise<Outcome<StudioPicture>>
  removePicture(id: string): () => void

  addDestination(destination: NewDestination): Promise<Outcome<Destination>>
  changeDestination(id: string, change: DestinationChange): Promise<Outcome>
  /** Off and on again: it is tried at once. */
  retryDestination(id: string): Promise<Outcome>
  removeDestination(id: string): Promise<Outcome>
  testDestination(id: string): Promise<Outcome<DestinationTest>>

  startRecording(tracks: boolean): Promise<Outcome>
  stopRecording(): Promise<Outcome>
}

/* ── Shows and recordings, outside a room ─────────────────────────────────────────────────────────────────────── */

export interface NewShow {
  title: string
  description: string
  roomId: string
  /** RFC 3339, or null while nobody has said. */
  startTime: string | null
  quality: Quality
}

export interface ShowsState {
  /** Live and coming, the next first; null until loaded. */
  shows: Show[] | null
  problem: Problem | null
  load(): Promise<void>
  find(id: string, invite: string | null): Promise<Outcome<Show>>
  plan(show: NewShow): Promise<Outcome<Show>>
  change(id: string, show: Omit<NewShow, 'roomId'>): Promise<Outcome>
  cancel(id: string): Promise<Outcome>
}

export interface RecordingsState {
  recordings: Recording[] | null
  problem: Problem | null
  hasMore: boolean
  load(): Promise<void>
  loadMore(): Promise<void>
  /** With links that are good for the next minutes. */
  fresh(id: string): Promise<Outcome<Recording>>
  remove(id: string): Promise<Outcome>
}

/* ── Administration ───────────────────────────────────────────────────────────────────────────────────────────── */

export interface AdminUser extends User {
  createdAt: string
}

export interface AdminState {
  users: AdminUser[] | null
  rooms: RoomSummary[] | null
  problem: Problem | null

  load(): Promise<void>
  setRole(userId: string, role: AccountRole): Promise<Outcome>
  closeRoom(id: string): Promise<Outcome>
}
