/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which devices there are and which were chosen. Choosing one acts at once, wherever its track goes. */
import { create } from 'zustand'
import { listDevices, onDevicesChanged, whatThisBrowserCan } from '../media/devices'
import { audioContext } from '../media/level'
import { notify } from './notices'
import { problemFrom, tellProblem } from './outcome'
import { services, type Services } from './services'
import { readStored, writeStored } from './stored'
import type { Device, DevicesState } from './types'

const key = 'greenroom.devices'

interface DeviceParts extends Pick<Services, 'local' | 'storage'> {}

/** The name of a device that is there no more, if it was one in use. */
function lost(before: Device[], now: Device[], chosen: string): string | null {
  if (chosen === '' || now.some(({ id }) => id === chosen)) return null
  return before.find(({ id }) => id === chosen)?.label ?? null
}

export function createDevices(parts: () => DeviceParts) {
  const storage = () => parts().storage
  let watching = false

  const store = create<DevicesState>((set, get) => ({
    cameras: [],
    microphones: [],
    speakers: [],
    ...readStored(storage, key, { camera: '', microphone: '', speaker: '' }),
    cameraProblem: null,
    microphoneProblem: null,
    can:
      typeof document === 'undefined'
        ? { share: false, shareSound: false, chooseSpeaker: false }
        : whatThisBrowserCan(),

    async refresh() {
      watch()
      try {
        const before = get()
        const now = await listDevices()
        for (const [list, chosen] of [
          ['cameras', before.camera],
          ['microphones', before.microphone],
          ['speakers', before.speaker],
        ] as const) {
          const device = lost(before[list], now[list], chosen)
          if (device) notify({ tone: 'warn', key: 'device-lost', values: { device } })
        }
        set(now)
      } catch (thrown) {
        tellProblem(problemFrom(thrown))
      }
    },

    choose(kind, id) {
      set({ [kind]: id })
      const { camera, microphone, speaker } = get()
      writeStored(storage, key, { camera, microphone, speaker })
      if (kind !== 'speaker') void parts().local.choose(kind, id)
    },

    testSpeaker() {
      void playChime(get().speaker).catch((thrown: unknown) => tellProblem(problemFrom(thrown)))
    },
  }))

  /** Once, when the first page asks for devices. */
  function watch(): void {
    if (watching) return
    watching = true
    const { local } = parts()
    void local.choose('camera', store.getState().camera)
    void local.choose('microphone', store.getState().microphone)
    onDevicesChanged(() => void store.getState().refresh())
    local.subscribe((kind) => {
      const problem = local.problem(kind)
      store.setState(kind === 'camera' ? { cameraProblem: problem } : { microphoneProblem: problem })
      /* Labels appear with the first permission. */
      if (local.isOn(kind)) void store.getState().refresh()
    })
  }

  return store
}

/** Two soft notes through an element, since only elements choose their speaker everywhere. */
async function playChime(speaker: string): Promise<void> {
  const context = audioContext()
  const out = context.createMediaStreamDestination()
  const gain = context.createGain()
  gain.connect(out)
  gain.gain.setValueAtTime(0, context.currentTime)
  gain.gain.linearRampToValueAtTime(0.25, context.currentTime + 0.02)
  gain.gain.linearRampToValueAtTime(0, context.currentTime + 0.9)
  const tone = context.createOscillator()
  tone.frequency.setValueAtTime(523.25, context.currentTime)
  tone.frequency.setValueAtTime(659.25, context.currentTime + 0.35)
  tone.connect(gain)
  const element = new Audio()
  element.srcObject = out.stream
  if (speaker && 'setSinkId' in element) await element.setSinkId(speaker)
  tone.onended = () => {
    element.srcObject = null
    gain.disconnect()
  }
  tone.start()
  tone.stop(context.currentTime + 1)
  await element.play()
}

export const useDevices = createDevices(() => services)
