/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One connection to one participant. Owned by Mesh.

   Negotiation is the "perfect" one of the WebRTC specification (§10.7): when two offers cross, the polite side, the one
   with the lower id, takes its own back. The four transceivers are made once, by the side that offers first, and found by
   their order on the other; starting and stopping a track is replaceTrack, which nobody negotiates and no other track
   notices. When the other side's connection turns out to be a new one (its page was reloaded and kept its seat), or ICE
   cannot be repaired, this side starts anew as well. */
import { Backoff } from '../protocol/backoff'
import type { IceCandidate } from '../protocol/contract'
import { type LinkState, mediaOfKind, type SendSettings, type Signal, type TrackKind, trackKinds } from './layer'
import { applySettings } from './sender'

export interface PeerParts {
  me: string
  id: string
  create: () => RTCPeerConnection
  send: (signal: Signal) => void
  /** What to put on the wire as msid: the microphone goes with the camera, the screen's sound with the screen. */
  streamOf: (kind: TrackKind) => MediaStream
  local: (kind: TrackKind) => { track: MediaStreamTrack | null; settings: SendSettings }
  /** Viewers only receive. */
  maySend: () => boolean
  onChanged: () => void
  onProblem: (error: unknown) => void
  random?: () => number
}

/** A connection that was only disturbed recovers by itself within this time. */
const patience = 3000
/** After so many ICE restarts in vain everything is made anew. */
const restartLimit = 2
const answerLimit = 5000
const repairLimit = 15_000

/** JSEP keeps the session id of `o=` for as long as a connection lives, so another one is another connection. */
export const sessionOf = (sdp: string): string => /^o=\S+ (\S+)/m.exec(sdp)?.[1] ?? ''

export class Peer {
  link: LinkState = 'connecting'

  private connection!: RTCPeerConnection
  private transceivers = new Map<TrackKind, RTCRtpTransceiver>()
  private makingOffer = false
  private ignoringOffer = false
  private settled = false
  private candidates: IceCandidate[] = []
  private remoteSession = ''
  private streamIds = new Map<MediaStreamTrack, string>()
  private restarts = 0
  private closed = false
  private timer: ReturnType<typeof setTimeout> | undefined
  private offerTimer: ReturnType<typeof setTimeout> | undefined
  /** What arrives is dealt with in the order of arrival. */
  private turn: Promise<void> = Promise.resolve()
  private readonly polite: boolean
  private readonly backoff: Backoff

  constructor(private readonly parts: PeerParts) {
    this.polite = parts.me < parts.id
    this.backoff = new Backoff(parts.random, 1000, 15_000)
    this.renew()
  }

  /** Makes the first offer. Exactly one side has to. */
  start(): void {
    for (const kind of trackKinds) {
      const transceiver = this.connection.addTransceiver(mediaOfKind(kind), {
        direction: this.direction(),
        streams: [this.parts.streamOf(kind)],
      })
      this.transceivers.set(kind, transceiver)
    }
    for (const kind of trackKinds) this.update(kind)
  }

  receive(signal: Signal): void {
    this.turn = this.turn
      .then(async () => {
        if (this.closed) return
        if (signal.type === 'ice-candidate') await this.addCandidate(signal.candidate)
        else await this.describe({ type: signal.type, sdp: signal.sdp })
      })
      .catch((error: unknown) => {
        if (!this.closed) this.parts.onProblem(error)
      })
  }

  /** The local track of this kind, or how to encode it, changed. */
  update(kind: TrackKind): void {
    void this.replace(kind).catch((error: unknown) => {
      if (!this.closed) this.parts.onProblem(error)
    })
  }

  /** This person may send now, or may no longer: the directions follow. */
  updateDirection(): void {
    for (const transceiver of this.transceivers.values()) {
      if (transceiver.direction !== this.direction()) transceiver.direction = this.direction()
    }
  }

  /** An offer that nobody answered is made again, unchanged: whoever did receive it answers once more. */
  repeatOffer(): void {
    if (!this.closed && this.connection.signalingState === 'have-local-offer') this.sendDescription()
  }

