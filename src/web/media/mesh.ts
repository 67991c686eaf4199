/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Everyone to everyone: one Peer for each other participant. Owned by the room's view model. */
import type { Participant, Streams } from '../protocol/contract'
import type { Incoming, LayerStats, MediaLayer, RemoteMedia, SendSettings, Signal, TrackKind } from './layer'
import { Peer } from './peer'
import { cameraSettings, microphoneSettings, screenAudioSettings } from './presets'
import { ReceiverLevel } from './speaking'
import { readReport, type Report } from './stats'

export interface MeshParts {
  me: string
  createConnection: (configuration: RTCConfiguration) => RTCPeerConnection
  newStream: (tracks?: MediaStreamTrack[]) => MediaStream
  send: (signal: Signal) => void
  now?: () => number
  random?: () => number
  /** The seat was kept over a reload: the others still hold the connections of the page that is gone. */
  restored?: boolean
}

interface Member {
  participant: Participant
  peer: Peer
  media: RemoteMedia
  report: Report | null
  level: ReceiverLevel
  statsLevel: number | null
}

const silent: RemoteMedia = { link: 'connecting', microphone: null, camera: null, screen: null }
/* Nothing has to be sent between two viewers, so nothing is missing either. */
const unconnected: RemoteMedia = { ...silent, link: 'connected' }

export class Mesh implements MediaLayer {
  readonly streams: Required<Streams>
  onRemoteChanged: (participantId: string) => void = () => {}
  onProblem: (error: unknown, participantId: string) => void = () => {}

  private readonly members = new Map<string, Member>()
  private readonly local = new Map<TrackKind, { track: MediaStreamTrack | null; settings: SendSettings }>()
  private readonly carriers: { camera: MediaStream; screen: MediaStream }
  private servers: RTCIceServer[] = []
  private maySend = true
  private started = false
  private readonly now: () => number

  constructor(private readonly parts: MeshParts) {
    this.now = parts.now ?? (() => performance.now())
    this.carriers = { camera: parts.newStream(), screen: parts.newStream() }
    this.streams = { camera: this.carriers.camera.id, screen: this.carriers.screen.id }
  }

  setIceServers(servers: readonly RTCIceServer[]): void {
    this.servers = [...servers]
    for (const { peer } of this.members.values()) peer.setIceServers(this.servers)
  }

  setPeople(people: readonly Participant[]): void {
    const me = people.find(({ id }) => id === this.parts.me)
    if (!me) return
    /* Two viewers have nothing to tell each other. */
    const wanted = people.filter(
      ({ id, stage, role }) =>
        id !== me.id && stage !== 'waiting' && me.stage !== 'waiting' && (role !== 'viewer' || me.role !== 'viewer'),
    )
    const ids = new Set(wanted.map(({ id }) => id))
    const before = this.members.size

    for (const [id, member] of this.members) {
      if (ids.has(id)) continue
      member.peer.close()
      this.members.delete(id)
    }
    if (this.maySend !== (me.role !== 'viewer')) {
      this.maySend = me.role !== 'viewer'
      for (const { peer } of this.members.values()) peer.updateDirection()
    }
    for (const participant of wanted) {
      const member = this.members.get(participant.id)
      if (member) this.updateMember(member, participant)
      else this.connect(participant)
    }
    if (this.members.size !== before) this.applyCameraSettings()
    this.started = true
  }

  setLocal(kind: TrackKind, track: MediaStreamTrack | null, settings?: SendSettings): void {
    this.local.set(kind, { track, settings: settings ?? this.defaults(kind) })
    for (const { peer } of this.members.values()) peer.update(kind)
  }

  receive(signal: Incoming): void {
    /* What a server says about its slots was meant for the layer before this one. */
    if (signal.type === 'slots' || signal.type === 'codecs' || signal.type === 'active-speakers') return
    this.members.get(signal.from ?? '')?.peer.receive(signal)
  }

  /** This seat was away for a moment, and what was sent to it then is lost. */
  resume(): void {
    for (const { peer } of this.members.values()) peer.repeatOffer()
  }

