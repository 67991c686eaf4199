/* SPDX-License-Identifier: LGPL-2.1-or-later */
import { expect, test } from 'vitest'
import { roomAction } from './keys'

const stroke = (key: string, code: string, patch = {}) => ({
  key,
  code,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  ...patch,
})

test('M mutes', () => {
  expect(roomAction(stroke('m', 'KeyM'), true)).toBe('mute')
})

test('the same key mutes on a Cyrillic layout', () => {
  expect(roomAction(stroke('ь', 'KeyM'), true)).toBe('mute')
})

test('a digit pins a tile', () => {
  expect(roomAction(stroke('3', 'Digit3'), true)).toBe('pin-3')
})

test('letters can be switched off, F6 and ? stay', () => {
  expect(roomAction(stroke('m', 'KeyM'), false)).toBeNull()
  expect(roomAction(stroke('?', 'Slash'), false)).toBe('shortcuts')
  expect(roomAction(stroke('F6', 'F6'), false)).toBe('region')
})

test('with Ctrl a letter belongs to the browser', () => {
  expect(roomAction(stroke('p', 'KeyP', { ctrlKey: true }), true)).toBeNull()
})
