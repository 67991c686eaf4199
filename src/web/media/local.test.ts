/* SPDX-License-Identifier: LGPL-2.1-or-later */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { problemOf, sortDevices } from './devices'
import { LocalMedia } from './local'

class FakeTrack {
  enabled = true
  readyState = 'live'
  private ended: (() => void) | null = null
  addEventListener(_: string, listener: () => void): void {
    this.ended = listener
  }
  stop(): void {
    this.readyState = 'ended'
  }
  unplug(): void {
    this.readyState = 'ended'
    this.ended?.()
  }
}

function make(fail: (constraints: MediaStreamConstraints) => Error | null = () => null) {
  const tracks: FakeTrack[] = []
  const getUserMedia = vi.fn(async (constraints: MediaStreamConstraints) => {
    const error = fail(constraints)
    if (error) throw error
    const track = new FakeTrack()
    tracks.push(track)
    return { getTracks: () => [track] } as unknown as MediaStream
  })
  const local = new LocalMedia({ getUserMedia, meter: () => ({ read: () => 0.5, close: () => {} }) })
  local.hold('test')
  return { local, tracks, getUserMedia }
}
const named = (name: string) => Object.assign(new Error(name), { name })

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe("one's own devices", () => {
  it('put the camera out, and keep the microphone open but silent', async () => {
    const { local, tracks } = make()
    await local.turn('camera', true)
    await local.turn('microphone', true)
    expect(local.level()).toBe(0.5)
    await local.turn('camera', false)
    await local.turn('microphone', false)
    expect(tracks[0]!.readyState).toBe('ended')
    expect(tracks[1]).toMatchObject({ readyState: 'live', enabled: false })
    expect([local.track('microphone'), local.level()]).toEqual([null, 0])
  })

  it('survive the way from the lobby into the room, and close after it', async () => {
    const { local, tracks } = make()
    await local.turn('microphone', true)
    local.release('test')
    local.hold('room')
    await vi.advanceTimersByTimeAsync(1000)
    expect(tracks[0]!.readyState).toBe('live')
    local.release('room')
    await vi.advanceTimersByTimeAsync(1000)
    expect(tracks[0]!.readyState).toBe('ended')
  })

  it('change without being switched off', async () => {
    const { local, tracks, getUserMedia } = make()
    await local.turn('camera', true)
    await local.choose('camera', 'other')
    expect(getUserMedia.mock.calls[1]![0]).toMatchObject({ video: { deviceId: { exact: 'other' } } })
    expect(local.track('camera')).toBe(tracks[1])
    expect(tracks[0]!.readyState).toBe('ended')
  })

  it('fall back to another one when the chosen one is gone', async () => {
    const gone = (constraints: MediaStreamConstraints) =>
      JSON.stringify(constraints).includes('exact') ? named('OverconstrainedError') : null
    const { local } = make(gone)
    await local.choose('microphone', 'usb')
    expect(await local.turn('microphone', true)).toBeNull()
    expect(local.isOn('microphone')).toBe(true)
  })

  it('say what is in the way', async () => {
    const { local } = make(() => named('NotAllowedError'))
    expect(await local.turn('camera', true)).toBe('blocked')
    expect(local.isOn('camera')).toBe(false)
    expect(problemOf(named('NotFoundError'))).toBe('missing')
    expect(problemOf(named('NotReadableError'))).toBe('busy')
    expect(problemOf('?')).toBe('failed')
  })

  it('come back on another device when one is pulled out', async () => {
    const { local, tracks } = make()
    await local.turn('camera', true)
    tracks[0]!.unplug()
    expect(local.isOn('camera')).toBe(false)
    await vi.advanceTimersByTimeAsync(0)
    expect(local.track('camera')).toBe(tracks[1])
  })

  it('are listed once each, without the nameless ones of before the permission', () => {
    const device = (kind: MediaDeviceKind, deviceId: string) => ({ kind, deviceId, label: deviceId })
    expect(
      sortDevices([
        device('audioinput', 'default'),
        device('audioinput', 'x'),
        device('videoinput', ''),
        device('audiooutput', 'y'),
      ]),
    ).toEqual({ cameras: [], microphones: [{ id: 'x', label: 'x' }], speakers: [{ id: 'y', label: 'y' }] })
  })
})
