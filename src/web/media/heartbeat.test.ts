/* SPDX-License-Identifier: LGPL-2.1-or-later */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Heartbeat } from './heartbeat'
import type { Report } from './stats'

function make() {
  const state = { heard: 0, sent: 0, came: 0, silent: 0, reads: 0 }
  const heartbeat = new Heartbeat({
    receivers: () => [{ getSynchronizationSources: () => [{ timestamp: state.heard }] as RTCRtpSynchronizationSource[] }],
    getStats: async () => {
      state.reads++
      return new Map<string, unknown>([
        ['o', { type: 'outbound-rtp', bytesSent: state.sent }],
        ['t', { type: 'transport', bytesReceived: state.came }],
      ]) as unknown as Report
    },
    onSilent: () => state.silent++,
  })
  const seconds = async (count: number, each: () => void = () => {}) => {
    for (let second = 0; second < count; second++) {
      each()
      await vi.advanceTimersByTimeAsync(1000)
    }
  }
  return { state, heartbeat, seconds }
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe('the heartbeat of a connection', () => {
  it('reads no statistics while media comes', async () => {
    const { state, seconds } = make()
    await seconds(10, () => (state.heard++, (state.sent += 100)))
    expect([state.reads, state.silent]).toEqual([0, 0])
  })

  it('is content with reports about what is sent', async () => {
    const { state, seconds } = make()
    await seconds(10, () => ((state.sent += 100), state.came++))
    expect(state.silent).toBe(0)
  })

  it('complains of silence after four seconds of sending', async () => {
    const { state, heartbeat, seconds } = make()
    await seconds(4, () => (state.sent += 100))
    expect(state.silent).toBe(1)
    heartbeat.stop()
    await seconds(10, () => (state.sent += 100))
    expect(state.silent).toBe(1)
  })

  it('expects no answer where nothing is sent', async () => {
    const { state, seconds } = make()
    await seconds(20)
    expect(state.silent).toBe(0)
  })
})
