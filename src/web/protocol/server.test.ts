/* SPDX-License-Identifier: LGPL-2.1-or-later */
import { describe, expect, it } from 'vitest'
import { findServer, socketAddress } from './server'

describe('the server', () => {
  it('is where the page came from, unless the page says otherwise', () => {
    expect(findServer({ href: 'https://a.example/r/x', meta: null, built: undefined })).toEqual({
      base: 'https://a.example',
      foreign: false,
    })
    expect(
      findServer({ href: 'https://a.example/', meta: 'https://b.example/live/', built: 'https://c.example' }),
    ).toEqual({
      base: 'https://b.example/live',
      foreign: true,
    })
  })

  it('is never spoken to in the clear from a page that came by TLS', () => {
    const place = findServer({ href: 'https://a.example/', meta: null, built: undefined })
    expect(socketAddress(place, 'ws://a.example/ws')).toBe('wss://a.example/ws')
    expect(socketAddress(place, null)).toBe('wss://a.example/ws')
    expect(socketAddress({ base: 'http://localhost:8080', foreign: false }, '/ws')).toBe('ws://localhost:8080/ws')
  })
})
