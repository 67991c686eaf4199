/* SPDX-License-Identifier: LGPL-2.1-or-later */
import { describe, expect, it } from 'vitest'
import type { TrackKind } from './layer'
import { readReport } from './stats'

const kinds = new Map<string, TrackKind>([
  ['0', 'microphone'],
  ['2', 'screen'],
])
const report = (...entries: ({ id: string } & Record<string, unknown>)[]) =>
  new Map(entries.map((entry) => [entry.id, entry as unknown]))

describe('statistics', () => {
  it('turn counters into rates between two reports', () => {
    const at = (timestamp: number, bytesSent: number) => ({
      id: 'o',
      type: 'outbound-rtp',
      kind: 'video',
      mid: '2',
      timestamp,
      bytesSent,
    })
    const before = report(at(1000, 1_000_000))
    const now = report(
      {
        ...at(3000, 3_000_000),
        framesPerSecond: 59.6,
        frameWidth: 1920,
        frameHeight: 1080,
        qualityLimitationReason: 'bandwidth',
        codecId: 'c',
        remoteId: 'r',
      },
      { id: 'c', type: 'codec', mimeType: 'video/VP9' },
      { id: 'r', type: 'remote-inbound-rtp', fractionLost: 0.021, roundTripTime: 0.043 },
    )
    expect(readReport(now, before, kinds).tracks).toEqual([
      expect.objectContaining({
        kind: 'screen',
        direction: 'up',
        bitsPerSecond: 8_000_000,
        width: 1920,
        fps: 60,
        lossPercent: 2.1,
        rttMs: 43,
        codec: 'VP9',
        limitation: 'bandwidth',
      }),
    ])
  })

  it('say nothing about rates from one report', () => {
    const only = report({ id: 'i', type: 'inbound-rtp', mid: '0', timestamp: 1, bytesReceived: 5 })
    expect(readReport(only, null, kinds).tracks).toEqual([])
  })

  it('count loss among what should have come', () => {
    const at = (timestamp: number, packetsReceived: number, packetsLost: number) => ({
      id: 'i',
      type: 'inbound-rtp',
      kind: 'audio',
      mid: '0',
      timestamp,
      packetsReceived,
      packetsLost,
      jitter: 0.004,
    })
    const { tracks } = readReport(report(at(2000, 190, 10)), report(at(1000, 100, 0)), kinds)
    expect(tracks[0]).toMatchObject({ lossPercent: 10, jitterMs: 4, fps: null, direction: 'down' })
  })

  it('find the path in Chromium and in Firefox', () => {
    const pair = {
      id: 'p',
      type: 'candidate-pair',
      state: 'succeeded',
      localCandidateId: 'l',
      currentRoundTripTime: 0.02,
    }
    const local = { id: 'l', type: 'local-candidate', candidateType: 'relay' }
    const chromium = report(
      { id: 't', type: 'transport', selectedCandidatePairId: 'p' },
      { ...pair, availableOutgoingBitrate: 3e6 },
      local,
    )
    expect(readReport(chromium, null, kinds)).toMatchObject({ rttMs: 20, path: 'relay', availableOutgoing: 3e6 })
    const firefox = report({ ...pair, selected: true }, { ...local, candidateType: 'host' })
    expect(readReport(firefox, null, kinds)).toMatchObject({ rttMs: 20, path: 'direct', availableOutgoing: null })
    expect(readReport(report(), null, kinds)).toMatchObject({ path: null, rttMs: null })
  })

  it('do not run backwards when a connection was made anew', () => {
    const at = (timestamp: number, bytesReceived: number) => ({
      id: 'i',
      type: 'inbound-rtp',
      mid: '0',
      timestamp,
      bytesReceived,
    })
    expect(readReport(report(at(2000, 10)), report(at(1000, 9000)), kinds).tracks[0]!.bitsPerSecond).toBe(0)
  })
})