  /** What arrives for a kind. `announced` are the other side's stream ids, from its status; where they say something, they
      win over the order. */
  receiver(kind: TrackKind, announced: { camera?: string; screen?: string } = {}): RTCRtpReceiver | null {
    const wanted = kind === 'microphone' || kind === 'camera' ? announced.camera : announced.screen
    if (wanted) {
      for (const transceiver of this.connection.getTransceivers()) {
        const { track } = transceiver.receiver
        if (track.kind === mediaOfKind(kind) && this.streamIds.get(track) === wanted) return transceiver.receiver
      }
    }
    return this.transceivers.get(kind)?.receiver ?? null
  }

  /** Which m-line carries what, for statistics. */
  kinds(): Map<string, TrackKind> {
    const kinds = new Map<string, TrackKind>()
    for (const [kind, { mid }] of this.transceivers) if (mid !== null) kinds.set(mid, kind)
    return kinds
  }

  getStats(): Promise<RTCStatsReport> {
    return this.connection.getStats()
  }

  setIceServers(servers: readonly RTCIceServer[]): void {
    this.connection.setConfiguration({ ...this.connection.getConfiguration(), iceServers: [...servers] })
  }

  close(): void {
    this.closed = true
    this.dispose()
  }

  /* ── Life of the connection ── */

  private renew(): void {
    const connection = this.parts.create()
    this.connection = connection
    this.transceivers = new Map()
    this.streamIds = new Map()
    this.candidates = []
    this.makingOffer = this.ignoringOffer = this.settled = false
    this.remoteSession = ''
    this.restarts = 0

    connection.onnegotiationneeded = () => void this.offer(connection)
    connection.onicecandidate = ({ candidate }) => {
      /* The end of candidates is not sent: ICE does without, and so does every browser. */
      if (candidate?.candidate) this.parts.send(candidateSignal(candidate))
    }
    connection.ontrack = ({ track, streams }) => {
      if (streams[0]) this.streamIds.set(track, streams[0].id)
      this.parts.onChanged()
    }
    connection.onconnectionstatechange = () => this.follow(connection)
  }

  private dispose(): void {
    clearTimeout(this.timer)
    clearTimeout(this.offerTimer)
    const connection = this.connection
    connection.onnegotiationneeded = connection.onicecandidate = connection.ontrack = null
    connection.onconnectionstatechange = null
    connection.close()
  }

  private again(): void {
    this.dispose()
    this.renew()
    this.setLink('reconnecting')
  }

  private follow(connection: RTCPeerConnection): void {
    if (connection !== this.connection) return
    switch (connection.connectionState) {
      case 'connected':
        clearTimeout(this.timer)
        this.restarts = 0
        this.backoff.reset()
        return this.setLink('connected')
      case 'disconnected':
        clearTimeout(this.timer)
        this.setLink('reconnecting')
        this.timer = setTimeout(() => this.repair(), patience)
        return
      case 'failed':
        clearTimeout(this.timer)
        this.setLink('reconnecting')
        /* Both sides notice; the polite one leaves the first move to the other. */
        this.timer = setTimeout(() => this.repair(), this.backoff.next() + (this.polite ? 1000 : 0))
        return
    }
  }

  private repair(): void {
    if (this.closed) return
    if (++this.restarts > restartLimit) {
      this.again()
      this.start()
      return
    }
    this.connection.restartIce()
    /* Nothing may come of it without the state changing again. */
    this.timer = setTimeout(() => this.repair(), repairLimit)
  }

  private setLink(link: LinkState): void {
    if (this.link === link) return
    this.link = link
    this.parts.onChanged()
  }

  /* ── Negotiation ── */

  private async offer(connection: RTCPeerConnection): Promise<void> {
    try {
      this.makingOffer = true
      await connection.setLocalDescription()
      if (connection === this.connection) this.sendDescription()
    } catch (error) {
      if (!this.closed && connection === this.connection) this.parts.onProblem(error)
    } finally {
      if (connection === this.connection) this.makingOffer = false
    }
  }

  /** The other side may have been away when an offer came, and signals to who is away are lost: repeat it until it is
      answered. */
  private awaitAnswer(): void {
    clearTimeout(this.offerTimer)
    this.offerTimer = setTimeout(() => this.repeatOffer(), answerLimit)
  }

