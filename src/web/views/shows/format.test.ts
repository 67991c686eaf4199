/* SPDX-License-Identifier: LGPL-2.1-or-later */
import { expect, test } from 'vitest'
import { calendarFile } from './calendar'
import { bytesText, fieldTime, remaining } from './format'

test('sizes are said as people say them', () => {
  expect(bytesText(1_900_000_000, 'en')).toBe('1.9 GB')
  expect(bytesText(0, 'en')).toBe('0 byte')
  expect(bytesText(42_400_000, 'en')).toBe('42 MB')
})

test('what remains is counted up to the next second, and never below nothing', () => {
  expect(remaining(86_400_000 + 3_661_000)).toEqual({ days: 1, hours: 1, minutes: 1, seconds: 1 })
  expect(remaining(1)).toEqual({ days: 0, hours: 0, minutes: 0, seconds: 1 })
  expect(remaining(-5)).toEqual({ days: 0, hours: 0, minutes: 0, seconds: 0 })
})

test('a field shows the time of this place', () => {
  const time = new Date(2026, 5, 1, 20, 30)
  expect(fieldTime(time.toISOString())).toBe('2026-06-01T20:30')
  expect(fieldTime(null)).toBe('')
})

test('a calendar file escapes and folds', () => {
  const file = calendarFile(
    { id: 'x', title: 'One, two; three', description: 'я'.repeat(60), startTime: '2026-06-01T18:00:00Z' },
    'https://example.org/shows/x',
    new Date('2026-05-01T00:00:00Z'),
  )
  expect(file).toContain('SUMMARY:One\\, two\\; three\r\n')
  expect(file).toContain('DTSTART:20260601T180000Z\r\n')
  for (const line of file.split('\r\n')) expect(new TextEncoder().encode(line).length).toBeLessThanOrEqual(75)
})
