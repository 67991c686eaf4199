/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From the counters of getStats to figures people read. Counters only grow, so every figure is the difference between two
   reports; the first report alone says nothing about rates. */
import type { PeerStats, TrackKind } from './layer'

export interface TrackFigures {
  kind: TrackKind
  direction: 'up' | 'down'
  bitsPerSecond: number
  width: number | null
  height: number | null
  fps: number | null
  /** 0…100: of what arrived here, or of what the other side says about what we sent. */
  lossPercent: number | null
  rttMs: number | null
  jitterMs: number | null
  codec: string | null
  /** What keeps the encoder from doing what it was told. */
  limitation: 'cpu' | 'bandwidth' | 'other' | null
  /** 0…1 linear, of an arriving microphone. */
  audioLevel: number | null
}

/** The members of the many kinds of RTCStats that are read here. */
interface Entry {
  id: string
  type: string
  timestamp: number
  kind?: 'audio' | 'video'
  mid?: string
  bytesSent?: number
  bytesReceived?: number
  packetsLost?: number
  packetsReceived?: number
  fractionLost?: number
  roundTripTime?: number
  jitter?: number
  frameWidth?: number
  frameHeight?: number
  framesPerSecond?: number
  framesEncoded?: number
  framesDecoded?: number
  qualityLimitationReason?: string
  audioLevel?: number
  codecId?: string
  remoteId?: string
  localId?: string
  mimeType?: string
  selectedCandidatePairId?: string
  selected?: boolean
  nominated?: boolean
  state?: string
  currentRoundTripTime?: number
  availableOutgoingBitrate?: number
  localCandidateId?: string
  remoteCandidateId?: string
  candidateType?: string
}

/** One report, as getStats gives it or as a test writes it. */
export type Report = ReadonlyMap<string, unknown>

const percent = (part: number, whole: number): number | null => (whole > 0 ? (100 * part) / whole : null)
const rounded = (value: number): number => Math.round(value * 10) / 10

function selectedPair(report: Report): Entry | undefined {
  const entries = [...report.values()] as Entry[]
  const transport = entries.find((entry) => entry.type === 'transport' && entry.selectedCandidatePairId)
  if (transport) return report.get(transport.selectedCandidatePairId!) as Entry | undefined
  /* Firefox has no transport entry; it marks the pair. */
  const pairs = entries.filter((entry) => entry.type === 'candidate-pair' && entry.state === 'succeeded')
  return pairs.find((pair) => pair.selected) ?? pairs.find((pair) => pair.nominated)
}

/** Between two values of a counter that starts anew with each connection. */
function growth(now: number | undefined, before: number | undefined): number {
  return Math.max(0, (now ?? 0) - (before ?? 0))
}

function trackOf(
  entry: Entry,
  report: Report,
  previous: Report | null,
  kinds: ReadonlyMap<string, TrackKind>,
): TrackFigures | null {
  const up = entry.type === 'outbound-rtp'
  const kind = entry.mid === undefined ? undefined : kinds.get(entry.mid)
  const before = previous?.get(entry.id) as Entry | undefined
  if (kind === undefined || before === undefined) return null
  const seconds = (entry.timestamp - before.timestamp) / 1000
  if (seconds <= 0) return null

  const bytes = up ? growth(entry.bytesSent, before.bytesSent) : growth(entry.bytesReceived, before.bytesReceived)
  const frames = up
    ? growth(entry.framesEncoded, before.framesEncoded)
    : growth(entry.framesDecoded, before.framesDecoded)
  const remote = (
    up
      ? (report.get(entry.remoteId ?? '') ??
        [...report.values()].find((other) => (other as Entry).localId === entry.id))
      : undefined
  ) as Entry | undefined
  const lost = growth(entry.packetsLost, before.packetsLost)
  const received = growth(entry.packetsReceived, before.packetsReceived)
  const video = entry.kind === 'video'
  const reason = entry.qualityLimitationReason

  return {
    kind,
    direction: up ? 'up' : 'down',
    bitsPerSecond: Math.round((bytes * 8) / seconds),
    width: video ? (entry.frameWidth ?? null) : null,
    height: video ? (entry.frameHeight ?? null) : null,
    fps: video ? Math.round(entry.framesPerSecond ?? frames / seconds) : null,
    lossPercent: up
      ? remote?.fractionLost === undefined
        ? null
        : rounded(remote.fractionLost * 100)
      : (percent(lost, lost + received) ?? null),
    rttMs: remote?.roundTripTime === undefined ? null : Math.round(remote.roundTripTime * 1000),
    jitterMs: entry.jitter === undefined ? null : Math.round(entry.jitter * 1000),
    codec: (report.get(entry.codecId ?? '') as Entry | undefined)?.mimeType?.split('/')[1] ?? null,
    limitation: reason === 'cpu' || reason === 'bandwidth' || reason === 'other' ? reason : null,
    audioLevel: entry.audioLevel ?? null,
  }
}

export function readReport(report: Report, previous: Report | null, kinds: ReadonlyMap<string, TrackKind>): PeerStats {
  const tracks: TrackFigures[] = []
  for (const entry of report.values() as Iterable<Entry>) {
    if (entry.type !== 'outbound-rtp' && entry.type !== 'inbound-rtp') continue
    const figures = trackOf(entry, report, previous, kinds)
    if (figures) tracks.push(figures)
  }
  const pair = selectedPair(report)
  const ends = [pair?.localCandidateId, pair?.remoteCandidateId].map((id) => report.get(id ?? '') as Entry | undefined)
  const relayed = ends.some((candidate) => candidate?.candidateType === 'relay')
  return {
    tracks,
    rttMs: pair?.currentRoundTripTime === undefined ? null : Math.round(pair.currentRoundTripTime * 1000),
    availableOutgoing: pair?.availableOutgoingBitrate ?? null,
    path: pair ? (relayed ? 'relay' : 'direct') : null,
  }
}
