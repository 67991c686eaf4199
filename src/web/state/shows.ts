/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Shows that run now or are to come, for the pages outside a room. */
import { create } from 'zustand'
import { attempt, done } from './outcome'
import { isRunning } from './room-model'
import { services, type Services } from './services'
import { useSession } from './session'
import type { Show, ShowsState } from './types'

const most = 50

const time = ({ startTime }: Show) => (startTime === null ? Infinity : Date.parse(startTime))

/** What runs first, then what comes next; shows that nobody gave a time are nobody's plan yet. */
export function inOrder(shows: readonly Show[]): Show[] {
  const unique = [...new Map(shows.map((show) => [show.id, show])).values()]
  return unique
    .filter((show) => isRunning(show) || show.startTime !== null)
    .sort((one, other) => Number(isRunning(other)) - Number(isRunning(one)) || time(one) - time(other))
}

export function createShows(parts: Services, mayHaveShows: () => boolean) {
  return create<ShowsState>((set, get) => ({
    shows: null,
    problem: null,

    async load() {
      const scopes = mayHaveShows() ? (['public', 'mine'] as const) : (['public'] as const)
      const outcome = await attempt(() =>
        Promise.all(
          scopes.flatMap((scope) =>
            (['live', 'scheduled'] as const).map((status) => parts.api.broadcasts({ scope, status, limit: most })),
          ),
        ),
      )
      if (!outcome.ok) return set({ problem: outcome.problem })
      set({ shows: inOrder(outcome.value.flatMap(({ items }) => items)), problem: null })
    },

    find: (id, invite) => attempt(() => parts.api.broadcast(id, invite)),

    async plan(show) {
      const outcome = await attempt(() => parts.api.createBroadcast(show))
      if (outcome.ok) set({ shows: inOrder([...(get().shows ?? []), outcome.value]) })
      return outcome
    },

    async change(id, change) {
      const outcome = await attempt(() => parts.api.updateBroadcast(id, change))
      if (!outcome.ok) return outcome
      set({ shows: inOrder([...(get().shows ?? []), outcome.value]) })
      return done
    },

    async cancel(id) {
      const outcome = await attempt(() => parts.api.deleteBroadcast(id))
      if (!outcome.ok) return outcome
      set({ shows: get().shows?.filter((show) => show.id !== id) ?? null })
      return done
    },
  }))
}

export const useShows = createShows(services, () => useSession.getState().user?.guest === false)
