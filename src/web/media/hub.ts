/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Everyone through the server: one connection to the hub, whose slots carry whoever is loud and whatever the page shows.
   Owned by the room's view model. */
import type { ActiveSpeakersEvent, ErrorDetail, Participant, Picture, Slot, Streams } from '../protocol/contract'
import { HubLink, mostPictureSlots } from './hub-link'
import type { Incoming, LayerStats, MediaLayer, Outgoing, RemoteMedia, SendSettings, TrackKind } from './layer'
import { forwardedCameraSettings, microphoneSettings, screenAudioSettings } from './presets'
import { lightAt } from './speaking'
import { readReport, type Report } from './stats'

export interface HubParts {
  me: string
  /** Of the media, as the server counts it. */
  epoch: number
  createConnection: (configuration: RTCConfiguration) => RTCPeerConnection
  newStream: (tracks?: MediaStreamTrack[]) => MediaStream
  /** What this browser decodes. */
  pictureCodecs?: readonly RTCRtpCodec[]
  soundCodecs?: readonly RTCRtpCodec[]
  send: (message: Outgoing) => void
  random?: () => number
}

type StreamKind = 'microphone' | 'camera' | 'screen'

/** Tiles come and go in bursts; one message tells it all. */
const subscribeAfter = 50

const streamOfKind = (kind: TrackKind): StreamKind => (kind === 'screen-audio' ? 'screen' : kind)
/** Slots of people; a show's bear kinds of their own. */
const isPersonal = (slot: Slot): slot is Slot & { kind: TrackKind } => !slot.kind.startsWith('programme')
const pictureOrder: readonly Picture['kind'][] = ['programme', 'screen', 'camera']
const pictureKey = ({ participant, kind }: Picture): string => `${participant} ${kind}`

/** Old tracks go out first: Firefox shows a track that was added only where there was none. */
function refill(stream: MediaStream, wanted: readonly MediaStreamTrack[]): MediaStream {
  const present = stream.getTracks()
  for (const track of present) if (!wanted.includes(track)) stream.removeTrack(track)
  for (const track of wanted) if (!present.includes(track)) stream.addTrack(track)
  return stream
}

export class HubLayer implements MediaLayer {
  readonly streams: Required<Streams>
  onRemoteChanged: (participantId: string) => void = () => {}
  onProblem: (error: unknown, participantId: string) => void = () => {}

  private link: HubLink | null = null
  private servers: RTCIceServer[] = []
  private others = new Map<string, Participant>()
  private senders = 0
  private readonly local = new Map<TrackKind, { track: MediaStreamTrack | null; settings: SendSettings }>()
  private readonly carriers: { camera: MediaStream; screen: MediaStream }
  private slots: Slot[] = []
  /** By participant and kind, for as long as the participant is here: a tile that comes back finds its stream again. */
  private readonly kept = new Map<string, Partial<Record<StreamKind, MediaStream>>>()
  private programmeStream: MediaStream | null = null
  private media = new Map<string, RemoteMedia>()
  private speakers: ActiveSpeakersEvent['speakers'] = []
  private shown: readonly Picture[] = []
  /** The hub was offered this connection, and told with it what is wished for. */
  private offered = false
  private subscribed: string | null = null
  private timer: ReturnType<typeof setTimeout> | undefined
  private report: Report | null = null
  private reported = new Map<string, string>()

  constructor(private readonly parts: HubParts) {
    this.carriers = { camera: parts.newStream(), screen: parts.newStream() }
    this.streams = { camera: this.carriers.camera.id, screen: this.carriers.screen.id }
  }

  setIceServers(servers: readonly RTCIceServer[]): void {
    this.servers = [...servers]
    this.link?.setIceServers(this.servers)
  }

  setPeople(people: readonly Participant[]): void {
    const me = people.find(({ id }) => id === this.parts.me)
    if (!me || me.stage === 'waiting') return
    const others = people.filter(({ id, stage }) => id !== me.id && stage !== 'waiting')
    this.others = new Map(others.map((participant) => [participant.id, participant]))
    for (const id of this.kept.keys()) if (!this.others.has(id)) this.kept.delete(id)
    this.countSenders(others.filter(({ role }) => role !== 'viewer').length)
    this.link ??= this.connect()
    this.assign()
    this.subscribe()
  }

