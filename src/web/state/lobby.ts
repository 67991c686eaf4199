/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Before the room: what it is, whether there is a way in, and how one will look and sound. */
import { create } from 'zustand'
import { formatOf } from '../media/devices'
import { meterOf } from '../media/level'
import { attempt, problemFrom, tellProblem } from './outcome'
import { summaryOf } from './rooms'
import { services, type Services } from './services'
import { useSession } from './session'
import { readStored, writeStored } from './stored'
import type { LobbyState, LobbyStatus, Problem, RoomSummary, User } from './types'

const key = 'greenroom.lobby'
const levelEvery = 50

const statusOfCode: Record<string, LobbyStatus> = {
  not_found: 'not-found',
  invalid_input: 'not-found',
  invite_required: 'invite-needed',
  forbidden: 'invite-needed',
  invite_expired: 'invite-expired',
  banned: 'banned',
  room_full: 'full',
  room_locked: 'locked',
  unauthenticated: 'account-needed',
}

/** What stands in the way of this person, as far as the room's own words tell. The server decides again at the door. */
export function statusFor(room: RoomSummary | null, problem: Problem | null, user: User | null): LobbyStatus {
  if (problem) return statusOfCode[problem.code] ?? 'unreachable'
  if (room === null) return 'loading'
  if (room.mine) return 'ready'
  if (room.locked) return 'locked'
  if (!room.guests && (user === null || user.guest)) return 'account-needed'
  return room.inside >= room.capacity ? 'full' : 'ready'
}

export function createLobby(parts: Services, user: () => User | null) {
  let timer: ReturnType<typeof setInterval> | undefined
  let unsubscribe: (() => void) | undefined
  let asked = 0

  return create<LobbyState>((set, get) => {
    function showPreview(): void {
      const track = parts.local.track('camera')
      const shown = get().preview?.getVideoTracks()[0] ?? null
      if (shown !== track) set({ preview: track && parts.newStream([track]) })
      set({ previewFormat: track && formatOf(track.getSettings()) })
    }

    async function openDevices(): Promise<void> {
      /* One after the other: two questions at once are asked badly by every browser. */
      if (get().microphone) await get().setMicrophone(true)
      if (get().camera) await get().setCamera(true)
    }

    const remember = () => {
      const { microphone, camera } = get()
      writeStored(() => parts.storage, key, { microphone, camera })
    }

    return {
      status: 'loading',
      room: null,
      invite: null,
      preview: null,
      previewFormat: null,
      level: 0,
      microphone: true,
      camera: true,

      async open(slug, invite) {
        const question = ++asked
        set({
          status: 'loading',
          room: null,
          invite,
          ...readStored(() => parts.storage, key, { microphone: true, camera: true }),
        })
        parts.local.hold('lobby')
        unsubscribe ??= parts.local.subscribe((kind) => kind === 'camera' && showPreview())
        timer ??= setInterval(() => {
          const level = get().microphone ? meterOf(parts.local.level()) : 0
          if (level !== get().level) set({ level })
        }, levelEvery)

        /* The browser's question for permission may stand for minutes; the room is shown meanwhile. */
        const devices = openDevices()
        const outcome = await attempt(() => parts.api.room(slug, invite))
        if (question !== asked) return
        const room = outcome.ok ? summaryOf(outcome.value) : null
        const problem = outcome.ok ? null : outcome.problem
        const status = statusFor(room, problem, user())
        set({ room, status })
        if (status === 'unreachable' && problem) tellProblem(problem)
        await devices
      },

      close() {
        asked++
        clearInterval(timer)
        timer = undefined
        unsubscribe?.()
        unsubscribe = undefined
        parts.local.release('lobby')
        set({ preview: null, previewFormat: null, level: 0 })
      },

      async setMicrophone(on) {
        set({ microphone: on })
        const problem = await parts.local.turn('microphone', on)
        if (problem) set({ microphone: false })
        else remember()
      },

      async setCamera(on) {
        set({ camera: on })
        try {
          const problem = await parts.local.turn('camera', on)
          if (problem) set({ camera: false })
          else remember()
          showPreview()
        } catch (thrown) {
          tellProblem(problemFrom(thrown))
        }
      },
    }
  })
}

export const useLobby = createLobby(services, () => useSession.getState().user)
