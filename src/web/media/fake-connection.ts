/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* As much of RTCPeerConnection as negotiation needs, for tests without a browser: the signalling states with implicit
   rollback, transceivers that are matched by m-line, negotiationneeded. Its SDP says only what the fake itself reads. */

let sessions = 0

class FakeTrack {
  constructor(readonly kind: 'audio' | 'video') {}
}

class FakeSender {
  track: unknown = null
  parameters: RTCRtpSendParameters[] = []
  async replaceTrack(track: unknown): Promise<void> {
    this.track = track
  }
  setStreams(): void {}
  getParameters(): RTCRtpSendParameters {
    const codecs = ['video/VP8', 'video/VP9'].map((mimeType) => ({ mimeType, clockRate: 90_000, payloadType: 0 }))
    return { encodings: [], codecs, headerExtensions: [], rtcp: {}, transactionId: '' } as RTCRtpSendParameters
  }
  async setParameters(parameters: RTCRtpSendParameters): Promise<void> {
    this.parameters.push(parameters)
  }
}

class FakeTransceiver {
  mid: string | null = null
  readonly sender = new FakeSender()
  readonly receiver: { track: FakeTrack; getSynchronizationSources: () => [] }
  private wanted: RTCRtpTransceiverDirection

  constructor(
    private readonly owner: FakeConnection,
    kind: 'audio' | 'video',
    direction: RTCRtpTransceiverDirection,
  ) {
    this.receiver = { track: new FakeTrack(kind), getSynchronizationSources: () => [] }
    this.wanted = direction
  }
  get direction(): RTCRtpTransceiverDirection {
    return this.wanted
  }
  set direction(direction: RTCRtpTransceiverDirection) {
    this.wanted = direction
    this.owner.needNegotiation()
  }
}

export class FakeConnection {
  signalingState: RTCSignalingState = 'stable'
  connectionState: RTCPeerConnectionState = 'new'
  localDescription: RTCSessionDescriptionInit | null = null
  remoteDescription: RTCSessionDescriptionInit | null = null
  onnegotiationneeded: (() => void) | null = null
  onicecandidate: unknown = null
  ontrack: unknown = null
  onconnectionstatechange: (() => void) | null = null
  readonly candidates: string[] = []
  rollbacks = 0
  iceRestarts = 0
  closed = false

  private readonly session = ++sessions
  private version = 0
  private needed = false
  private transceivers: FakeTransceiver[] = []

  addTransceiver(kind: 'audio' | 'video', init: RTCRtpTransceiverInit = {}): FakeTransceiver {
    const transceiver = new FakeTransceiver(this, kind, init.direction ?? 'sendrecv')
    this.transceivers.push(transceiver)
    this.needNegotiation()
    return transceiver
  }

  getTransceivers(): FakeTransceiver[] {
    return [...this.transceivers]
  }

  restartIce(): void {
    this.iceRestarts++
    this.needNegotiation()
  }

  needNegotiation(): void {
    /* The answer that follows says it. */
    if (this.signalingState === 'have-remote-offer') return
    this.needed = true
    queueMicrotask(() => {
      if (!this.needed || this.signalingState !== 'stable' || this.closed) return
      this.needed = false
      this.onnegotiationneeded?.()
    })
  }

  async setLocalDescription(): Promise<void> {
    await Promise.resolve()
    const type = this.signalingState === 'have-remote-offer' ? 'answer' : 'offer'
    for (const [index, transceiver] of this.transceivers.entries()) transceiver.mid ??= String(index)
    const lines = this.transceivers.map(({ receiver, direction }) => `m=${receiver.track.kind} ${direction}`)
    this.localDescription = { type, sdp: [`o=- ${this.session} ${++this.version}`, ...lines].join('\n') }
    this.settle(type === 'offer' ? 'have-local-offer' : 'stable')
  }

  async setRemoteDescription(description: RTCSessionDescriptionInit): Promise<void> {
    await Promise.resolve()
    if (description.type === 'answer' && this.signalingState !== 'have-local-offer') {
      throw new DOMException('No offer to answer', 'InvalidStateError')
    }
    if (description.type === 'offer' && this.signalingState === 'have-local-offer') {
      this.rollbacks++
      this.needed = true
    }
    this.remoteDescription = description
    if (description.type === 'offer') {
      const lines = (description.sdp ?? '').match(/^m=(audio|video)/gm) ?? []
      for (const [index, line] of lines.entries()) {
        if (this.transceivers.some(({ mid }) => mid === String(index))) continue
        const made = new FakeTransceiver(this, line.slice(2) as 'audio' | 'video', 'recvonly')
        made.mid = String(index)
        this.transceivers.push(made)
      }
    }
    this.settle(description.type === 'offer' ? 'have-remote-offer' : 'stable')
  }

  async addIceCandidate({ candidate }: RTCIceCandidateInit): Promise<void> {
    if (this.remoteDescription === null) throw new DOMException('Too early', 'InvalidStateError')
    this.candidates.push(candidate ?? '')
  }

  become(state: RTCPeerConnectionState): void {
    this.connectionState = state
    this.onconnectionstatechange?.()
  }

  getConfiguration(): RTCConfiguration {
    return {}
  }
  setConfiguration(): void {}
  async getStats(): Promise<Map<string, unknown>> {
    return new Map()
  }
  close(): void {
    this.closed = true
  }

  private settle(state: RTCSignalingState): void {
    this.signalingState = state
    if (state === 'stable' && this.needed) this.needNegotiation()
  }
}
