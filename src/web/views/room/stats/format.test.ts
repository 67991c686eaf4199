/* SPDX-License-Identifier: LGPL-2.1-or-later */
import { expect, test } from 'vitest'
import { megabits, plotPaths } from './format'

test.each([
  [18_000, '18'],
  [9_100, '9.1'],
  [40, '0.04'],
  [0, '0.00'],
])('%i kbit/s reads %s Mbit/s', (kilobits, text) => {
  expect(megabits(kilobits)).toBe(text)
})

test('a plot spans its box and stays inside it', () => {
  const { line } = plotPaths([0, 50, 100], 300, 52)
  expect(line).toMatch(/^M0\.0 51\.0L150\.0 .*L300\.0 /)
  expect(line).not.toContain('-')
})

test('one sample is no plot yet', () => {
  expect(plotPaths([1], 300, 52).line).toBe('')
})
