/* SPDX-License-Identifier: LGPL-2.1-or-later */
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { ApiError } from '../protocol/errors'
import { describeAgent } from './agent'
import { useNotices } from './notices'
import { readEntrance } from './rooms'
import type { Services } from './services'
import { createSession } from './session'
import { statusFor } from './lobby'
import type { RoomSummary, User } from './types'

const signedIn = { user: { id: 'u', name: 'Ada', role: 'guest', createdAt: '' }, accessToken: 't', expiresAt: '' }
const config = {
  signalingUrl: 'ws://x/ws',
  registration: true,
  guests: true,
  capacity: 15,
  capacityMax: 500,
  version: '1',
}
const make = (api: object) => {
  const parts = { api: { config: async () => config, ...api }, signalingUrl: null } as unknown as Services
  return { parts, session: createSession(parts) }
}
const rejected = (code: string, status: number) =>
  vi.fn(async () => Promise.reject(new ApiError(code, code, undefined, status)))
const told = () => useNotices.getState().notices.map(({ values }) => values?.code)

beforeEach(() => useNotices.setState({ notices: [] }))

describe('the session', () => {
  it('comes back after a reload', async () => {
    const { session, parts } = make({ refresh: async () => signedIn })
    await session.getState().start()
    expect(session.getState()).toMatchObject({
      status: 'signed-in',
      user: { name: 'Ada', guest: true, role: 'user', email: null },
    })
    expect(session.getState().server?.capacity).toBe(15)
    expect(parts.signalingUrl).toBe('ws://x/ws')
  })

  it('is simply none for a newcomer, without a notice', async () => {
    const { session } = make({ refresh: rejected('unauthenticated', 401) })
    await session.getState().start()
    expect(session.getState().status).toBe('signed-out')
    expect(told()).toEqual([])
  })

  it('says once that there is no server', async () => {
    const { session } = make({ refresh: rejected('offline', 0), config: rejected('offline', 0) })
    await session.getState().start()
    expect(session.getState().status).toBe('signed-out')
    expect(told()).toEqual(['offline'])
  })

  it('answers a wrong password, and changes nothing', async () => {
    const { session } = make({ login: rejected('bad_credentials', 401) })
    expect(await session.getState().signIn({ email: 'a', password: 'b' })).toEqual({
      ok: false,
      problem: { code: 'bad_credentials', message: 'bad_credentials' },
    })
    expect(session.getState().user).toBeNull()
  })

  it('tells when the server ended it', async () => {
    const { session, parts } = make({ refresh: async () => signedIn })
    await session.getState().start()
    parts.api.onSignedOut(new ApiError('token_invalid', 'Used twice', undefined, 401))
    expect(session.getState().status).toBe('signed-out')
    expect(told()).toEqual(['token_invalid'])
  })

  it('signs out every other device, one by one', async () => {
    const revokeSession = vi.fn(async () => {})
    const item = (id: string, current: boolean) => ({
      id,
      current,
      agent: 'curl/8',
      address: '',
      createdAt: '',
      usedAt: '',
    })
    const { session } = make({
      revokeSession,
      sessions: async () => ({ items: [item('1', true), item('2', false), item('3', false)], next: null }),
    })
    await session.getState().loadSessions()
    await session.getState().revokeOtherSessions()
    expect(revokeSession.mock.calls).toEqual([['2'], ['3']])
    expect(session.getState().sessions).toHaveLength(1)
  })
})

describe('a device', () => {
  it.each([
    ['Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0', 'Firefox on Linux', false],
    [
      'Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/156.0.0.0 Mobile Safari/537.36',
      'Chrome on Android',
      true,
    ],
    [
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) AppleWebKit/605.1 Version/18 Safari/605.1',
      'Safari on macOS',
      false,
    ],
    ['curl/8.5', 'curl', false],
  ])('is named as people name it: %s', (agent, device, phone) => {
    expect(describeAgent(agent)).toEqual({ device, phone })
  })
})

describe('the way into a room', () => {
  it.each([
    ['mill-otter-42', 'mill-otter-42', null],
    [' Mill Otter 42 ', 'mill-otter-42', null],
    ['https://x.example/r/design-table', 'design-table', null],
    ['x.example/r/design-table?invite=mill-otter-42', 'mill-otter-42', 'mill-otter-42'],
    ['http://localhost:8080/r/a-b-c?invite=q', 'q', 'q'],
  ])('is read from %s', (text, code, invite) => expect(readEntrance(text)).toEqual({ code, invite }))

  const room = { mine: false, locked: false, guests: true, inside: 0, capacity: 2 } as RoomSummary
  const account = { guest: false } as User
  it.each([
    [room, null, 'ready'],
    [{ ...room, locked: true }, null, 'locked'],
    [{ ...room, locked: true, mine: true }, account, 'ready'],
    [{ ...room, inside: 2 }, null, 'full'],
    [{ ...room, guests: false }, null, 'account-needed'],
    [{ ...room, guests: false }, account, 'ready'],
  ] as const)('is open or not: %#', (summary, user, status) => expect(statusFor(summary, null, user)).toBe(status))

  it.each([
    ['not_found', 'not-found'],
    ['invite_required', 'invite-needed'],
    ['invite_expired', 'invite-expired'],
    ['banned', 'banned'],
    ['offline', 'unreachable'],
  ])('%s means %s', (code, status) => expect(statusFor(null, { code, message: '' }, null)).toBe(status))
})
