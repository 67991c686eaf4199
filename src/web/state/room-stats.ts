/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From the layer's figures to the statistics panel, the quality chip and the weak-connection mark. */
import type { LayerStats, PeerStats } from '../media/layer'
import type { TrackFigures } from '../media/stats'
import type { PictureLimit, PictureQuality, RoomStats, StatsSample, TrackStats } from './types'

/** Two minutes, one sample every two seconds. */
export const historyLength = 60
export const sampleEvery = 2000

const weakLoss = 5
const weakRtt = 500

const kbit = (bitsPerSecond: number): number => Math.round(bitsPerSecond / 1000)
const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0)
const mean = (values: number[]): number | null => (values.length > 0 ? sum(values) / values.length : null)
const known = <T>(value: T | null): value is T => value !== null

/** The encoder knows that bits are short, not whose line is: short towards everyone is one's own, towards one is theirs. */
function limitOf(figures: TrackFigures, everyPeerLimited: boolean): PictureLimit | null {
  if (figures.limitation === 'cpu') return 'sender-cpu'
  if (figures.limitation === 'bandwidth') return everyPeerLimited ? 'sender-uplink' : 'downlink'
  return null
}

const screensUp = (stats: LayerStats): TrackFigures[] =>
  [...stats.peers.values()].flatMap(({ tracks }) =>
    tracks.filter(({ kind, direction, width }) => kind === 'screen' && direction === 'up' && width !== null),
  )

const formatOf = ({ width, height, fps }: TrackFigures) =>
  width !== null && height !== null ? { width, height, fps: fps ?? 0 } : null

export function summarize(
  stats: LayerStats,
  names: ReadonlyMap<string, string>,
  history: readonly StatsSample[],
  now: number,
): RoomStats {
  const peers = [...stats.peers]
  const all = peers.flatMap(([, { tracks }]) => tracks)
  const up = kbit(sum(all.filter(({ direction }) => direction === 'up').map(({ bitsPerSecond }) => bitsPerSecond)))
  const down = kbit(sum(all.filter(({ direction }) => direction === 'down').map(({ bitsPerSecond }) => bitsPerSecond)))
  const rtt = mean(peers.map(([, { rttMs }]) => rttMs).filter(known))
  const loss = mean(all.map(({ lossPercent }) => lossPercent).filter(known))
  const screens = screensUp(stats)
  const everyPeerLimited = screens.length > 0 && screens.every(({ limitation }) => limitation === 'bandwidth')
  const paths = peers.map(([, { path }]) => path).filter(known)

  const tracks = peers.flatMap(([id, peer]) =>
    peer.tracks
      .filter(({ bitsPerSecond, direction, width }) => bitsPerSecond > 0 || (direction === 'up' && width !== null))
      .map((figures): TrackStats => ({
        id: `${id}/${figures.direction}/${figures.kind}`,
        participantId: id,
        participantName: names.get(id) ?? '',
        kind: figures.kind,
        direction: figures.direction,
        kbit: kbit(figures.bitsPerSecond),
        width: figures.width,
        height: figures.height,
        fps: figures.fps,
        lossPercent: figures.lossPercent,
        rttMs: figures.rttMs ?? peer.rttMs,
        codec: figures.codec,
        limit: limitOf(figures, everyPeerLimited),
      })),
  )
  const sample: StatsSample = {
    at: now,
    upKbit: up,
    downKbit: down,
    fps: Math.max(0, ...all.map(({ fps }) => fps ?? 0)),
    rttMs: Math.round(rtt ?? 0),
    lossPercent: loss ?? 0,
  }
  return {
    connections: stats.connections,
    upKbit: up,
    downKbit: down,
    rttMs: rtt === null ? null : Math.round(rtt),
    lossPercent: loss === null ? null : Math.round(loss * 10) / 10,
    path: paths.includes('relay') ? 'relay' : (paths[0] ?? null),
    history: [...history, sample].slice(-historyLength),
    tracks,
  }
}

export function isWeak({ tracks, rttMs }: PeerStats): boolean {
  const worst = Math.max(0, ...tracks.map(({ lossPercent }) => lossPercent ?? 0))
  return worst > weakLoss || (rttMs ?? 0) > weakRtt
}

/** Chips by participant: one's own says what is sent, another's what arrives. */
export function screenQualities(stats: LayerStats, me: string): Map<string, PictureQuality> {
  const qualities = new Map<string, PictureQuality>()
  for (const [id, { tracks }] of stats.peers) {
    const screen = tracks.find(
      ({ kind, direction, bitsPerSecond }) => kind === 'screen' && direction === 'down' && bitsPerSecond > 0,
    )
    if (!screen) continue
    const limit = (screen.lossPercent ?? 0) > weakLoss ? 'downlink' : null
    qualities.set(id, { sent: null, received: formatOf(screen), limit })
  }
  const screens = screensUp(stats)
  const best = [...screens].sort(
    (one, other) => (other.width ?? 0) - (one.width ?? 0) || (other.fps ?? 0) - (one.fps ?? 0),
  )[0]
  if (best) {
    const limited = screens.filter(({ limitation }) => limitation === 'bandwidth')
    const cpu = screens.some(({ limitation }) => limitation === 'cpu')
    const limit = cpu
      ? 'sender-cpu'
      : limited.length === 0
        ? null
        : limited.length === screens.length
          ? 'sender-uplink'
          : 'downlink'
    qualities.set(me, { sent: formatOf(best), received: null, limit })
  }
  return qualities
}

/** So many samples in a row say the same before it is believed: every encoder starts low and is called limited at first. */
const uplinkSamples = 3

/** The uplink, Mbit/s. Congestion control knows its capacity only where a share fills it: below that its estimate says how
    much was sent, and would call every larger preset too much. */
export class UplinkMeter {
  private full = 0

  /** Null until it is known. */
  update(stats: LayerStats): number | null {
    const limited = screensUp(stats).some(({ limitation }) => limitation === 'bandwidth')
    this.full = limited ? this.full + 1 : 0
    const estimates = [...stats.peers.values()].map(({ availableOutgoing }) => availableOutgoing).filter(known)
    return this.full >= uplinkSamples && estimates.length > 0 ? Math.round(sum(estimates) / 100_000) / 10 : null
  }
}
