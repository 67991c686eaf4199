// SPDX-License-Identifier: LGPL-2.1-or-later
import { describe, expect, it } from 'vitest'
import type { HubSlot, HubTrack, QualityEvent } from '../protocol/contract'
import { serverTracks } from './server-tracks'

const track = (part: Partial<HubTrack>): HubTrack => ({
  participant: 'ada',
  kind: 'camera',
  allowed: true,
  packets: 1000,
  bytes: 1_000_000,
  lost: 0,
  recovered: 4,
  nacksSent: 6,
  plisSent: 2,
  keyframes: 3,
  jitterUs: 1240,
  bitsPerSecond: 800_000,
  ...part,
})
const slot = (part: Partial<HubSlot>): HubSlot => ({
  mid: '9',
  participant: 'ben',
  kind: 'camera',
  packets: 500,
  bytes: 500_000,
  nacks: 7,
  rtx: 5,
  plis: 2,
  firs: 1,
  lost: 8,
  jitterUs: 9000,
  roundTripUs: 20_000,
  fractionLost: 0,
  source: track({ participant: 'ben' }),
  ...part,
})
const message = (sent: HubTrack[], received: HubSlot[]): QualityEvent => ({ type: 'quality', sent, received })
const names = new Map([
  ['ada', 'Ada'],
  ['ben', 'Ben'],
])

describe('what the server counted', () => {
  it('is shown of what is sent and of what comes, each with its repairs', () => {
    expect(serverTracks(message([track({})], [slot({})]), null, names)).toEqual([
      expect.objectContaining({ direction: 'up', participantName: 'Ada', packets: 1000, nacks: 6, repaired: 4, keyframes: 2, jitterMs: 1.2 }),
      expect.objectContaining({ direction: 'down', participantName: 'Ben', packets: 500, nacks: 7, repaired: 5, keyframes: 3, jitterMs: 9 }),
    ])
  })

  it('leaves out streams that have not begun', () => {
    expect(serverTracks(message([track({ packets: 0 })], [slot({ packets: 0 })]), null, names)).toEqual([])
  })

  it('measures loss between two messages, not since the stream began', () => {
    const first = message([track({ packets: 900, lost: 100 })], [])
    const [before] = serverTracks(first, null, names)
    const [after] = serverTracks(message([track({ packets: 1900, lost: 100 })], []), first, names)
    expect([before!.lossPercent, after!.lossPercent]).toEqual([10, 0])
  })

  it('names whose line a picture suffers from', () => {
    const limits = (part: Partial<HubSlot>) => serverTracks(message([], [slot(part)]), null, names).map(({ limit }) => limit)
    expect(limits({})).toEqual([null])
    expect(limits({ fractionLost: 0.1 })).toEqual(['downlink'])
    expect(limits({ fractionLost: 0.1, source: track({ participant: 'ben', lost: 200 }) })).toEqual(['sender-uplink'])
    expect(limits({ kind: 'microphone', fractionLost: 0.1 })).toEqual([null])
  })
})
