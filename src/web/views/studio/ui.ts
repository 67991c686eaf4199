/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is open on the studio page, and what the next show will be recorded as; nobody else's business. */
import { create } from 'zustand'

export type BrandTab = 'brand' | 'scenes' | 'recordings'
export type StudioDialog =
  | { kind: 'destination'; id: string | null; field?: 'rtmpUrl' | 'streamKey' }
  | { kind: 'remove-destination'; id: string; name: string }
  | { kind: 'banner'; id: string | null }
  | { kind: 'save-scene' }
  | { kind: 'show' }
  | { kind: 'end' }
  | { kind: 'play'; recording: string }
  | { kind: 'remove-recording'; recording: string }

interface StudioUi {
  tab: BrandTab
  /** Where the window is too narrow for the brand panel, it is a drawer. */
  drawer: boolean
  dialog: StudioDialog | null
  record: boolean
  tracks: boolean
  /** Seconds to go, or null. */
  countdown: number | null
  change(patch: Partial<Omit<StudioUi, 'change' | 'reset'>>): void
  open(dialog: StudioDialog): void
  close(): void
  reset(): void
}

const closed = { tab: 'brand', drawer: false, dialog: null, countdown: null } as const

export const useStudioUi = create<StudioUi>((set) => ({
  ...closed,
  record: true,
  tracks: false,
  change: (patch) => set(patch),
  open: (dialog) => set({ dialog }),
  close: () => set({ dialog: null }),
  reset: () => set(closed),
}))
