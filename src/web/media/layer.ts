/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the room needs from whatever carries its sound and pictures: a mesh of peer connections (mesh.ts) or one connection
   to a forwarding server (hub.ts). */
import type {
  ActiveSpeakersEvent,
  AnswerCommand,
  CodecsEvent,
  ErrorDetail,
  IceCandidateCommand,
  OfferCommand,
  Participant,
  Picture,
  SlotsEvent,
  Streams,
  SubscribeCommand,
} from '../protocol/contract'
import type { TrackFigures } from './stats'

export type TrackKind = 'microphone' | 'camera' | 'screen' | 'screen-audio'

/** The order of the m-lines, the same on both sides for as long as a connection lives. */
export const trackKinds: readonly TrackKind[] = ['microphone', 'camera', 'screen', 'screen-audio']

export const mediaOfKind = (kind: TrackKind): 'audio' | 'video' =>
  kind === 'camera' || kind === 'screen' ? 'video' : 'audio'

/** How the encoder of one track has to work. What is left out is the browser's to decide. */
export interface SendSettings {
  /** Bits per second. */
  maxBitrate?: number
  maxFramerate?: number
  scaleResolutionDownBy?: number
  degradationPreference?: RTCDegradationPreference
  priority?: RTCPriorityType
  /** MIME types, the most wanted first; the first that both sides speak is used. */
  codecs?: readonly string[]
}

export type LinkState = 'connecting' | 'connected' | 'reconnecting'

/** The streams keep their identity while a connection lives, so that elements which show them are left alone. Whether
    somebody sends at the moment is in their status, not here. */
export interface RemoteMedia {
  link: LinkState
  microphone: MediaStream | null
  camera: MediaStream | null
  /** Picture and, in the same stream, its sound. */
  screen: MediaStream | null
}

export interface LayerStats {
  connections: number
  /** By participant; through a server, what this page sends stands under its own id. */
  peers: Map<string, PeerStats>
}

export interface PeerStats {
  tracks: TrackFigures[]
  rttMs: number | null
  /** What the congestion control thinks fits, bits per second. */
  availableOutgoing: number | null
  path: 'direct' | 'relay' | 'server' | null
}

/** What the ends of a connection say to each other. */
export type Signal = OfferCommand | AnswerCommand | IceCandidateCommand
/** All that a layer says, and all that it listens to. */
export type Outgoing = Signal | SubscribeCommand
export type Incoming = Signal | SlotsEvent | CodecsEvent | ActiveSpeakersEvent

export interface MediaLayer {
  /** To be announced in participant-status. */
  readonly streams: Required<Streams>
  /** A participant's media, or its link, changed. */
  onRemoteChanged: (participantId: string) => void
  /** Something failed that did not end a call but should not stay unknown. */
  onProblem: (error: unknown, participantId: string) => void

  /** Who is in the room now; connects newcomers, drops who left, touches nobody else. */
  setPeople(people: readonly Participant[]): void
  setIceServers(servers: readonly RTCIceServer[]): void
  /** Starts, replaces (another device) or, with null, stops sending. */
  setLocal(kind: TrackKind, track: MediaStreamTrack | null, settings?: SendSettings): void
  receive(signal: Incoming): void
  /** The server did not take an offer of ours. False where that is nothing the layer can mend by itself. */
  refused?(error: ErrorDetail): boolean
  /** What the page shows of others, the most wanted first. Between browsers everything comes anyway. */
  show?(pictures: readonly Picture[]): void
  /** The seat was kept while the socket was away. */
  resume(): void
  remote(participantId: string): RemoteMedia
  /** Of the show that runs here, where it was asked for and came. */
  programme?(): MediaStream | null
  stats(): Promise<LayerStats>
  /** How loud each microphone is now, 0…1 linear. */
  levels(): Map<string, number>
  close(): void
}
