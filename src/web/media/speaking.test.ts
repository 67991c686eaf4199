/* SPDX-License-Identifier: LGPL-2.1-or-later */
import { describe, expect, it } from 'vitest'
import { loudness, meterOf } from './level'
import { ReceiverLevel, SpeakingDetector } from './speaking'

const levels = (level: number) => new Map([['a', level]])

describe('who speaks', () => {
  it('lights above one level and goes out only some time below a lower one', () => {
    const detector = new SpeakingDetector()
    expect(detector.update(levels(0.02), 0)).toBe(false)
    expect(detector.update(levels(0.2), 100)).toBe(true)
    expect(detector.update(levels(0.02), 2000)).toBe(false)
    expect(detector.update(levels(0), 2500)).toBe(false)
    expect(detector.current.has('a')).toBe(true)
    expect(detector.update(levels(0), 2700)).toBe(true)
    expect(detector.current.size).toBe(0)
  })

  it('forgets at once who left', () => {
    const detector = new SpeakingDetector()
    detector.update(levels(1), 0)
    expect(detector.update(new Map(), 1)).toBe(true)
  })

  it('believes a level only while packets come', () => {
    let timestamp = 1
    const receiver = { getSynchronizationSources: () => [{ timestamp, source: 1, rtpTimestamp: 0, audioLevel: 0.5 }] }
    const level = new ReceiverLevel()
    expect(level.read(receiver, null, 0)).toBe(0.5)
    expect(level.read(receiver, null, 400)).toBe(0)
    timestamp = 2
    expect(level.read(receiver, null, 500)).toBe(0.5)
  })

  it('takes the level from statistics where sources have none', () => {
    const receiver = { getSynchronizationSources: () => [{ timestamp: 1, source: 1, rtpTimestamp: 0 }] }
    expect(new ReceiverLevel().read(receiver, 0.3, 0)).toBe(0.3)
  })
})

describe('a level', () => {
  it('is the root mean square, shown in decibels', () => {
    expect(loudness(new Float32Array([1, -1, 1, -1]))).toBe(1)
    expect(loudness(new Float32Array(0))).toBe(0)
    expect(meterOf(1)).toBe(1)
    expect(meterOf(0)).toBe(0)
    expect(meterOf(0.0316)).toBeCloseTo(0.5, 1)
  })
})
