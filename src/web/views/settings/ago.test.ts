/* SPDX-License-Identifier: LGPL-2.1-or-later */
import { expect, test } from 'vitest'
import { ago } from './ago'

const now = Date.parse('2026-03-01T12:00:00Z')

test.each([
  ['2026-03-01T11:59:40Z', 'now'],
  ['2026-03-01T11:57:00Z', '3 minutes ago'],
  ['2026-03-01T09:30:00Z', '2 hours ago'],
  ['2026-02-28T11:00:00Z', 'yesterday'],
  ['2026-03-01T12:00:05Z', 'now'],
])('%s was %s', (at, words) => {
  expect(ago(at, now, 'en')).toBe(words)
})
