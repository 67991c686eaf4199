/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What was recorded of one's shows. */
import { create } from 'zustand'
import { attempt, done } from './outcome'
import { services, type Services } from './services'
import type { RecordingsState } from './types'

const page = 30

export function createRecordings(parts: Pick<Services, 'api'>) {
  let next: string | null = null

  return create<RecordingsState>((set, get) => ({
    recordings: null,
    problem: null,
    hasMore: false,

    async load() {
      const outcome = await attempt(() => parts.api.recordings({ limit: page }))
      if (!outcome.ok) return set({ problem: outcome.problem })
      next = outcome.value.next
      set({ recordings: outcome.value.items, problem: null, hasMore: next !== null })
    },

    async loadMore() {
      if (next === null) return
      const outcome = await attempt(() => parts.api.recordings({ limit: page, after: next }))
      if (!outcome.ok) return set({ problem: outcome.problem })
      next = outcome.value.next
      set({ recordings: [...(get().recordings ?? []), ...outcome.value.items], hasMore: next !== null })
    },

    async fresh(id) {
      const outcome = await attempt(() => parts.api.recording(id))
      if (outcome.ok) {
        const recordings = get().recordings?.map((other) => (other.id === id ? outcome.value : other)) ?? null
        set({ recordings })
      }
      return outcome
    },

    async remove(id) {
      const outcome = await attempt(() => parts.api.deleteRecording(id))
      if (!outcome.ok) return outcome
      set({ recordings: get().recordings?.filter((recording) => recording.id !== id) ?? null })
      return done
    },
  }))
}

export const useRecordings = createRecordings(services)
