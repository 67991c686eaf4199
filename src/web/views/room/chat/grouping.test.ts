/* SPDX-License-Identifier: LGPL-2.1-or-later */
import { expect, test } from 'vitest'
import type { ChatLine } from '../../../state/types'
import { follows, withLinks } from './grouping'

const line = (patch: Partial<ChatLine> = {}): ChatLine => ({
  id: '1',
  kind: 'message',
  participantId: 'a',
  name: 'Ada',
  text: 'Hello',
  at: '2026-01-01T19:00:00Z',
  mine: false,
  delivery: 'sent',
  ...patch,
})

test('a second message within five minutes goes under the same name', () => {
  expect(follows(line(), line({ at: '2026-01-01T19:04:00Z' }))).toBe(true)
})

test('another person, a pause, or somebody joining in between starts anew', () => {
  expect(follows(line(), line({ participantId: 'b', name: 'Bo' }))).toBe(false)
  expect(follows(line(), line({ at: '2026-01-01T19:06:00Z' }))).toBe(false)
  expect(follows(line({ kind: 'joined' }), line())).toBe(false)
  expect(follows(undefined, line())).toBe(false)
})

test('addresses become links, the full stop after them does not', () => {
  expect(withLinks('See https://example.org/a_(b)?c=1. Or not')).toEqual([
    { text: 'See ', link: false },
    { text: 'https://example.org/a_(b)?c=1', link: true },
    { text: '. Or not', link: false },
  ])
})

test('only web addresses are links', () => {
  expect(withLinks('javascript:alert(1) ftp://x.example')).toEqual([
    { text: 'javascript:alert(1) ftp://x.example', link: false },
  ])
})
