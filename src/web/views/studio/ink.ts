/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* White or nearly black on the show's colour, as src/media/program/titles.c chooses: relative luminance, WCAG 2.1. */

const weights = [0.2126, 0.7152, 0.0722]

export function inkOn(colour: string): string {
  const luminance = weights.reduce((sum, weight, part) => {
    const value = parseInt(colour.slice(1 + 2 * part, 3 + 2 * part), 16) / 255
    return sum + weight * (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)
  }, 0)
  return luminance > 0.32 ? '#04150d' : '#ffffff'
}
