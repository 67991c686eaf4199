/* SPDX-License-Identifier: LGPL-2.1-or-later */
import { describe, expect, it } from 'vitest'
import { ApiError, asApiError, errorOfResponse } from './errors'

describe('errors', () => {
  it('take code, field and waiting time from what the server said', () => {
    const response = new Response(null, { status: 429, headers: { 'Retry-After': '7' } })
    const error = errorOfResponse(response, { error: { code: 'rate_limited', message: 'Slowly', field: 'email' } })
    expect(error).toMatchObject({ code: 'rate_limited', field: 'email', status: 429, retryAfter: 7000 })
  })

  it('make sense of a proxy that answers in its own words', () => {
    expect(errorOfResponse(new Response('<html>', { status: 502 }), null).code).toBe('unavailable')
    expect(errorOfResponse(new Response(null, { status: 418 }), null).code).toBe('internal')
  })

  it('tell a dead network from a slow one', () => {
    expect(asApiError(new TypeError('Failed to fetch')).code).toBe('offline')
    expect(asApiError(new DOMException('', 'TimeoutError')).code).toBe('timeout')
    const own = new ApiError('busy', 'Later')
    expect(asApiError(own)).toBe(own)
  })
})