  private sendDescription(): void {
    const description = this.connection.localDescription
    if (!this.closed && description && (description.type === 'offer' || description.type === 'answer')) {
      this.parts.send({ type: description.type, sdp: description.sdp })
      if (description.type === 'offer') this.awaitAnswer()
    }
  }

  private async describe(description: { type: 'offer' | 'answer'; sdp: string }): Promise<void> {
    const session = sessionOf(description.sdp)
    const stranger = this.remoteSession !== '' && session !== this.remoteSession

    if (description.type === 'answer') {
      if (stranger) {
        /* The answer comes from a connection made after our offer: the old one it was meant for is gone. */
        this.again()
        this.start()
        return
      }
      /* An answer to an offer that was taken back. */
      if (this.connection.signalingState !== 'have-local-offer') return
    } else {
      const collision = this.makingOffer || this.connection.signalingState !== 'stable'
      this.ignoringOffer = collision && !this.polite && !stranger
      if (this.ignoringOffer) return
      /* Taking back a first offer would leave its transceivers behind, beside those of the other side. */
      if (stranger || (collision && !this.settled)) this.again()
    }

    const connection = this.connection
    await connection.setRemoteDescription(description)
    if (connection !== this.connection) return
    this.remoteSession = session

    if (description.type === 'offer') {
      this.adopt()
      await connection.setLocalDescription()
      if (connection !== this.connection) return
      this.sendDescription()
    }
    await this.flushCandidates()
    this.settled = true
    /* Codecs are known only now, and some browsers take no parameters before. */
    for (const kind of trackKinds) this.update(kind)
    this.parts.onChanged()
  }

  /** The transceivers that the other side's offer made, in the order of its m-lines. */
  private adopt(): void {
    if (this.transceivers.size > 0) return
    for (const medium of ['audio', 'video'] as const) {
      const kinds = trackKinds.filter((kind) => mediaOfKind(kind) === medium)
      const found = this.connection.getTransceivers().filter(({ receiver }) => receiver.track.kind === medium)
      for (const [index, kind] of kinds.entries()) {
        const transceiver = found[index]
        if (!transceiver) continue
        transceiver.direction = this.direction()
        transceiver.sender.setStreams?.(this.parts.streamOf(kind))
        this.transceivers.set(kind, transceiver)
      }
    }
    for (const kind of trackKinds) this.update(kind)
  }

  private direction(): RTCRtpTransceiverDirection {
    return this.parts.maySend() ? 'sendrecv' : 'recvonly'
  }

  private async replace(kind: TrackKind): Promise<void> {
    const sender = this.transceivers.get(kind)?.sender
    if (!sender) return
    const { track, settings } = this.parts.local(kind)
    if (sender.track !== track) await sender.replaceTrack(track)
    /* Until something was negotiated there is nothing to set; describe() comes back here. */
    if (track !== null && this.settled && !this.closed) await applySettings(sender, settings)
  }

  /* ── Candidates ── */

  private async addCandidate(candidate: IceCandidate): Promise<void> {
    if (this.connection.remoteDescription === null) {
      if (this.candidates.length < 100) this.candidates.push(candidate)
      return
    }
    try {
      await this.connection.addIceCandidate(candidate)
    } catch (error) {
      /* Those of an offer that was ignored, or of a session before an ICE restart, belong to nothing. */
      const { usernameFragment } = candidate
      const current = this.connection.remoteDescription?.sdp ?? ''
      const stale = !!usernameFragment && !current.includes(`a=ice-ufrag:${usernameFragment}`)
      if (!this.ignoringOffer && !stale) throw error
    }
  }

  private async flushCandidates(): Promise<void> {
    const waiting = this.candidates
    this.candidates = []
    for (const candidate of waiting) await this.addCandidate(candidate)
  }
}

function candidateSignal({ candidate, sdpMid, sdpMLineIndex, usernameFragment }: RTCIceCandidate): Signal {
  return { type: 'ice-candidate', candidate: { candidate, sdpMid, sdpMLineIndex, usernameFragment } }
}
