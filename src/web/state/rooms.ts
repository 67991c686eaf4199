/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The rooms on the home page, and the way into one from whatever somebody typed. */
import { create } from 'zustand'
import type * as Contract from '../protocol/contract'
import { attempt, done } from './outcome'
import { services, type Services } from './services'
import { useSession } from './session'
import type { RoomsState, RoomSummary } from './types'

export const summaryOf = (room: Contract.Room): RoomSummary => ({
  id: room.id,
  slug: room.slug,
  title: room.title,
  visibility: room.visibility,
  ownerName: room.owner.name,
  mine: room.mine,
  capacity: room.capacity,
  inside: room.participants,
  insideNames: room.inside,
  locked: room.locked,
  waitingRoom: room.waitingRoom,
  guests: room.guests,
  onAir: room.onAir,
  recorded: room.recorded,
})

/** What somebody typed or pasted: a link, a link with an invite, a code, an address. */
export function readEntrance(text: string): { code: string; invite: string | null } {
  const trimmed = text.trim()
  try {
    const url = new URL(/^[\w.-]+(:\d+)?\//.test(trimmed) ? `https://${trimmed}` : trimmed)
    const invite = url.searchParams.get('invite')
    const slug = url.pathname.split('/').filter(Boolean).at(-1) ?? ''
    return { code: invite ?? decodeURIComponent(slug), invite }
  } catch {
    return { code: trimmed.toLowerCase().replace(/\s+/g, '-'), invite: null }
  }
}

/** People reload a list more often than it gets longer than this. */
const mineLimit = 100
const publicLimit = 20

export function createRooms(parts: Services, mayHaveRooms: () => boolean) {
  let next: string | null = null

  return create<RoomsState>((set, get) => ({
    mine: null,
    public: null,
    problem: null,
    hasMorePublic: false,

    async load() {
      const [open, mine] = await Promise.all([
        attempt(() => parts.api.rooms('public', { limit: publicLimit })),
        mayHaveRooms() ? attempt(() => parts.api.rooms('mine', { limit: mineLimit })) : null,
      ])
      if (open.ok) next = open.value.next
      const failed = !open.ok ? open : mine && !mine.ok ? mine : null
      set({
        public: open.ok ? open.value.items.map(summaryOf) : get().public,
        mine: mine === null ? [] : mine.ok ? mine.value.items.map(summaryOf) : get().mine,
        problem: failed?.problem ?? null,
        hasMorePublic: next !== null,
      })
    },

    async loadMorePublic() {
      if (next === null) return
      const outcome = await attempt(() => parts.api.rooms('public', { limit: publicLimit, after: next }))
      if (!outcome.ok) return set({ problem: outcome.problem })
      next = outcome.value.next
      const known = get().public ?? []
      const ids = new Set(known.map(({ id }) => id))
      const fresh = outcome.value.items.filter(({ id }) => !ids.has(id)).map(summaryOf)
      set({ public: [...known, ...fresh], hasMorePublic: next !== null, problem: null })
    },

    async create(room) {
      const { slug, ...rest } = room
      const outcome = await attempt(() => parts.api.createRoom(slug ? room : rest))
      if (!outcome.ok) return outcome
      const summary = summaryOf(outcome.value)
      set({ mine: [summary, ...(get().mine ?? [])] })
      return { ok: true, value: summary }
    },

    async remove(id) {
      const outcome = await attempt(() => parts.api.deleteRoom(id))
      if (!outcome.ok) return outcome
      const without = (rooms: RoomSummary[] | null) => rooms?.filter((room) => room.id !== id) ?? null
      set({ mine: without(get().mine), public: without(get().public) })
      return done
    },

    async find(text) {
      const { code, invite } = readEntrance(text)
      const outcome = await attempt(() => parts.api.resolveInvite(code))
      if (!outcome.ok) return outcome
      const { slug, id } = outcome.value
      return { ok: true, value: { slug, invite: invite ?? (code === slug || code === id ? null : code) } }
    },
  }))
}

export const useRooms = createRooms(services, () => useSession.getState().user?.guest === false)
