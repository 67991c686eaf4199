/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A host's side of a room's show: the scene, what is prepared for it, where it goes, what is recorded. Changes go over
   HTTP; what others change, and how outputs fare, comes as messages of the room. */
import { create } from 'zustand'
import type { BroadcastList, Broadcast, ServerMessage } from '../protocol/contract'
import { pictureAddress, uploadPicture } from '../protocol/upload'
import { type BrandChange, BrandChanges } from './brand-changes'
import { attempt, done, tellProblem } from './outcome'
import { patchOf } from './scene'
import { SceneChanges } from './scene-changes'
import { isRunning } from './room-model'
import { listenToRoom } from './room-news'
import { services, type Services } from './services'
import type { Outcome, Recording, StudioState } from './types'

const statisticsEvery = 2000
/* The newest; a show has one, and another for each time that its recording broke off. */
const recordingsShown = 100

const nothing = {
  status: 'idle',
  problem: null,
  show: null,
  scene: null,
  canUndo: false,
  saved: [],
  destinations: [],
  recordings: [],
  banners: [],
  pictures: [],
  uploading: null,
  behind: null,
} satisfies Partial<StudioState>

const noShow: Outcome<never> = { ok: false, problem: { code: 'unavailable', message: 'There is no show here.' } }

/** The show that runs, else the one that comes first; one without a time comes last. */
export function currentShow({ items }: Pick<BroadcastList, 'items'>): Broadcast | null {
  const time = ({ startTime }: Broadcast) => (startTime === null ? Infinity : Date.parse(startTime))
  const coming = items.filter(({ status }) => status === 'scheduled').sort((one, other) => time(one) - time(other))
  return items.find(isRunning) ?? coming[0] ?? null
}

const put = <T extends { id: string }>(list: readonly T[], item: T): T[] =>
  list.some(({ id }) => id === item.id)
    ? list.map((other) => (other.id === item.id ? item : other))
    : [...list, item]

const without = <T extends { id: string }>(list: readonly T[], gone: string): T[] => list.filter(({ id }) => id !== gone)

/** The same with @item at its place, unless it is there. */
const putBack = <T extends { id: string }>(list: readonly T[], item: T | undefined, place: number): T[] =>
  item === undefined || list.some(({ id }) => id === item.id) ? [...list] : [...list.slice(0, place), item, ...list.slice(place)]

/** Seconds from the stage to here, as the program counts it; whatever it does not say is not made up. */
export function delayOf(statistics: Record<string, unknown>): number | null {
  const { latencyMs } = statistics
  return typeof latencyMs === 'number' && latencyMs > 0 ? latencyMs / 1000 : null
}

