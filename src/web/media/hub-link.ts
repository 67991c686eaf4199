/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The one connection to the hub. Owned by HubLayer.

   This side always offers, so offers never cross; the next one waits until the last was answered. The m-lines are the four
   kinds this page sends, then slots to receive in: sound for the loudest, pictures for what the page shows. Slots are only
   ever added, by one more offer; who is in them changes without a word here. A connection that breaks is made anew: to the
   hub new ICE credentials are a new participant anyway. */
import { Backoff } from '../protocol/backoff'
import type { TrackLine } from '../protocol/contract'
import { Heartbeat } from './heartbeat'
import { countMedia, cutOffer, slotCodecs } from './hub-offer'
import { type LinkState, mediaOfKind, type SendSettings, type TrackKind, trackKinds } from './layer'
import { applySettings } from './sender'
import type { Report } from './stats'

export interface LinkOffer {
  sdp: string
  tracks: TrackLine[]
}

export interface HubLinkParts {
  create: () => RTCPeerConnection
  send: (offer: LinkOffer) => void
  streamOf: (kind: TrackKind) => MediaStream
  local: (kind: TrackKind) => { track: MediaStreamTrack | null; settings: SendSettings }
  /** What this browser decodes, or nothing where it does not say. */
  pictureCodecs: readonly RTCRtpCodec[]
  soundCodecs: readonly RTCRtpCodec[]
  /** An offer was answered: what is said about this connection has somewhere to go now. */
  onAnswered: () => void
  /** All slots are others, and nothing is in them yet. */
  onRenewed: () => void
  onStateChanged: () => void
  onProblem: (error: unknown) => void
  random?: () => number
}

export const soundSlots = 8
export const firstPictureSlots = 8
/** A step at a time, so that a room that fills asks for more only now and then. */
const pictureSteps = [firstPictureSlots, 16, 25, 36, 49]
export const mostPictureSlots = pictureSteps.at(-1)!

/** A connection that was only disturbed recovers by itself within this time. */
const patience = 3000
/** An offer that nobody answered for so long is made again. */
const answerLimit = 5000
/** From the answer to the first packet. */
const connectLimit = 15_000

export class HubLink {
  link: LinkState = 'connecting'
  /** The hub knows this connection. */
  answered = false

  private connection: RTCPeerConnection
  private senders = new Map<TrackKind, RTCRtpTransceiver>()
  private slots: RTCRtpTransceiver[] = []
  private pictureSlots = firstPictureSlots
  /** The last description is not what was agreed upon. */
  private changed = true
  private describing = false
  /** Whose offer is on its way; of an older connection too, whose answer then belongs to nothing. */
  private asking: RTCPeerConnection | null = null
  private closed = false
  private heartbeat: Heartbeat | null = null
  private timer: ReturnType<typeof setTimeout> | undefined
  private answerTimer: ReturnType<typeof setTimeout> | undefined
  /** What everybody else decodes, as MIME types; null before the hub has said it. */
  private common: readonly string[] | null = null
  private readonly backoff: Backoff

  constructor(private readonly parts: HubLinkParts) {
    this.backoff = new Backoff(parts.random, 500, 15_000)
    this.connection = this.make()
    void this.negotiate()
  }

  /** Room for so many pictures, or as many as there ever are. */
  makeRoom(pictures: number): void {
    const wanted = pictureSteps.find((step) => step >= pictures) ?? mostPictureSlots
    if (wanted <= this.pictureSlots) return
    this.addSlots(this.connection, 'video', wanted - this.pictureSlots)
    this.pictureSlots = wanted
    this.changed = true
    void this.negotiate()
  }

  /** The local track of this kind, or how to encode it, changed. Nobody negotiates that. */
  update(kind: TrackKind): void {
    void this.replace(kind).catch((error: unknown) => this.problem(error))
  }

  /** A newcomer may decode less than all before, and who leaves may have been the one who did. What was negotiated stays:
      an encoder changes over to another of the codecs agreed upon. */
  setCommonCodecs(names: readonly string[]): void {
    this.common = names.map((name) => `video/${name}`)
    for (const kind of trackKinds) if (mediaOfKind(kind) === 'video') this.update(kind)
  }

  receive(answer: string): void {
    const { asking } = this
    /* A repeated offer may be answered twice, and each one grows. */
    const current = asking === this.connection && asking.signalingState === 'have-local-offer'
    if (asking === null || (current && countMedia(answer) !== countMedia(asking.localDescription?.sdp ?? ''))) return
    this.settle()
    if (current) void this.accept(asking, answer)
    else void this.negotiate()
  }

  /** The hub did not take the offer, or could not answer. */
  refused(): void {
    if (this.asking === null) return
    this.settle()
    this.renewLater()
  }

  /** What was sent while nobody listened is lost. */
  repeatOffer(): void {
    if (this.closed || this.asking === null) return
    if (this.asking === this.connection) return this.sendOffer()
    this.settle()
    void this.negotiate()
  }

  /** What arrives in a slot. */
  receiver(mid: string): RTCRtpReceiver | null {
    return this.slots.find((slot) => slot.mid === mid)?.receiver ?? null
  }

  /** Which m-line sends what. */
  kinds(): Map<string, TrackKind> {
    return new Map(this.lines().map(({ mid, kind }) => [mid, kind]))
  }

  getStats(): Promise<RTCStatsReport> {
    return this.connection.getStats()
  }

