/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* This person's own microphone and camera. The lobby opens them, the room goes on with the same tracks; they are closed
   when neither holds them. Changing the device replaces the track, and who sends it replaces it there. */
import { cameraConstraints, type DeviceProblem, microphoneConstraints, problemOf } from './devices'

export type LocalKind = 'microphone' | 'camera'

export interface Meter {
  read(): number
  close(): void
}

export interface LocalParts {
  getUserMedia: (constraints: MediaStreamConstraints) => Promise<MediaStream>
  meter: (track: MediaStreamTrack) => Meter
}

interface Slot {
  on: boolean
  track: MediaStreamTrack | null
  deviceId: string
  problem: DeviceProblem | null
  /** Openings and closings of one device never overlap. */
  turn: Promise<void>
}

/** A page that goes from the lobby to the room lets go for a moment. */
const grace = 500

const slot = (): Slot => ({ on: false, track: null, deviceId: '', problem: null, turn: Promise.resolve() })

export class LocalMedia {
  private readonly slots: Record<LocalKind, Slot> = { microphone: slot(), camera: slot() }
  private readonly listeners = new Set<(kind: LocalKind) => void>()
  private readonly holders = new Set<string>()
  private closing: ReturnType<typeof setTimeout> | undefined
  private meter: Meter | null = null

  constructor(private readonly parts: LocalParts) {}

  subscribe(listener: (kind: LocalKind) => void): () => void {
    this.listeners.add(listener)
    return () => void this.listeners.delete(listener)
  }

  hold(holder: string): void {
    this.holders.add(holder)
    clearTimeout(this.closing)
  }

  release(holder: string): void {
    if (!this.holders.delete(holder) || this.holders.size > 0) return
    this.closing = setTimeout(() => {
      void this.turn('microphone', false)
      void this.turn('camera', false)
    }, grace)
  }

  isOn(kind: LocalKind): boolean {
    return this.slots[kind].on
  }

  problem(kind: LocalKind): DeviceProblem | null {
    return this.slots[kind].problem
  }

  /** The track to send; null while off. */
  track(kind: LocalKind): MediaStreamTrack | null {
    const { on, track } = this.slots[kind]
    return on ? track : null
  }

  /** The microphone, 0…1 linear. */
  level(): number {
    return this.slots.microphone.on && this.meter ? this.meter.read() : 0
  }

  /** Answers what is in the way, or null. */
  async turn(kind: LocalKind, on: boolean): Promise<DeviceProblem | null> {
    const own = this.slots[kind]
    await (own.turn = own.turn.then(() => this.apply(kind, on)))
    return on ? own.problem : null
  }

  async choose(kind: LocalKind, deviceId: string): Promise<void> {
    const own = this.slots[kind]
    if (own.deviceId === deviceId) return
    own.deviceId = deviceId
    await (own.turn = own.turn.then(async () => {
      const wasOn = own.on
      this.dropTrack(kind)
      if (wasOn) await this.apply(kind, true)
    }))
  }

  private async apply(kind: LocalKind, on: boolean): Promise<void> {
    const own = this.slots[kind]
    if (!on) {
      own.on = false
      /* A camera's light must go out. A muted microphone stays open, silent, so that unmuting is instant. */
      if (kind === 'camera' || this.holders.size === 0) this.dropTrack(kind)
      else if (own.track) own.track.enabled = false
    } else if (own.track?.readyState === 'live') {
      own.track.enabled = true
      own.on = true
      own.problem = null
    } else {
      await this.openTrack(kind)
    }
    this.tell(kind)
  }

  private async openTrack(kind: LocalKind): Promise<void> {
    const own = this.slots[kind]
    const constraints = kind === 'microphone' ? microphoneConstraints : cameraConstraints
    try {
      const stream = await this.parts.getUserMedia(constraints(own.deviceId)).catch((thrown: unknown) => {
        /* The chosen device was unplugged since: any other is better than none. */
        if (own.deviceId === '' || problemOf(thrown) !== 'missing') throw thrown
        return this.parts.getUserMedia(constraints(''))
      })
      const track = stream.getTracks()[0]!
      track.addEventListener('ended', () => this.lost(kind, track))
      own.track = track
      own.on = true
      own.problem = null
      if (kind === 'microphone') {
        this.meter?.close()
        this.meter = this.parts.meter(track)
      }
    } catch (thrown) {
      own.on = false
      own.problem = problemOf(thrown)
    }
  }

  private dropTrack(kind: LocalKind): void {
    const own = this.slots[kind]
    own.track?.stop()
    own.track = null
    if (kind === 'microphone') {
      this.meter?.close()
      this.meter = null
    }
  }

  /** The device went away, or the person took the permission back. */
  private lost(kind: LocalKind, track: MediaStreamTrack): void {
    const own = this.slots[kind]
    if (own.track !== track) return
    const wasOn = own.on
    this.dropTrack(kind)
    own.on = false
    own.problem = 'missing'
    this.tell(kind)
    if (wasOn) void this.turn(kind, true)
  }

  private tell(kind: LocalKind): void {
    for (const listener of this.listeners) listener(kind)
  }
}
