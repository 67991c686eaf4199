/* SPDX-License-Identifier: LGPL-2.1-or-later */
import { expect, test } from 'vitest'
import { copiesOf, firstChoice, overUplink, presets } from './presets'

test('the six presets are those of the design', () => {
  expect(presets.map(({ height, fps, mbit }) => `${height}p${fps} ${mbit}`)).toEqual([
    '1080p30 8',
    '1080p60 16',
    '1440p30 16',
    '1440p60 32',
    '2160p30 35',
    '2160p60 60',
  ])
})

test('before the uplink is measured nothing is marked', () => {
  expect(overUplink(60, 3, null)).toBe(false)
})

test('between browsers every viewer is one more copy', () => {
  expect(copiesOf(0, 'direct')).toBe(1)
  expect(overUplink(16, copiesOf(1, 'direct'), 42)).toBe(false)
  expect(overUplink(16, copiesOf(3, 'direct'), 42)).toBe(true)
})

test('to the server goes one copy, however many watch', () => {
  expect(overUplink(16, copiesOf(40, 'server'), 42)).toBe(false)
})

test('sound that the browser cannot take is not asked for, even when remembered', () => {
  const remembered = { ...presets[1]!, keep: 'frame-rate' as const, sound: true }
  expect(firstChoice(remembered, false)).toEqual({ ...remembered, sound: false })
})