  setLocal(kind: TrackKind, track: MediaStreamTrack | null, settings?: SendSettings): void {
    this.local.set(kind, { track, settings: settings ?? this.defaults(kind) })
    this.link?.update(kind)
  }

  receive(message: Incoming): void {
    switch (message.type) {
      case 'answer':
        /* One from a participant was meant for the mesh before this. */
        if (message.from === undefined) this.link?.receive(message.sdp)
        return
      case 'slots':
        this.slots = message.slots
        return this.assign()
      case 'codecs':
        this.link?.setCommonCodecs(message.video)
        return
      case 'active-speakers':
        this.speakers = message.speakers
        return
    }
  }

  refused({ code }: ErrorDetail): boolean {
    this.link?.refused()
    return code !== 'invalid_input' && code !== 'forbidden'
  }

  show(pictures: readonly Picture[]): void {
    this.shown = pictures
    this.subscribe()
  }

  programme(): MediaStream | null {
    return this.programmeStream
  }

  /** This seat was away for a moment, and what was sent to it then is lost. */
  resume(): void {
    this.link?.repeatOffer()
    this.subscribed = null
    this.subscribe()
  }

  remote(participantId: string): RemoteMedia {
    return this.media.get(participantId) ?? this.nothing()
  }

  async stats(): Promise<LayerStats> {
    const { link, report: before, reported } = this
    if (link === null) return { connections: 0, peers: new Map() }
    const report = (await link.getStats()) as unknown as Report
    const owners = new Map(this.slots.map(({ mid, participant, kind }) => [mid, `${participant} ${kind}`]))
    this.report = report
    this.reported = owners

    const peers: LayerStats['peers'] = new Map()
    const own = readReport(report, before, link.kinds())
    const path = own.path && ('server' as const)
    peers.set(this.parts.me, { ...own, path })
    for (const id of this.others.keys()) {
      /* A slot that somebody else had when it was last counted tells nothing yet. */
      const theirs = this.slots.filter(isPersonal).filter(({ mid, participant }) => participant === id && reported.get(mid) === owners.get(mid))
      const kinds = new Map(theirs.map(({ mid, kind }) => [mid, kind]))
      const { tracks } = readReport(report, before, kinds)
      peers.set(id, { tracks, rttMs: own.rttMs, availableOutgoing: null, path })
    }
    return { connections: 1, peers }
  }

  /** The hub has already decided who speaks; a level below the page's own threshold would say otherwise. */
  levels(): Map<string, number> {
    return new Map(this.speakers.map(({ participant, level }) => [participant, Math.max(level, lightAt)]))
  }

  close(): void {
    clearTimeout(this.timer)
    this.link?.close()
    this.link = null
    this.local.clear()
    this.media.clear()
    this.kept.clear()
  }

  private connect(): HubLink {
    return new HubLink({
      create: () => this.parts.createConnection({ iceServers: this.servers, bundlePolicy: 'max-bundle' }),
      send: ({ sdp, tracks }) => {
        if (!this.link?.answered) this.wishAnew()
        this.parts.send({ type: 'offer', sdp, tracks, epoch: this.parts.epoch })
      },
      streamOf: (kind) => (kind === 'microphone' || kind === 'camera' ? this.carriers.camera : this.carriers.screen),
      local: (kind) => this.local.get(kind) ?? { track: null, settings: {} },
      pictureCodecs: this.parts.pictureCodecs ?? [],
      soundCodecs: this.parts.soundCodecs ?? [],
      onAnswered: () => {
        this.assign()
        this.sendSubscription()
      },
      onRenewed: () => {
        this.slots = []
        this.offered = false
        this.assign()
      },
      onStateChanged: () => this.assign(),
      onProblem: (error) => this.onProblem(error, ''),
      random: this.parts.random,
    })
  }

  /* ── What arrives ── */