  remote(participantId: string): RemoteMedia {
    return this.members.get(participantId)?.media ?? unconnected
  }

  async stats(): Promise<LayerStats> {
    const peers: LayerStats['peers'] = new Map()
    await Promise.all(
      [...this.members].map(async ([id, member]) => {
        const report = (await member.peer.getStats()) as unknown as Report
        const figures = readReport(report, member.report, member.peer.kinds())
        member.report = report
        const voice = figures.tracks.find(({ kind, direction }) => kind === 'microphone' && direction === 'down')
        member.statsLevel = voice?.audioLevel ?? null
        peers.set(id, figures)
      }),
    )
    return { connections: peers.size, peers }
  }

  levels(): Map<string, number> {
    const now = this.now()
    const levels = new Map<string, number>()
    for (const [id, { peer, level, statsLevel, participant }] of this.members) {
      const receiver = participant.audio ? peer.receiver('microphone', participant.streams) : null
      if (receiver) levels.set(id, level.read(receiver, statsLevel, now))
    }
    return levels
  }

  close(): void {
    for (const { peer } of this.members.values()) peer.close()
    this.members.clear()
    this.local.clear()
  }

  private connect(participant: Participant): void {
    const { id } = participant
    const peer = new Peer({
      me: this.parts.me,
      id,
      create: () => this.parts.createConnection({ iceServers: this.servers, bundlePolicy: 'max-bundle' }),
      send: (signal) => this.parts.send({ ...signal, to: id }),
      streamOf: (kind) => (kind === 'microphone' || kind === 'camera' ? this.carriers.camera : this.carriers.screen),
      local: (kind) => this.local.get(kind) ?? { track: null, settings: {} },
      maySend: () => this.maySend,
      onChanged: () => this.remoteChanged(id),
      onProblem: (error) => this.onProblem(error, id),
      random: this.parts.random,
    })
    const level = new ReceiverLevel()
    this.members.set(id, { participant, peer, media: silent, report: null, level, statsLevel: null })
    /* Ids grow with time: the newcomer offers, and after a reload the one who came back. */
    const restoring = this.parts.restored === true && !this.started
    if (this.parts.me > id || restoring) peer.start()
  }

  private updateMember(member: Member, participant: Participant): void {
    const { streams } = member.participant
    member.participant = participant
    if (streams.camera !== participant.streams.camera || streams.screen !== participant.streams.screen) {
      this.remoteChanged(participant.id)
    }
  }

  private remoteChanged(id: string): void {
    const member = this.members.get(id)
    if (!member) return
    const { peer, media, participant } = member
    const track = (kind: TrackKind) => peer.receiver(kind, participant.streams)?.track ?? null
    member.media = {
      link: peer.link,
      microphone: this.streamOf(media.microphone, [track('microphone')]),
      camera: this.streamOf(media.camera, [track('camera')]),
      screen: this.streamOf(media.screen, [track('screen'), track('screen-audio')]),
    }
    this.onRemoteChanged(id)
  }

  /** The stream as it is, unless its tracks are others now. */
  private streamOf(current: MediaStream | null, wanted: (MediaStreamTrack | null)[]): MediaStream | null {
    const tracks = wanted.filter((track) => track !== null)
    if (tracks.length === 0) return null
    const present = current?.getTracks() ?? []
    const same = present.length === tracks.length && tracks.every((track) => present.includes(track))
    return current && same ? current : this.parts.newStream(tracks)
  }

  private defaults(kind: TrackKind): SendSettings {
    if (kind === 'microphone') return microphoneSettings
    if (kind === 'screen-audio') return screenAudioSettings
    return kind === 'camera' ? cameraSettings(this.members.size) : {}
  }

  /** Fewer pixels for each when there are more to send them to. */
  private applyCameraSettings(): void {
    const camera = this.local.get('camera')
    if (!camera) return
    this.setLocal('camera', camera.track, cameraSettings(this.members.size))
  }
}
