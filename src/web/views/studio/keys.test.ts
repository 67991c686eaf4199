/* SPDX-License-Identifier: LGPL-2.1-or-later */
import { expect, test } from 'vitest'
import { studioAction } from './keys'

const stroke = (code: string, patch: object = {}) => ({ code, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...patch })

test('1 to 6 are the layouts, in the order of the strip', () => {
  expect(studioAction(stroke('Digit1'), true)).toEqual({ kind: 'layout', layout: 'grid' })
  expect(studioAction(stroke('Digit6'), true)).toEqual({ kind: 'layout', layout: 'pip' })
  expect(studioAction(stroke('Digit7'), true)).toBe('rest')
})

test('letters rest when they are switched off, and with a modifier', () => {
  expect(studioAction(stroke('KeyB'), false)).toBeNull()
  expect(studioAction(stroke('KeyB', { ctrlKey: true }), true)).toBeNull()
  expect(studioAction(stroke('KeyB'), true)).toEqual({ kind: 'banner' })
})

test('Ctrl+Z takes back, Shift+Ctrl+Z is nobody’s', () => {
  expect(studioAction(stroke('KeyZ', { ctrlKey: true }), false)).toEqual({ kind: 'undo' })
  expect(studioAction(stroke('KeyZ', { ctrlKey: true, shiftKey: true }), true)).toBeNull()
})

test('microphone and camera stay with the room', () => {
  expect(studioAction(stroke('KeyM'), true)).toBeNull()
})
