/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Made by schemas/generate.py from openapi.yaml and ws/. Do not edit. */

export type Name = string

export type Slug = string

export type Password = string

export type UserRoleName = "guest" | "user" | "moderator" | "admin"

export type Visibility = "private" | "unlisted" | "public"

export type RoomRole = "host" | "guest" | "viewer"

export type Stage = "waiting" | "backstage" | "stage"

export interface ErrorBody {
  error: ErrorDetail
}

export interface ErrorDetail {
  code: string
  message: string
  field?: string
}

export interface Health {
  ok: boolean
}

export interface IceServer {
  urls: string[]
  username?: string
  credential?: string
}

export interface ClientConfig {
  signalingUrl: string
  iceServers: IceServer[]
  registration: boolean
  guests: boolean
  capacity: number
  capacityMax: number
  version: string
}

export interface Registration {
  email: string
  password: Password
  name: Name
  /** The one-time administrator token */
  setup?: string
}

export interface Login {
  email: string
  password: string
}

export interface Guest {
  name: Name
}

export interface Profile {
  name?: Name
  email?: string
  password?: Password
  currentPassword?: string
}

export interface UserRole {
  role: "user" | "moderator" | "admin"
}

export interface User {
  id: string
  name: string
  /** Only to the account itself and administrators */
  email?: string
  role: UserRoleName
  createdAt: string
}

export interface UserList {
  items: User[]
  next: string | null
}

export interface SignedIn {
  user: User
  accessToken: string
  expiresAt: string
}

export interface Session {
  id: string
  current: boolean
  agent: string
  address: string
  createdAt: string
  usedAt: string
}

export interface SessionList {
  items: Session[]
  next: string | null
}

export interface RoomCreate {
  title: string
  description?: string
  slug?: Slug
  visibility?: Visibility
  capacity?: number
  waitingRoom?: boolean
  /** May people without an account come in */
  guests?: boolean
}

export interface RoomUpdate {
  title?: string
  description?: string
  slug?: Slug
  visibility?: Visibility
  capacity?: number
  waitingRoom?: boolean
  guests?: boolean
  locked?: boolean
}

export interface RoomOwner {
  id: string
  name: string
}

export interface Room {
  id: string
  slug: string
  title: string
  description: string
  visibility: Visibility
  capacity: number
  waitingRoom: boolean
  guests: boolean
  locked: boolean
  owner: RoomOwner
  createdAt: string
  /** Seats taken now */
  participants: number
  /** The first few names */
  inside: string[]
  /** The caller owns it */
  mine: boolean
}

export interface RoomList {
  items: Room[]
  next: string | null
}

export interface InviteCreate {
  /** Seconds; a week unless said */
  expiresIn?: number
  /** The role it gives; guest unless said */
  role?: "host" | "guest" | "viewer"
  /** How often it works; unlimited unless said */
  uses?: number
}

export interface Invite {
  code: string
  url: string
  role: RoomRole
  createdAt: string
  expiresAt: string
  used: number
  uses: number | null
}

export interface InviteList {
  items: Invite[]
  next: string | null
}

/** Which MediaStream id carries what, so that a peer can tell the camera from the screen */
export interface Streams {
  camera?: string
  screen?: string
}

export interface Participant {
  id: string
  userId: string | null
  /** Has no account that lasts */
  guest: boolean
  name: string
  role: RoomRole
  stage: Stage
  audio: boolean
  video: boolean
  screen: boolean
  hand: boolean
  handAt: string | null
  streams: Streams
  joinedAt: string
}

export interface ParticipantList {
  items: Participant[]
  next: string | null
}

export interface ParticipantUpdate {
  /** Let in from the waiting list */
  admit?: true
  role?: RoomRole
  stage?: "backstage" | "stage"
  mute?: ("audio" | "video" | "screen")[]
  askUnmute?: ("audio" | "video")[]
  lowerHand?: true
}

export interface Ban {
  id: string
  name: string
  createdAt: string
}

export interface BanList {
  items: Ban[]
  next: string | null
}

export interface Message {
  id: string
  participantId: string
  userId: string | null
  name: string
  text: string
  createdAt: string
}

export interface MessageList {
  items: Message[]
  next: string | null
}

export interface IceCandidate {
  candidate: string
  sdpMid?: string | null
  sdpMLineIndex?: number | null
  usernameFragment?: string | null
}

export interface ChatMessageCommand {
  type: "chat-message"
  text: string
}