  private nothing(): RemoteMedia {
    return { link: this.link?.link ?? 'connecting', microphone: null, camera: null, screen: null }
  }

  /** Puts every slot's track into the stream of whom it carries. */
  private assign(): void {
    const before = this.media
    const tracks = new Map<string, MediaStreamTrack[]>()
    this.assignProgramme()
    for (const { mid, participant, kind } of this.slots.filter(isPersonal)) {
      const track = this.link?.receiver(mid)?.track
      if (!track || !this.others.has(participant)) continue
      const key = `${participant} ${streamOfKind(kind)}`
      tracks.set(key, [...(tracks.get(key) ?? []), track])
    }
    this.media = new Map()
    for (const id of this.others.keys()) {
      const stream = (kind: StreamKind) => this.fill(id, kind, tracks.get(`${id} ${kind}`) ?? [])
      const media = { ...this.nothing(), microphone: stream('microphone'), camera: stream('camera'), screen: stream('screen') }
      this.media.set(id, media)
      const { link, microphone, camera, screen } = before.get(id) ?? this.nothing()
      const same = link === media.link && microphone === media.microphone && camera === media.camera && screen === media.screen
      if (!same) this.onRemoteChanged(id)
    }
  }

  /** A show is nobody in the room; its slots bear kinds of their own. */
  private assignProgramme(): void {
    const before = this.programmeStream
    const slots = this.slots.filter((slot) => !isPersonal(slot))
    const wanted = slots.map(({ mid }) => this.link?.receiver(mid)?.track).filter((track) => track !== undefined)
    this.programmeStream = wanted.length > 0 ? refill(before ?? this.parts.newStream(), wanted) : null
    if (this.programmeStream !== before) this.onRemoteChanged(slots[0]?.participant ?? '')
  }

  /** The same stream for as long as somebody is here, whatever track is in it now. */
  private fill(id: string, kind: StreamKind, wanted: MediaStreamTrack[]): MediaStream | null {
    if (wanted.length === 0) return null
    const streams = this.kept.get(id) ?? {}
    const stream = (streams[kind] ??= this.parts.newStream())
    this.kept.set(id, streams)
    return refill(stream, wanted)
  }

  /* ── What is asked for ── */

  /** The show before screens before faces, each in the order of the page; only what is being sent, so that no slot waits for nothing. */
  private wanted(): Picture[] {
    const sent = this.shown.filter(({ participant, kind }) => {
      if (kind === 'programme') return true
      const other = this.others.get(participant)
      return kind === 'screen' ? other?.screen : other?.video
    })
    const ordered = pictureOrder.flatMap((wanted) => sent.filter(({ kind }) => kind === wanted))
    const unique = new Map(ordered.map((picture) => [pictureKey(picture), picture]))
    return [...unique.values()].slice(0, mostPictureSlots)
  }

  private subscribe(): void {
    if (this.link === null || this.timer !== undefined) return
    this.timer = setTimeout(() => {
      this.timer = undefined
      this.sendSubscription()
    }, subscribeAfter)
  }

  /** Before an offer that makes a connection: what is wished for is on its way while that is still being made. */
  private wishAnew(): void {
    const pictures = this.wanted()
    this.offered = true
    this.subscribed = pictures.length > 0 ? pictures.map(pictureKey).join() : null
    if (pictures.length > 0) this.parts.send({ type: 'subscribe', pictures })
  }

  private sendSubscription(): void {
    const pictures = this.wanted()
    this.link?.makeRoom(pictures.length)
    const text = pictures.map(pictureKey).join()
    if (!this.offered || text === this.subscribed) return
    this.subscribed = text
    this.parts.send({ type: 'subscribe', pictures })
  }

  private defaults(kind: TrackKind): SendSettings {
    if (kind === 'microphone') return microphoneSettings
    if (kind === 'screen-audio') return screenAudioSettings
    return kind === 'camera' ? forwardedCameraSettings(this.senders) : {}
  }

  private countSenders(senders: number): void {
    if (this.senders === senders) return
    this.senders = senders
    const camera = this.local.get('camera')
    if (camera) this.setLocal('camera', camera.track)
  }
}
