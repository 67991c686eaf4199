/* SPDX-License-Identifier: LGPL-2.1-or-later */

const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const

/** "1.9 GB", in the words of the language. */
export function bytesText(bytes: number, language: string): string {
  const step = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3))
  const format = { style: 'unit', unit: units[step], unitDisplay: 'short', maximumFractionDigits: step > 2 ? 1 : 0 } as const
  return new Intl.NumberFormat(language, format).format(bytes / 1000 ** step)
}

/** "Fri, 5 Jun, 20:00". */
export const whenText = (time: string, language: string): string =>
  new Date(time).toLocaleString(language, {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  })

/** For a datetime-local field: the time of this place without its zone. */
export function fieldTime(time: string | null): string {
  if (time === null) return ''
  const date = new Date(time)
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}

export interface Remaining {
  days: number
  hours: number
  minutes: number
  seconds: number
}

export function remaining(milliseconds: number): Remaining {
  const all = Math.max(0, Math.ceil(milliseconds / 1000))
  return {
    days: Math.floor(all / 86_400),
    hours: Math.floor(all / 3600) % 24,
    minutes: Math.floor(all / 60) % 60,
    seconds: all % 60,
  }
}
