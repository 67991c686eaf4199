/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which cameras, microphones and speakers there are, and why one of them cannot be had. */

export type DeviceProblem = 'blocked' | 'missing' | 'busy' | 'failed'
export interface Device {
  id: string
  label: string
}
export interface DeviceList {
  cameras: Device[]
  microphones: Device[]
  speakers: Device[]
}

/** What getUserMedia and getDisplayMedia throw, in words a page can explain. */
export function problemOf(thrown: unknown): DeviceProblem {
  const name = thrown instanceof Error || thrown instanceof DOMException ? thrown.name : ''
  switch (name) {
    case 'NotAllowedError':
    case 'SecurityError':
      return 'blocked'
    case 'NotFoundError':
    case 'OverconstrainedError':
      return 'missing'
    /* Chromium says so when another program holds the camera; Firefox uses AbortError for some of these. */
    case 'NotReadableError':
    case 'AbortError':
      return 'busy'
    default:
      return 'failed'
  }
}

/** Before permission labels and ids are empty: such entries only say that there is something. Chromium lists the default
    twice, once under its own id. */
export function sortDevices(found: readonly Pick<MediaDeviceInfo, 'deviceId' | 'kind' | 'label'>[]): DeviceList {
  const of = (kind: MediaDeviceKind) =>
    found
      .filter((device) => device.kind === kind && !['', 'default', 'communications'].includes(device.deviceId))
      .map((device) => ({ id: device.deviceId, label: device.label }))
  return { cameras: of('videoinput'), microphones: of('audioinput'), speakers: of('audiooutput') }
}

/** Empty where a page has no devices at all: outside secure contexts navigator.mediaDevices does not exist. */
export async function listDevices(): Promise<DeviceList> {
  return sortDevices((await navigator.mediaDevices?.enumerateDevices()) ?? [])
}

export function onDevicesChanged(listener: () => void): () => void {
  navigator.mediaDevices?.addEventListener('devicechange', listener)
  return () => navigator.mediaDevices?.removeEventListener('devicechange', listener)
}

export function whatThisBrowserCan(): { share: boolean; shareSound: boolean; chooseSpeaker: boolean } {
  const share = typeof navigator.mediaDevices?.getDisplayMedia === 'function'
  return {
    share,
    /* Firefox and Safari ignore the request for sound; Chromium is the one that knows this option. */
    shareSound: share && 'CaptureController' in globalThis && 'BrowserCaptureMediaStreamTrack' in globalThis,
    chooseSpeaker: 'setSinkId' in HTMLMediaElement.prototype,
  }
}

const device = (id: string): MediaTrackConstraints => (id ? { deviceId: { exact: id } } : {})

export const microphoneConstraints = (id: string): MediaStreamConstraints => ({
  audio: { ...device(id), echoCancellation: true, noiseSuppression: true, autoGainControl: true },
})

export const cameraConstraints = (id: string): MediaStreamConstraints => ({
  video: { ...device(id), width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30, max: 30 } },
})

/** "1080p30", as people name pictures. */
export function formatOf(settings: MediaTrackSettings): string | null {
  const { width, height, frameRate } = settings
  if (!width || !height) return null
  return `${Math.min(width, height)}p${frameRate ? Math.round(frameRate) : ''}`
}
