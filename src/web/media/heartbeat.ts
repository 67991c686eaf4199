/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whether the other end of a connection still answers. Browsers take seven seconds and more to doubt it; but who sends to
   the hub is told every second what came (RFC 3550, section 6.4), so that silence is an answer too. Owned by HubLink. */
import type { Report } from './stats'

export interface HeartbeatParts {
  receivers: () => Pick<RTCRtpReceiver, 'getSynchronizationSources'>[]
  getStats: () => Promise<Report>
  /** Nothing came for a while, though much was sent. */
  onSilent: () => void
}

interface Entry {
  type: string
  timestamp: number
  bytesSent?: number
  bytesReceived?: number
  responsesReceived?: number
}

const every = 1000
/** So many looks without a sign of life. */
const patience = 3

/** What was sent, and a number that changes with whatever comes. */
export function traffic(report: Report): { sent: number; came: number } {
  let sent = 0
  let came = 0
  for (const entry of report.values() as Iterable<Entry>) {
    if (entry.type === 'outbound-rtp') sent += entry.bytesSent ?? 0
    if (entry.type === 'transport' || entry.type === 'candidate-pair') {
      came += (entry.bytesReceived ?? 0) + (entry.responsesReceived ?? 0)
    }
    if (entry.type === 'remote-inbound-rtp') came += entry.timestamp
  }
  return { sent, came }
}

export class Heartbeat {
  private readonly timer: ReturnType<typeof setInterval>
  private newest = 0
  private last: { sent: number; came: number } | null = null
  private silence = 0
  private looking = false
  private stopped = false

  constructor(private readonly parts: HeartbeatParts) {
    this.timer = setInterval(() => void this.look(), every)
  }

  stop(): void {
    this.stopped = true
    clearInterval(this.timer)
  }

  private async look(): Promise<void> {
    if (this.looking) return
    /* Media that goes on is the best sign, and costs nothing to read. */
    const newest = Math.max(0, ...this.parts.receivers().map((receiver) => receiver.getSynchronizationSources()[0]?.timestamp ?? 0))
    if (newest !== this.newest) {
      this.newest = newest
      this.silence = 0
      this.last = null
      return
    }
    this.looking = true
    const now = await this.parts.getStats().then(traffic, () => null)
    this.looking = false
    if (this.stopped || now === null) return
    const { last } = this
    this.last = now
    /* Who sends nothing is told nothing. */
    const unanswered = last !== null && now.came === last.came && now.sent > last.sent
    this.silence = unanswered ? this.silence + 1 : 0
    if (this.silence >= patience) {
      this.silence = 0
      this.parts.onSilent()
    }
  }
}
