/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A show as an iCalendar file (RFC 5545). */
import type { Show } from '../../state/types'

const stamp = (time: Date) => time.toISOString().replace(/[-:]|\.\d{3}/g, '')
const escaped = (text: string) => text.replace(/[\\;,]/g, '\\$&').replace(/\r?\n/g, '\\n')

/** Lines are at most 75 octets; what is longer goes on in the next line after a space (section 3.1). */
function folded(line: string): string {
  const encoder = new TextEncoder()
  let text = ''
  let octets = 0
  for (const letter of line) {
    const size = encoder.encode(letter).length
    if (octets + size > 74) {
      text += '\r\n '
      octets = 1
    }
    text += letter
    octets += size
  }
  return text
}

export function calendarFile(show: Pick<Show, 'id' | 'title' | 'description' | 'startTime'>, address: string, now = new Date()): string {
  const start = new Date(show.startTime ?? now)
  return [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Greenroom//Shows//EN',
    'BEGIN:VEVENT',
    `UID:${show.id}@greenroom`,
    `DTSTAMP:${stamp(now)}`,
    `DTSTART:${stamp(start)}`,
    'DURATION:PT1H',
    `SUMMARY:${escaped(show.title)}`,
    ...(show.description ? [`DESCRIPTION:${escaped(show.description)}`] : []),
    `URL:${address}`,
    'END:VEVENT',
    'END:VCALENDAR',
    '',
  ]
    .map(folded)
    .join('\r\n')
}