  setIceServers(servers: readonly RTCIceServer[]): void {
    this.connection.setConfiguration({ ...this.connection.getConfiguration(), iceServers: [...servers] })
  }

  close(): void {
    this.closed = true
    this.settle()
    this.dispose()
  }

  /* ── Life of the connection ── */

  private make(): RTCPeerConnection {
    const connection = this.parts.create()
    connection.onconnectionstatechange = () => this.follow(connection)
    this.senders = new Map()
    this.slots = []
    for (const kind of trackKinds) {
      const streams = [this.parts.streamOf(kind)]
      this.senders.set(kind, connection.addTransceiver(mediaOfKind(kind), { direction: 'sendonly', streams }))
    }
    this.addSlots(connection, 'audio', soundSlots)
    this.addSlots(connection, 'video', this.pictureSlots)
    this.changed = true
    this.answered = false
    for (const kind of trackKinds) this.update(kind)
    return connection
  }

  private addSlots(connection: RTCPeerConnection, medium: 'audio' | 'video', count: number): void {
    const codecs = slotCodecs(medium === 'video' ? this.parts.pictureCodecs : this.parts.soundCodecs)
    for (let slot = 0; slot < count; slot++) {
      const transceiver = connection.addTransceiver(medium, { direction: 'recvonly' })
      if (codecs.length > 0) transceiver.setCodecPreferences(codecs)
      this.slots.push(transceiver)
    }
  }

  private dispose(): void {
    clearTimeout(this.timer)
    this.heartbeat?.stop()
    this.heartbeat = null
    this.connection.onconnectionstatechange = null
    this.connection.close()
  }

  private renew(): void {
    if (this.closed) return
    this.dispose()
    this.connection = this.make()
    this.setLink('reconnecting')
    this.parts.onRenewed()
    void this.negotiate()
  }

  private renewLater(): void {
    clearTimeout(this.timer)
    this.timer = setTimeout(() => this.renew(), this.backoff.next())
  }

  private follow(connection: RTCPeerConnection): void {
    if (connection !== this.connection) return
    switch (connection.connectionState) {
      case 'connected':
        clearTimeout(this.timer)
        this.backoff.reset()
        this.heartbeat ??= new Heartbeat({
          receivers: () => this.slots.map(({ receiver }) => receiver),
          getStats: async () => (await connection.getStats()) as unknown as Report,
          onSilent: () => this.renew(),
        })
        return this.setLink('connected')
      case 'disconnected':
        clearTimeout(this.timer)
        this.setLink('reconnecting')
        this.timer = setTimeout(() => this.renew(), patience)
        return
      case 'failed':
        this.setLink('reconnecting')
        return this.renewLater()
    }
  }

  private setLink(link: LinkState): void {
    if (this.link === link) return
    this.link = link
    this.parts.onStateChanged()
  }

  private problem(error: unknown): void {
    if (!this.closed) this.parts.onProblem(error)
  }

  /* ── Negotiation ── */

  private async negotiate(): Promise<void> {
    if (!this.changed || this.describing || this.asking !== null || this.closed) return
    const { connection } = this
    this.changed = false
    this.describing = true
    try {
      await connection.setLocalDescription()
    } catch (error) {
      if (connection === this.connection) {
        this.problem(error)
        this.renewLater()
      }
    }
    this.describing = false
    if (this.closed) return
    if (connection !== this.connection) return this.negotiate()
    if (connection.signalingState !== 'have-local-offer') return
    this.asking = connection
    this.sendOffer()
  }

  private sendOffer(): void {
    const { localDescription } = this.connection
    if (localDescription === null) return
    clearTimeout(this.answerTimer)
    this.answerTimer = setTimeout(() => this.repeatOffer(), answerLimit)
    this.parts.send({ sdp: cutOffer(localDescription.sdp), tracks: this.lines() })
  }

  private settle(): void {
    clearTimeout(this.answerTimer)
    this.asking = null
  }

  private async accept(connection: RTCPeerConnection, sdp: string): Promise<void> {
    try {
      await connection.setRemoteDescription({ type: 'answer', sdp })
    } catch (error) {
      if (connection !== this.connection) return
      this.problem(error)
      return this.renewLater()
    }
    if (connection !== this.connection || this.closed) return
    this.answered = true
    if (connection.connectionState === 'new' || connection.connectionState === 'connecting') {
      clearTimeout(this.timer)
      this.timer = setTimeout(() => this.renewLater(), connectLimit)
    }
    /* Codecs are known only now, and some browsers take no parameters before. */
    for (const kind of trackKinds) this.update(kind)
    this.parts.onAnswered()
    void this.negotiate()
  }

  private lines(): TrackLine[] {
    const lines: TrackLine[] = []
    for (const [kind, { mid }] of this.senders) if (mid !== null) lines.push({ mid, kind })
    return lines
  }

  private async replace(kind: TrackKind): Promise<void> {
    const sender = this.senders.get(kind)?.sender
    if (!sender) return
    const { track, settings } = this.parts.local(kind)
    if (sender.track !== track) await sender.replaceTrack(track)
    if (track !== null && this.answered && !this.closed) await applySettings(sender, this.understood(settings))
  }

  /** The wanted codecs without those that somebody could not decode. */
  private understood(settings: SendSettings): SendSettings {
    const { common } = this
    if (common === null || settings.codecs === undefined) return settings
    return { ...settings, codecs: settings.codecs.filter((codec) => common.includes(codec)) }
  }
}
