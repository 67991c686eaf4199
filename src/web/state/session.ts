/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Who sits here: restored from the refresh cookie at load, kept until signed out. */
import { create } from 'zustand'
import type * as Contract from '../protocol/contract'
import { describeAgent } from './agent'
import { attempt, done, problemFrom, tellProblem } from './outcome'
import { services, type Services } from './services'
import type { DeviceSession, Outcome, SessionState, User } from './types'

export const userFrom = ({ id, name, email, role }: Contract.User): User => ({
  id,
  name,
  email: email ?? null,
  role: role === 'guest' ? 'user' : role,
  guest: role === 'guest',
})

const sessionFrom = ({ id, current, agent, address, usedAt }: Contract.Session): DeviceSession => ({
  id,
  ...describeAgent(agent),
  address,
  lastSeenAt: usedAt,
  current,
})

export function createSession(parts: Services) {
  return create<SessionState>((set, get) => {
    const enter = ({ user }: Contract.SignedIn) => set({ status: 'signed-in', user: userFrom(user), sessions: null })
    const forget = () => set({ status: 'signed-out', user: null, sessions: null })

    async function loadConfiguration(): Promise<void> {
      const outcome = await attempt(() => parts.api.config())
      if (!outcome.ok) return tellProblem(outcome.problem)
      const { registration, guests, capacity, capacityMax, version, signalingUrl } = outcome.value
      parts.signalingUrl = signalingUrl
      set({ server: { registration, guests, capacity, capacityMax, version } })
    }

    async function restore(): Promise<void> {
      try {
        enter(await parts.api.refresh())
      } catch (thrown) {
        forget()
        const problem = problemFrom(thrown)
        /* Having no session is not a problem; having no server is, and loadConfiguration() says that one. */
        const expected = ['unauthenticated', 'token_invalid', 'token_expired', 'offline']
        if (!expected.includes(problem.code)) tellProblem(problem)
      }
    }

    return {
      status: 'unknown',
      user: null,
      sessions: null,
      server: null,

      async start() {
        parts.api.onSignedOut = (error) => {
          forget()
          tellProblem(problemFrom(error))
        }
        await Promise.all([loadConfiguration(), restore()])
      },

      async signIn(credentials) {
        const outcome = await attempt(() => parts.api.login(credentials))
        if (!outcome.ok) return outcome
        enter(outcome.value)
        return done
      },

      async signUp(account) {
        const outcome = await attempt(() => parts.api.register(account))
        if (!outcome.ok) return outcome
        enter(outcome.value)
        return done
      },

      async signOut() {
        const outcome = await attempt(() => parts.api.logout())
        if (!outcome.ok) tellProblem(outcome.problem)
        forget()
      },

      async rename(name) {
        const outcome = await attempt(() => parts.api.updateMe({ name }))
        if (!outcome.ok) return outcome
        set({ user: userFrom(outcome.value) })
        return done
      },

      async loadSessions() {
        const outcome = await attempt(() => parts.api.sessions())
        if (!outcome.ok) return outcome
        set({ sessions: outcome.value.items.map(sessionFrom) })
        return done
      },

      async revokeSession(id) {
        const outcome = await attempt(() => parts.api.revokeSession(id))
        if (outcome.ok) set({ sessions: get().sessions?.filter((session) => session.id !== id) ?? null })
        return outcome
      },

      async revokeOtherSessions() {
        for (const { id, current } of get().sessions ?? []) {
          if (current) continue
          const outcome = await get().revokeSession(id)
          if (!outcome.ok) return outcome
        }
        return done
      },
    }
  })
}

export const useSession = createSession(services)

/** For somebody without an account who enters a room: an identity for this visit, which reads the history and keeps its
    place. Whoever is somebody already stays it. */
export async function enterAsGuest(name: string): Promise<Outcome> {
  if (useSession.getState().status === 'signed-in') return done
  const outcome = await attempt(() => services.api.guest({ name }))
  if (!outcome.ok) return outcome
  useSession.setState({ status: 'signed-in', user: userFrom(outcome.value.user) })
  return done
}
