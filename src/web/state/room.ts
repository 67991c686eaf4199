/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The room a person is in, or on the way to. One visit at a time; a host's actions go over HTTP and come back to
   everyone as messages. */
import { create } from 'zustand'
import type { ParticipantUpdate, ServerMessage } from '../protocol/contract'
import { notify } from './notices'
import { attempt, done, tellProblem } from './outcome'
import { services, type Services } from './services'
import { enterAsGuest } from './session'
import { captureScreen, Share } from './share'
import { tellListeners } from './room-news'
import { readStored, writeStored } from './stored'
import type { Outcome, RoomState, ShareChoice } from './types'
import { Visit } from './visit'

const sharesKey = 'greenroom.shares'
const sharesKept = 20

const nobody = {
  phase: 'idle',
  problem: null,
  room: null,
  joinedAt: null,
  path: 'direct',
  participants: [],
  waiting: [],
  microphone: false,
  camera: false,
  hand: false,
  sharing: null,
  rememberedShare: null,
  uplinkMbit: null,
  messages: [],
  hasOlderMessages: false,
  unread: 0,
  unmuteAsked: null,
  stats: null,
  serverTracks: [],
  show: null,
  programme: null,
} satisfies Partial<RoomState>

const notInside: Outcome<never> = { ok: false, problem: { code: 'unavailable', message: 'You are not in a room.' } }

export function createRoom(
  parts: Services,
  identify: (name: string) => Promise<Outcome>,
  heard: (message: ServerMessage) => void = () => {},
) {
  let visit: Visit | null = null
  let lastPending = 0

  /** In which room, by its address, which preset was chosen; the last twenty. */
  const storage = () => parts.storage
  const shares = () => readStored<Record<string, ShareChoice>>(storage, sharesKey, {})
  function rememberShare(slug: string, choice: ShareChoice | null): void {
    const { [slug]: _, ...others } = shares()
    const entries = Object.entries(choice ? { ...others, [slug]: choice } : others)
    writeStored(storage, sharesKey, Object.fromEntries(entries.slice(-sharesKept)))
  }

  return create<RoomState>((set, get) => {
    const room = () => visit?.model?.room.id ?? null

    async function moderate(act: (room: string) => Promise<unknown>): Promise<Outcome> {
      const id = room()
      if (id === null) return notInside
      const outcome = await attempt(() => act(id))
      return outcome.ok ? done : outcome
    }
    const update = (participant: string, change: ParticipantUpdate) =>
      moderate((id) => parts.api.updateParticipant(id, participant, change))

    /** All of them, at once; the first failure is the answer. */
    async function each(ids: string[], act: (id: string) => Promise<Outcome>): Promise<Outcome> {
      const outcomes = await Promise.all(ids.map(act))
      return outcomes.find(({ ok }) => !ok) ?? done
    }

    return {
      ...nobody,

      async join(entry) {
        if (['connecting', 'waiting', 'joined', 'reconnecting'].includes(get().phase)) return
        set({ ...nobody, phase: 'connecting', rememberedShare: shares()[entry.slug] ?? null })
        const mine = new Visit(parts, { get, set: (patch) => visit === mine && set(patch), heard }, entry)
        visit = mine
        const identity = await identify(entry.name)
        if (visit !== mine) return
        if (!identity.ok) {
          mine.leave()
          visit = null
          return set({ phase: 'error', problem: identity.problem })
        }
        mine.start()
      },

      leave() {
        visit?.leave()
      },

      reset() {
        visit?.leave()
        visit = null
        set(nobody)
      },

      setMicrophone: async (on) => visit?.setDevice('microphone', on),
      setCamera: async (on) => visit?.setDevice('camera', on),
      setHand: (up) => visit?.setHand(up),

      async startShare(choice, remember) {
        const current = visit
        if (current === null) return notInside
        const outcome = await attempt(() => captureScreen(choice, (options) => parts.getDisplayMedia(options)))
        if (!outcome.ok) return outcome
        const stream = outcome.value
        if (stream === null) return { ok: true, value: false }
        if (visit !== current || get().phase === 'left') {
          for (const track of stream.getTracks()) track.stop()
          return notInside
        }
        const share: Share = new Share(stream, choice, () => {
          if (visit?.share !== share) return
          visit.stopShare()
          notify({ tone: 'info', key: 'share-ended' })
        })
        current.startShare(share)
        const slug = current.model?.room.slug
        if (slug) rememberShare(slug, remember ? choice : null)
        set({ rememberedShare: remember ? choice : null })
        return { ok: true, value: true }
      },

      stopShare: () => visit?.stopShare(),
      setVolume: (id, volume) => visit?.setVolume(id, volume),
      showPictures: (pictures) => visit?.showPictures(pictures),

      async send(text) {
        if (text.trim() !== '') visit?.send(text.trim(), `pending-${++lastPending}`)
      },

      async sendAgain(id) {
        const line = get().messages.find((message) => message.id === id && message.delivery === 'failed')
        if (line) visit?.send(line.text, id)
      },

      removeMessage: (message) => moderate((id) => parts.api.deleteMessage(id, message)),

      async loadOlderMessages() {
        const outcome = await attempt(async () => visit?.loadOlder())
        if (!outcome.ok) tellProblem(outcome.problem)
      },

      lookAtChat: (looking) => visit?.lookAtChat(looking),
      lookAtStats: (looking) => visit?.lookAtStats(looking),

      admit: (id) => update(id, { admit: true }),
      deny: (participant) => moderate((id) => parts.api.removeParticipant(id, participant)),
      admitAll: () =>
        each(
          get().waiting.map(({ id }) => id),
          (id) => update(id, { admit: true }),
        ),
      mute: (id) => update(id, { mute: ['audio'] }),
      muteAll: () =>
        each(
          get()
            .participants.filter(({ me, audio }) => !me && audio)
            .map(({ id }) => id),
          (id) => update(id, { mute: ['audio'] }),
        ),
      askToUnmute: (id) => update(id, { askUnmute: ['audio'] }),
      answerUnmute: async (accept) => visit?.answerUnmute(accept),

      async putOnStage(id, on) {
        /* Anybody may step down by themselves; the rest is a host's. */
        if (!on && id === visit?.model?.me) {
          visit.stepDown()
          return done
        }
        return update(id, { stage: on ? 'stage' : 'backstage' })
      },

      levelOf: (id) => visit?.levelOf(id) ?? 0,
      setGain: (id, gain) => update(id, { gain }),
      setRole: (id, role) => update(id, { role }),
      lowerHand: (id) => update(id, { lowerHand: true }),
      kick: (participant) => moderate((id) => parts.api.removeParticipant(id, participant)),
      ban: (participant) => moderate((id) => parts.api.removeParticipant(id, participant, true)),
      setLocked: (locked) => moderate((id) => parts.api.updateRoom(id, { locked })),
      setP2pMax: (p2pMax) => moderate((id) => parts.api.updateRoom(id, { p2pMax })),
      closeRoom: () => moderate((id) => parts.api.deleteRoom(id)),

      async createInvite(hours) {
        const id = room()
        if (id === null) return notInside
        const outcome = await attempt(() => parts.api.createInvite(id, { expiresIn: Math.round(hours * 3600) }))
        if (!outcome.ok) return outcome
        const { code, url, expiresAt } = outcome.value
        visit?.setCode(code)
        return { ok: true, value: { code, url, expiresAt } }
      },
    }
  })
}

export const useRoom = createRoom(services, enterAsGuest, tellListeners)
