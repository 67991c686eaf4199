/* SPDX-License-Identifier: LGPL-2.1-or-later */
import type { ShareChoice, ShareHeight } from '../../../state/types'

export interface Preset {
  height: ShareHeight
  fps: 30 | 60
  mbit: number
}

export const heights: { height: ShareHeight; name: string; size: string }[] = [
  { height: 1080, name: '1080p', size: '1920×1080' },
  { height: 1440, name: '1440p', size: '2560×1440' },
  { height: 2160, name: '4K', size: '3840×2160' },
]

export const presets: Preset[] = [
  { height: 1080, fps: 30, mbit: 8 },
  { height: 1080, fps: 60, mbit: 16 },
  { height: 1440, fps: 30, mbit: 16 },
  { height: 1440, fps: 60, mbit: 32 },
  { height: 2160, fps: 30, mbit: 35 },
  { height: 2160, fps: 60, mbit: 60 },
]

/** How often the picture goes out: between browsers to each viewer, to a server once. */
export const copiesOf = (viewers: number, path: 'direct' | 'server'): number =>
  path === 'server' ? 1 : Math.max(1, viewers)

/** Without a measurement nothing is over the line: we would be guessing. */
export function overUplink(mbit: number, copies: number, uplinkMbit: number | null): boolean {
  return uplinkMbit !== null && mbit * copies > uplinkMbit
}

export function firstChoice(remembered: ShareChoice | null, canSound: boolean): ShareChoice {
  const choice = remembered ?? { ...presets[0]!, keep: 'sharpness', sound: canSound }
  return { ...choice, sound: choice.sound && canSound }
}