/** A host moves somebody on or off stage; anybody may step down. */
export interface StageCommand {
  type: "stage"
  participant: string
  stage: "backstage" | "stage"
}

/** The first message. A resume token brings a dropped socket back to its seat within 30 seconds. */
export interface JoinCommand {
  type: "join"
  room: string
  name?: Name
  token?: string
  invite?: string
  resume?: string
  /** Watch and listen only: come in as a viewer */
  watch?: boolean
}

export interface LeaveCommand {
  type: "leave"
}

/** What I send now. Fields left out stay as they are. */
export interface ParticipantStatusCommand {
  type: "participant-status"
  audio?: boolean
  video?: boolean
  screen?: boolean
  hand?: boolean
  streams?: Streams
}

export interface OfferCommand {
  type: "offer"
  sdp: string
  to?: string
  /** Set by the server, whatever the sender says */
  from?: string
}

export interface AnswerCommand {
  type: "answer"
  sdp: string
  to?: string
  /** Set by the server, whatever the sender says */
  from?: string
}

/** Trickle ICE (RFC 8838). An empty candidate string ends the candidates. */
export interface IceCandidateCommand {
  type: "ice-candidate"
  candidate: IceCandidate
  to?: string
  /** Set by the server, whatever the sender says */
  from?: string
}

export type ClientMessage =
  | ChatMessageCommand
  | StageCommand
  | JoinCommand
  | LeaveCommand
  | ParticipantStatusCommand
  | OfferCommand
  | AnswerCommand
  | IceCandidateCommand

export interface ChatMessageEvent {
  type: "chat-message"
  message: Message
}

export interface ChatMessageRemovedEvent {
  type: "chat-message-removed"
  id: string
}

/** A host muted you: stop sending these. Only you can start again. */
export interface MuteEvent {
  type: "mute"
  media: ("audio" | "video" | "screen")[]
  by: string
}

/** A host asks you to start your microphone or camera; the choice is yours. */
export interface AskUnmuteEvent {
  type: "ask-unmute"
  media: ("audio" | "video")[]
  by: string
}

/** Your seat. With stage waiting it holds nobody but yourself; a second one follows when you are let in. After a resume it is the whole state anew. */
export interface JoinedEvent {
  type: "joined"
  me: string
  room: Room
  participants: Participant[]
  /** The last fifty, oldest first; after a resume none, what was missed follows */
  messages: Message[]
  resume: string
  resumed: boolean
  iceServers: IceServer[]
  mode: "p2p"
}

export interface ParticipantJoinedEvent {
  type: "participant-joined"
  participant: Participant
}

export interface ParticipantLeftEvent {
  type: "participant-left"
  participant: string
  reason: "left" | "lost" | "kicked" | "banned" | "denied"
}

export interface ParticipantStatusUpdatedEvent {
  type: "participant-status-updated"
  participant: Participant
}

export interface RoomUpdatedEvent {
  type: "room-updated"
  room: Room
}

/** The last message: you are out, and coming back by itself is of no use. replaced: the same seat was resumed elsewhere. */
export interface RemovedEvent {
  type: "removed"
  reason: "kicked" | "banned" | "denied" | "closed" | "replaced"
}

/** The server goes away for a moment; come back after so many milliseconds. */
export interface ReconnectingEvent {
  type: "reconnecting"
  after: number
}

export interface ErrorEvent {
  type: "error"
  error: ErrorDetail
  /** The type of the message at fault */
  to?: string
}

export interface OfferEvent {
  type: "offer"
  sdp: string
  to?: string
  /** Set by the server, whatever the sender says */
  from?: string
}

export interface AnswerEvent {
  type: "answer"
  sdp: string
  to?: string
  /** Set by the server, whatever the sender says */
  from?: string
}

/** Trickle ICE (RFC 8838). An empty candidate string ends the candidates. */
export interface IceCandidateEvent {
  type: "ice-candidate"
  candidate: IceCandidate
  to?: string
  /** Set by the server, whatever the sender says */
  from?: string
}

export type ServerMessage =
  | ChatMessageEvent
  | ChatMessageRemovedEvent
  | MuteEvent
  | AskUnmuteEvent
  | JoinedEvent
  | ParticipantJoinedEvent
  | ParticipantLeftEvent
  | ParticipantStatusUpdatedEvent
  | RoomUpdatedEvent
  | RemovedEvent
  | ReconnectingEvent
  | ErrorEvent
  | OfferEvent
  | AnswerEvent
  | IceCandidateEvent
