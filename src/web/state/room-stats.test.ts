/* SPDX-License-Identifier: LGPL-2.1-or-later */
import { describe, expect, it } from 'vitest'
import type { LayerStats, PeerStats } from '../media/layer'
import type { TrackFigures } from '../media/stats'
import { historyLength, isWeak, screenQualities, summarize, UplinkMeter } from './room-stats'
import type { StatsSample } from './types'

const track = (part: Partial<TrackFigures>): TrackFigures => ({
  kind: 'screen',
  direction: 'up',
  bitsPerSecond: 8_000_000,
  width: 1920,
  height: 1080,
  fps: 30,
  lossPercent: null,
  rttMs: null,
  jitterMs: null,
  codec: 'VP9',
  limitation: null,
  audioLevel: null,
  ...part,
})
const peer = (tracks: TrackFigures[], part: Partial<PeerStats> = {}): PeerStats => ({
  tracks,
  rttMs: 20,
  availableOutgoing: 5_000_000,
  path: 'direct',
  ...part,
})
const stats = (...peers: PeerStats[]): LayerStats => ({ connections: peers.length, peers: new Map(peers.map((one, index) => [`p${index}`, one])) })

describe('the statistics panel', () => {
  it('adds up what goes out to everyone and what comes in', () => {
    const figures = summarize(
      stats(
        peer([track({}), track({ kind: 'microphone', direction: 'down', bitsPerSecond: 40_000, lossPercent: 2 })]),
        peer([track({})], { rttMs: 40, path: 'relay' }),
      ),
      new Map([['p0', 'Ben']]),
      [],
      7,
    )
    expect(figures).toMatchObject({ connections: 2, upKbit: 16_000, downKbit: 40, rttMs: 30, lossPercent: 2, path: 'relay' })
    expect(figures.tracks.map(({ id, participantName }) => [id, participantName])).toEqual([
      ['p0/up/screen', 'Ben'],
      ['p0/down/microphone', 'Ben'],
      ['p1/up/screen', ''],
    ])
    expect(figures.history).toEqual([expect.objectContaining({ at: 7, upKbit: 16_000, fps: 30 })])
  })

  it('remembers two minutes and no more', () => {
    let history: StatsSample[] = []
    for (let at = 0; at < 200; at++) history = summarize(stats(), new Map(), history, at).history
    expect(history).toHaveLength(historyLength)
    expect(history.at(-1)!.at).toBe(199)
  })

  it('blames the own uplink when everyone gets less, one viewer when only one does', () => {
    const short = peer([track({ limitation: 'bandwidth' })])
    expect(screenQualities(stats(short, short), 'me').get('me')).toMatchObject({
      limit: 'sender-uplink',
      sent: { width: 1920 },
    })
    expect(screenQualities(stats(short, peer([track({})])), 'me').get('me')!.limit).toBe('downlink')
    expect(screenQualities(stats(peer([track({ limitation: 'cpu' })])), 'me').get('me')!.limit).toBe('sender-cpu')
    const arriving = peer([track({ direction: 'down', lossPercent: 9 })])
    expect(screenQualities(stats(arriving), 'me').get('p0')).toMatchObject({ limit: 'downlink', received: { fps: 30 } })
  })

  it('knows the uplink only where a share filled it for a while', () => {
    const meter = new UplinkMeter()
    const full = stats(peer([track({ limitation: 'bandwidth' })]), peer([]))
    expect([meter.update(full), meter.update(full), meter.update(full)]).toEqual([null, null, 10])
    expect(meter.update(stats(peer([track({})])))).toBeNull()
    const camera = stats(peer([track({ kind: 'camera', limitation: 'bandwidth' })]))
    expect([meter.update(camera), meter.update(camera), meter.update(camera)]).toEqual([null, null, null])
  })

  it('calls a line weak when it loses or dawdles', () => {
    expect(isWeak(peer([track({ lossPercent: 6 })]))).toBe(true)
    expect(isWeak(peer([], { rttMs: 600 }))).toBe(true)
    expect(isWeak(peer([track({ lossPercent: 1 })]))).toBe(false)
  })
})
