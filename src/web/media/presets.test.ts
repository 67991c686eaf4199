/* SPDX-License-Identifier: LGPL-2.1-or-later */
import { describe, expect, it } from 'vitest'
import { cameraSettings, captureOptions, presetFor, sharePresets, shareSettings, shrinkToFit } from './presets'

describe('the six presets', () => {
  it.each([
    [1080, 30, 8],
    [1080, 60, 16],
    [1440, 30, 16],
    [1440, 60, 32],
    [2160, 30, 35],
    [2160, 60, 60],
  ] as const)('%ip at %i pictures a second may take %i Mbit/s', (height, fps, mbit) => {
    const preset = presetFor(height, fps)
    expect(preset.width * 9).toBe(height * 16)
    expect(shareSettings(preset, 'sharpness')).toMatchObject({ maxBitrate: mbit * 1e6, maxFramerate: fps })
    expect(captureOptions(preset, true).video).toMatchObject({ frameRate: { max: fps }, height: { max: height } })
  })

  it('are six', () => expect(sharePresets).toHaveLength(6))

  it('keep what the sharer wants kept', () => {
    const preset = presetFor(1080, 60)
    expect(shareSettings(preset, 'sharpness').degradationPreference).toBe('maintain-resolution')
    expect(shareSettings(preset, 'frame-rate').degradationPreference).toBe('maintain-framerate')
  })

  it('make a larger screen fit, lying or standing, and never enlarge a smaller one', () => {
    const preset = presetFor(1080, 30)
    expect(shrinkToFit(preset, { width: 3840, height: 2160 })).toBe(2)
    expect(shrinkToFit(preset, { width: 2160, height: 3840 })).toBe(2)
    expect(shrinkToFit(preset, { width: 3840, height: 1080 })).toBe(2)
    expect(shrinkToFit(preset, { width: 800, height: 600 })).toBe(1)
    expect(shrinkToFit(preset, {})).toBe(1)
  })
})

describe('a camera in a mesh', () => {
  it('never takes much more than 5 Mbit/s of the uplink, however full the room', () => {
    for (let peers = 1; peers <= 14; peers++) {
      expect(peers * cameraSettings(peers).maxBitrate!).toBeLessThanOrEqual(5_000_000)
    }
  })
})
