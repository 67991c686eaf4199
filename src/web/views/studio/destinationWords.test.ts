/* SPDX-License-Identifier: LGPL-2.1-or-later */
import { expect, test } from 'vitest'
import type { Destination } from '../../state/types'
import { destinationWords } from './destinationWords'

type Status = Destination['status']
const one = (state: Status['state'], reason: Status['reason'] = null, enabled = true) => ({
  enabled,
  status: { state, reason, message: null, bitsPerSecond: 0, dropped: 0, roundTripMs: null, attempt: 1, retryInMs: 0 },
})

test('a live one is green and may be switched off', () => {
  expect(destinationWords(one('live'), true)).toEqual({ tone: 'acc', state: 'live', reason: null, action: 'switch' })
})

test('one that lost its line can be tried at once', () => {
  expect(destinationWords(one('reconnecting', 'lost'), true).action).toBe('now')
})

test('a wrong key asks for another, a wrong address for another address, the rest for a try', () => {
  expect(destinationWords(one('refused', 'key'), true).action).toBe('fix-key')
  expect(destinationWords(one('refused'), true)).toMatchObject({ action: 'fix-key', reason: 'key' })
  expect(destinationWords(one('failed', 'dns'), true).action).toBe('fix-address')
  expect(destinationWords(one('failed', 'timeout'), true).action).toBe('retry')
})

test('before the show and while switched off nothing is claimed', () => {
  expect(destinationWords(one('idle'), false).state).toBe('ready')
  expect(destinationWords(one('live', null, false), true).state).toBe('off')
})
