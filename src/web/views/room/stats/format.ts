/* SPDX-License-Identifier: LGPL-2.1-or-later */

/** "9.1", "0.04": megabits with two figures that matter. */
export function megabits(kilobits: number): string {
  const value = kilobits / 1000
  return value >= 10 ? value.toFixed(0) : value >= 1 ? value.toFixed(1) : value.toFixed(2)
}

const codecNames: Record<string, string> = { opus: 'Opus', H264: 'H.264', H265: 'H.265' }

/** What people call a codec that a MIME type names. */
export const codecName = (subtype: string): string => codecNames[subtype] ?? subtype

/** Two SVG paths, a line and the area under it, through `points` in a box of `width` by `height`. */
export function plotPaths(points: readonly number[], width: number, height: number, least = 1) {
  if (points.length < 2) return { line: '', area: '' }
  const most = Math.max(least, ...points) * 1.15
  const steps = points.map((value, index) => {
    const x = (index / (points.length - 1)) * width
    const y = height - 1 - (value / most) * (height - 2)
    return `${x.toFixed(1)} ${y.toFixed(1)}`
  })
  const line = `M${steps.join('L')}`
  return { line, area: `${line}L${width} ${height}L0 ${height}Z` }
}
