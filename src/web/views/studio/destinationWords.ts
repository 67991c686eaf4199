/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A destination's state in words, and the one thing to do about it. Pure. */
import type { Destination } from '../../state/types'

export type DestinationAction = 'switch' | 'now' | 'fix-key' | 'fix-address' | 'retry'
export type DestinationTone = 'acc' | 'wrn' | 'bad' | 't3'

export interface DestinationWords {
  tone: DestinationTone
  /** Under `destination.` in the locales. */
  state: string
  /** Under `destination.reason.`; null where nothing is wrong. */
  reason: string | null
  action: DestinationAction
}

const address = ['dns', 'private', 'refused', 'tls']

export function destinationWords({ enabled, status }: Pick<Destination, 'enabled' | 'status'>, running: boolean): DestinationWords {
  const { state, reason } = status
  if (!enabled) return { tone: 't3', state: 'off', reason: null, action: 'switch' }
  if (!running) return { tone: 't3', state: 'ready', reason: null, action: 'switch' }
  switch (state) {
    case 'live':
      return { tone: 'acc', state, reason: null, action: 'switch' }
    case 'reconnecting':
      return { tone: 'wrn', state, reason, action: 'now' }
    case 'refused':
    case 'failed': {
      /* A server that closes at once has most often got a wrong key. */
      const wrongKey = reason === 'key' || (state === 'refused' && reason === null)
      const action = wrongKey ? 'fix-key' : address.includes(reason ?? '') ? 'fix-address' : 'retry'
      return { tone: 'bad', state, reason: wrongKey ? 'key' : reason, action }
    }
    case 'connecting':
    case 'idle':
      return { tone: 'wrn', state: 'connecting', reason: null, action: 'switch' }
    case 'ended':
      return { tone: 't3', state, reason: null, action: 'switch' }
  }
}
