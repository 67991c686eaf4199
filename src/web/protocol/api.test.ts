/* SPDX-License-Identifier: LGPL-2.1-or-later */
import { describe, expect, it, vi } from 'vitest'
import { Api, type Exclusive } from './api'
import type { SignedIn } from './contract'

const session = (token: string, lifetime = 900_000): SignedIn => ({
  user: { id: 'u', name: 'Ada', role: 'user', createdAt: '2026-01-01T00:00:00Z' },
  accessToken: token,
  expiresAt: new Date(Date.now() + lifetime).toISOString(),
})

const answer = (status: number, body: unknown) => new Response(JSON.stringify(body), { status })
const refusal = (status: number, code: string) => answer(status, { error: { code, message: code } })

function make(answers: Record<string, (token: string | null) => Response>, exclusive: Exclusive = (_, task) => task()) {
  const fetch = vi.fn(async (url: string, init: RequestInit) => {
    const path = new URL(url).pathname
    await Promise.resolve()
    const authorization = (init.headers as Record<string, string>).Authorization
    return (answers[path] ?? (() => refusal(404, 'not_found')))(authorization?.slice(7) ?? null)
  })
  const calls = (path: string) => fetch.mock.calls.filter(([url]) => new URL(url).pathname === path)
  const api = new Api({ server: { base: 'http://x.example', foreign: true }, fetch, exclusive })
  return { api, fetch, calls }
}

describe('the HTTP client', () => {
  it('spends the refresh cookie once, however many calls find the token expired', async () => {
    let token = 'old'
    const { api, calls } = make({
      '/api/auth/login': () => answer(200, session('old')),
      '/api/auth/refresh': () => answer(200, session((token = 'new'))),
      '/api/auth/me': (given) =>
        given === token && token === 'new' ? answer(200, { id: 'u' }) : refusal(401, 'token_expired'),
    })
    await api.login({ email: 'a@b.c', password: 'x' })
    await Promise.all([api.me(), api.me(), api.me()])
    expect(calls('/api/auth/refresh')).toHaveLength(1)
    expect(calls('/api/auth/me')).toHaveLength(6)
  })

  it('asks for the lock that keeps other tabs away from the cookie', async () => {
    const exclusive = vi.fn(async (_: string, task: () => Promise<unknown>) => task()) as unknown as Exclusive
    const { api } = make({ '/api/auth/refresh': () => answer(200, session('t')) }, exclusive)
    await api.refresh()
    expect(exclusive).toHaveBeenCalledWith('greenroom.refresh', expect.any(Function))
  })

  it('renews a token shortly before its end, not after', async () => {
    const { api, calls } = make({
      '/api/auth/login': () => answer(200, session('old', 10_000)),
      '/api/auth/refresh': () => answer(200, session('new')),
      '/api/auth/me': (given) => answer(given === 'new' ? 200 : 500, { id: 'u' }),
    })
    await api.login({ email: 'a@b.c', password: 'x' })
    await api.me()
    expect(calls('/api/auth/me')).toHaveLength(1)
  })

  it('says so when a session has ended, and keeps one through a dead network', async () => {
    let offline = true
    const { api } = make({
      '/api/auth/login': () => answer(200, session('old', 0)),
      '/api/auth/refresh': () => {
        if (offline) throw new TypeError('Failed to fetch')
        return refusal(401, 'token_invalid')
      },
    })
    const ended = vi.fn()
    api.onSignedOut = ended
    await api.login({ email: 'a@b.c', password: 'x' })
    await expect(api.me()).rejects.toMatchObject({ code: 'offline' })
    expect(ended).not.toHaveBeenCalled()
    offline = false
    await expect(api.me()).rejects.toMatchObject({ code: 'token_invalid', status: 401 })
    expect(ended).toHaveBeenCalledOnce()
    await expect(api.accessToken()).resolves.toBeNull()
  })

  it('sends cookies to a server elsewhere and leaves empty parameters out', async () => {
    const { api, fetch } = make({ '/api/rooms': () => answer(200, { items: [], next: null }) })
    await api.rooms('public', { limit: 20, after: null })
    expect(fetch.mock.calls[0]![0]).toBe('http://x.example/api/rooms?scope=public&limit=20')
    expect(fetch.mock.calls[0]![1]).toMatchObject({ credentials: 'include', method: 'GET' })
  })
})
