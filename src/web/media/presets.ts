/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a screen-share preset, a camera and a microphone mean for capture and for the encoder. */
import type { SendSettings } from './layer'

export type ShareHeight = 1080 | 1440 | 2160
export type ShareFps = 30 | 60
export type Keep = 'sharpness' | 'frame-rate'

export interface SharePreset {
  width: number
  height: ShareHeight
  fps: ShareFps
  mbit: number
}

export const sharePresets: readonly SharePreset[] = [
  { width: 1920, height: 1080, fps: 30, mbit: 8 },
  { width: 1920, height: 1080, fps: 60, mbit: 16 },
  { width: 2560, height: 1440, fps: 30, mbit: 16 },
  { width: 2560, height: 1440, fps: 60, mbit: 32 },
  { width: 3840, height: 2160, fps: 30, mbit: 35 },
  { width: 3840, height: 2160, fps: 60, mbit: 60 },
]

export function presetFor(height: ShareHeight, fps: ShareFps): SharePreset {
  const preset = sharePresets.find((candidate) => candidate.height === height && candidate.fps === fps)
  if (!preset) throw new RangeError(`There is no preset ${height}p${fps}.`)
  return preset
}

/** What to ask getDisplayMedia for. `max` makes the browser scale once at capture instead of once per viewer; `min` and
    `exact` are forbidden there. */
export function captureOptions(preset: SharePreset, sound: boolean): DisplayMediaStreamOptions {
  const options: DisplayMediaStreamOptions & Record<string, unknown> = {
    video: {
      width: { ideal: preset.width, max: preset.width },
      height: { ideal: preset.height, max: preset.height },
      frameRate: { ideal: preset.fps, max: preset.fps },
    },
    /* Processing meant for voices ruins music. */
    audio: sound
      ? { echoCancellation: false, noiseSuppression: false, autoGainControl: false, channelCount: 2 }
      : false,
    systemAudio: sound ? 'include' : 'exclude',
    surfaceSwitching: 'include',
    selfBrowserSurface: 'exclude',
  }
  return options
}

/** For a track that is already being shared. */
export const captureConstraints = (preset: SharePreset): MediaTrackConstraints =>
  captureOptions(preset, false).video as MediaTrackConstraints

/** `detail` makes encoders spend bits on edges and keep the resolution, `motion` on movement. */
export const contentHint = (keep: Keep): string => (keep === 'sharpness' ? 'detail' : 'motion')

/* VP9 writes text about a third smaller than VP8; VP8 costs the least in software, which decides at 60 pictures. H.264 is
   hardware on many machines but absent in some browsers, and AV1 in software is too slow for a mesh: last. */
const shareCodecs: Record<Keep, readonly string[]> = {
  sharpness: ['video/VP9', 'video/VP8', 'video/H264', 'video/AV1'],
  'frame-rate': ['video/VP8', 'video/H264', 'video/VP9', 'video/AV1'],
}

/** How much a captured picture has to shrink to lie within the preset, whichever way it stands. */
export function shrinkToFit(preset: SharePreset, captured: { width?: number; height?: number }): number {
  const { width = 0, height = 0 } = captured
  const long = Math.max(width, height) / preset.width
  const short = Math.min(width, height) / preset.height
  return Math.max(1, long, short)
}

export function shareSettings(
  preset: SharePreset,
  keep: Keep,
  captured: { width?: number; height?: number } = {},
): SendSettings {
  return {
    maxBitrate: preset.mbit * 1_000_000,
    maxFramerate: preset.fps,
    scaleResolutionDownBy: shrinkToFit(preset, captured),
    degradationPreference: keep === 'sharpness' ? 'maintain-resolution' : 'maintain-framerate',
    priority: 'medium',
    codecs: shareCodecs[keep],
  }
}

/** A mesh sends its camera once per peer, so the picture shrinks as the room fills: the sum stays near 5 Mbit/s. */
export function cameraSettings(peers: number): SendSettings {
  const step =
    peers <= 2
      ? { maxBitrate: 2_000_000, scaleResolutionDownBy: 1, maxFramerate: 30 }
      : peers <= 4
        ? { maxBitrate: 1_200_000, scaleResolutionDownBy: 1, maxFramerate: 30 }
        : peers <= 8
          ? { maxBitrate: 600_000, scaleResolutionDownBy: 2, maxFramerate: 25 }
          : { maxBitrate: 300_000, scaleResolutionDownBy: 3, maxFramerate: 20 }
  return { ...step, degradationPreference: 'maintain-framerate', priority: 'low' }
}

/** A server forwards one picture to everyone as it is, so it shrinks with the number of pictures that come back: they stay
    near 10 Mbit/s. */
export function forwardedCameraSettings(others: number): SendSettings {
  const step =
    others <= 4
      ? { maxBitrate: 2_000_000, scaleResolutionDownBy: 1, maxFramerate: 30 }
      : others <= 9
        ? { maxBitrate: 1_200_000, scaleResolutionDownBy: 1, maxFramerate: 30 }
        : others <= 16
          ? { maxBitrate: 600_000, scaleResolutionDownBy: 2, maxFramerate: 25 }
          : { maxBitrate: 300_000, scaleResolutionDownBy: 3, maxFramerate: 20 }
  return { ...step, degradationPreference: 'maintain-framerate', priority: 'low' }
}

export const microphoneSettings: SendSettings = { maxBitrate: 48_000, priority: 'high' }
export const screenAudioSettings: SendSettings = { maxBitrate: 128_000, priority: 'medium' }