export function createStudio(parts: Services, listen: typeof listenToRoom) {
  let room: { id: string; title: string } | null = null
  let changes: SceneChanges | null = null
  let brand: BrandChanges | null = null
  let stopListening = () => {}
  let timer: ReturnType<typeof setInterval> | undefined

  return create<StudioState>((set, get) => {
    /** Nobody waits for it; who prepares a line goes on with the next. */
    function keep(change: BrandChange): void {
      void brand?.change(change).then((outcome) => outcome.ok || tellProblem(outcome.problem))
    }

    /** Takes one out of a list; the answer puts it back where it was. */
    function takeOut(list: 'banners' | 'pictures', gone: string): () => void {
      const place = get()[list].findIndex(({ id }) => id === gone)
      let item: { id: string } | undefined
      keep((kept) => {
        item ??= kept[list].find(({ id }) => id === gone)
        return { ...kept, [list]: without<{ id: string }>(kept[list], gone) }
      })
      return () => keep((kept) => ({ ...kept, [list]: putBack<{ id: string }>(kept[list], item, place) }))
    }

    /** Does something with the show, and what it brought with the state. */
    async function withShow<T>(act: (show: string) => Promise<T>, then: (value: T) => void): Promise<Outcome<T>> {
      const { show } = get()
      if (show === null) return noShow
      const outcome = await attempt(() => act(show.id))
      if (outcome.ok) then(outcome.value)
      return outcome
    }
    const quietly = async (action: Promise<Outcome<unknown>>): Promise<Outcome> => {
      const outcome = await action
      return outcome.ok ? done : outcome
    }

    function receive(message: ServerMessage): void {
      const { show } = get()
      if (show === null) return
      switch (message.type) {
        case 'scene':
          return message.broadcast === show.id ? changes?.receive(message) : undefined
        case 'broadcast-started':
        case 'broadcast-updated':
        case 'broadcast-ended':
          /* A co-host may have started another one. */
          if (message.broadcast.id !== show.id && message.type !== 'broadcast-started') return
          if (message.broadcast.id !== show.id) return void take(message.broadcast)
          return set({ show: message.broadcast })
        case 'destination':
          if (message.broadcast === show.id) set({ destinations: put(get().destinations, message.destination) })
          return
        case 'destination-removed':
          if (message.broadcast === show.id) set({ destinations: without(get().destinations, message.id) })
          return
        case 'brand':
          return message.broadcast === show.id ? brand?.receive(message) : undefined
        case 'recording':
          if (message.broadcast === show.id) set({ recordings: put(get().recordings, message.recording) })
          return
        case 'joined':
          /* What was said while this page was away is lost. */
          if (room !== null) void load(room)
      }
    }

    async function take(show: Broadcast): Promise<void> {
      if (changes === null || get().show?.id !== show.id)
        changes = new SceneChanges(
          (patch) => parts.api.updateScene(show.id, patch),
          (scene, canUndo) => get().show?.id === show.id && set({ scene, canUndo }),
        )
      if (brand === null || get().show?.id !== show.id)
        brand = new BrandChanges(
          () => parts.api.brand(show.id),
          (update) => parts.api.setBrand(show.id, update),
          ({ banners, pictures }) => {
            const address = (id: string) => pictureAddress(parts.api.server, id, 320)
            if (get().show?.id === show.id) set({ banners, pictures: pictures.map((picture) => ({ ...picture, url: address(picture.id) })) })
          },
        )
      const mine = changes
      const ours = brand
      const [scene, atHand, saved, destinations, recordings] = await Promise.all([
        parts.api.scene(show.id),
        parts.api.brand(show.id),
        parts.api.savedScenes(show.id),
        parts.api.destinations(show.id),
        parts.api.showRecordings(show.id, { limit: recordingsShown }),
      ])
      set({
        status: 'ready',
        problem: null,
        show,
        saved: saved.items,
        destinations: destinations.items,
        recordings: recordings.items,
      })
      mine.resume(scene)
      ours.receive(atHand)
    }

    async function load({ id, title }: { id: string; title: string }, another = false): Promise<void> {
      const outcome = await attempt(async () => {
        const shows = await parts.api.broadcasts({ roomId: id, limit: 50 })
        const known = currentShow(shows) ?? (another ? null : keepEnded(shows))
        await take(known ?? (await parts.api.createBroadcast({ title, roomId: id })))
      })
      if (!outcome.ok && room?.id === id) set({ status: 'failed', problem: outcome.problem })
    }
    /* The show that has just ended stays on the page until somebody asks for another. */
    const keepEnded = ({ items }: BroadcastList) => items.find(({ id }) => id === get().show?.id) ?? null

    async function measure(): Promise<void> {
      const { show } = get()
      if (show === null || !isRunning(show)) return set({ behind: null })
      const outcome = await attempt(() => parts.api.broadcastStatistics(show.id))
      set({ behind: outcome.ok ? delayOf(outcome.value as Record<string, unknown>) : null })
    }

    const running = (): Recording | undefined => get().recordings.find(({ state }) => state === 'recording')

    return {
      ...nothing,

      async open(place) {
        if (room?.id === place.id) return
        get().close()
        room = place
        set({ ...nothing, status: 'loading' })
        stopListening = listen(receive)
        timer = setInterval(() => void measure(), statisticsEvery)
        await load(place)
      },

      close() {
        stopListening()
        clearInterval(timer)
        room = null
        changes = null
        brand = null
        set(nothing)
      },

      async another() {
        if (room !== null) await load(room, true)
      },

      describe: (change) => quietly(withShow((id) => parts.api.updateBroadcast(id, change), (show) => set({ show }))),
      start: (options) => quietly(withShow((id) => parts.api.startBroadcast(id, options), (show) => set({ show }))),
      end: () => quietly(withShow((id) => parts.api.endBroadcast(id), (show) => set({ show }))),

      async change(patch) {
        return changes === null ? noShow : changes.change(patch)
      },
      async undo() {
        return changes === null ? noShow : changes.undo()
      },
      async saveScene(name, scene = changes?.current ?? undefined) {
        if (scene === undefined) return noShow
        const save = (id: string) => parts.api.saveScene(id, { name, scene: patchOf(scene) })
        return quietly(withShow(save, (saved) => set({ saved: put(get().saved, saved) })))
      },
      removeScene: (scene) =>
        quietly(withShow((id) => parts.api.deleteScene(id, scene), () => set({ saved: without(get().saved, scene) }))),

      addBanner(banner) {
        const added = { ...banner, id: crypto.randomUUID() }
        keep((kept) => ({ ...kept, banners: put(kept.banners, added) }))
      },
      changeBanner: (banner) => keep((kept) => ({ ...kept, banners: put(kept.banners, banner) })),
      removeBanner: (id) => takeOut('banners', id),

      async upload(file, use) {
        set({ uploading: { use, progress: 0 } })
        const progress = (done: number) => set({ uploading: { use, progress: done } })
        const outcome = await attempt(async () => uploadPicture(parts.api.server, await parts.api.accessToken(), file, progress))
        set({ uploading: null })
        if (!outcome.ok) return outcome
        const { id } = outcome.value
        const picture = { id, url: pictureAddress(parts.api.server, id, 320), use }
        keep((kept) => ({ ...kept, pictures: put(kept.pictures, { id, use }) }))
        return { ok: true, value: picture }
      },
      removePicture: (id) => takeOut('pictures', id),

      addDestination: (destination) =>
        withShow(
          (id) => parts.api.addDestination(id, destination),
          (added) => set({ destinations: put(get().destinations, added) }),
        ),
      changeDestination: (destination, change) =>
        quietly(
          withShow(
            (id) => parts.api.updateDestination(id, destination, change),
            (changed) => set({ destinations: put(get().destinations, changed) }),
          ),
        ),
      async retryDestination(id) {
        const off = await get().changeDestination(id, { enabled: false })
        return off.ok ? get().changeDestination(id, { enabled: true }) : off
      },
      removeDestination: (destination) =>
        quietly(
          withShow(
            (id) => parts.api.removeDestination(id, destination),
            () => set({ destinations: without(get().destinations, destination) }),
          ),
        ),
      testDestination: (destination) => withShow((id) => parts.api.testDestination(id, destination), () => {}),

      startRecording: (tracks) =>
        quietly(
          withShow(
            (id) => parts.api.startRecording(id, { tracks }),
            (recording) => set({ recordings: put(get().recordings, recording) }),
          ),
        ),
      async stopRecording() {
        const recording = running()
        if (recording === undefined) return done
        const outcome = await attempt(() => parts.api.stopRecording(recording.id))
        if (!outcome.ok) return outcome
        set({ recordings: put(get().recordings, outcome.value) })
        return done
      },
    }
  })
}

export const useStudio = createStudio(services, listenToRoom)

/** For changes that nobody waits for. */
export async function changeScene(patch: Parameters<StudioState['change']>[0]): Promise<void> {
  const outcome = await useStudio.getState().change(patch)
  if (!outcome.ok) tellProblem(outcome.problem)
}
