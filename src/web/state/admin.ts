/* SPDX-License-Identifier: LGPL-2.1-or-later */
import { create } from 'zustand'
import { attempt, done } from './outcome'
import { summaryOf } from './rooms'
import { services, type Services } from './services'
import { userFrom } from './session'
import type { AdminState } from './types'

export function createAdmin(parts: Services) {
  return create<AdminState>((set, get) => ({
    users: null,
    rooms: null,
    problem: null,

    async load() {
      const [users, rooms] = await Promise.all([
        attempt(() => parts.api.users({ limit: 100 })),
        attempt(() => parts.api.rooms('all', { limit: 100 })),
      ])
      const failed = !users.ok ? users : !rooms.ok ? rooms : null
      set({
        users: users.ok
          ? users.value.items.map((user) => ({ ...userFrom(user), createdAt: user.createdAt }))
          : get().users,
        rooms: rooms.ok ? rooms.value.items.map(summaryOf) : get().rooms,
        problem: failed?.problem ?? null,
      })
    },

    async setRole(userId, role) {
      const outcome = await attempt(() => parts.api.updateUser(userId, { role }))
      if (!outcome.ok) return outcome
      set({ users: get().users?.map((user) => (user.id === userId ? { ...user, role } : user)) ?? null })
      return done
    },

    async closeRoom(id) {
      const outcome = await attempt(() => parts.api.deleteRoom(id))
      if (outcome.ok) set({ rooms: get().rooms?.filter((room) => room.id !== id) ?? null })
      return outcome
    },
  }))
}

export const useAdmin = createAdmin(services)
