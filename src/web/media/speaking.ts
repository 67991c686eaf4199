/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Who speaks, from how loud everyone is. A ring that flickers with every syllable helps nobody: it lights above one level
   and goes out only after some time below a lower one. */

export const lightAt = 0.03 // about −30 dB
const quietBelow = 0.015
const holdFor = 600

export class SpeakingDetector {
  private readonly lit = new Map<string, number>()

  /** Who speaks now, the same set while nothing changes. */
  current: ReadonlySet<string> = new Set()

  /** True when somebody began or stopped. */
  update(levels: ReadonlyMap<string, number>, now: number): boolean {
    for (const [id, level] of levels) {
      if (level >= (this.lit.has(id) ? quietBelow : lightAt)) this.lit.set(id, now)
    }
    for (const [id, since] of this.lit) {
      if (!levels.has(id) || now - since > holdFor) this.lit.delete(id)
    }
    if (this.lit.size === this.current.size && [...this.lit.keys()].every((id) => this.current.has(id))) return false
    this.current = new Set(this.lit.keys())
    return true
  }
}

/** Reads a receiver's level. A source that sends nothing keeps its last level in the list for ten seconds, so a level
    counts only while its packets go on. */
export class ReceiverLevel {
  private lastPacket = 0
  private changedAt = 0

  read(receiver: Pick<RTCRtpReceiver, 'getSynchronizationSources'>, fromStats: number | null, now: number): number {
    const [source] = receiver.getSynchronizationSources()
    if (!source) return 0
    if (source.timestamp !== this.lastPacket) {
      this.lastPacket = source.timestamp
      this.changedAt = now
    }
    if (now - this.changedAt > 300) return 0
    /* Without the audio-level extension Firefox leaves it out; its statistics know it. */
    return source.audioLevel ?? fromStats ?? 0
  }
}
