/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is open on the room page; nobody else's business. */
import { create } from 'zustand'

export type Panel = 'chat' | 'people' | 'stats'
export type Layout = 'grid' | 'speaker' | 'sidebar'
export type RoomDialog =
  | { kind: 'share' }
  | { kind: 'invite' }
  | { kind: 'shortcuts' }
  | { kind: 'devices' }
  | { kind: 'room-settings' }
  | { kind: 'close-room' }
  | { kind: 'remove'; id: string; name: string; ban: boolean }

interface RoomUi {
  panel: Panel | null
  layout: Layout
  /** A participant's id, or `screen:` and a participant's id. */
  pinned: string | null
  /** The programme is looked at beside the room. Who came to watch sees it in any case. */
  watching: boolean
  dialog: RoomDialog | null

  togglePanel(panel: Panel): void
  closePanel(): void
  nextLayout(): void
  setLayout(layout: Layout): void
  pin(key: string): void
  watch(watching: boolean): void
  open(dialog: RoomDialog): void
  close(): void
  reset(): void
}

const layouts: Layout[] = ['grid', 'speaker', 'sidebar']

/* Where the panel floats over the stage, it opens only when asked. */
const firstPanel = (): Panel | null => (matchMedia('(min-width: 1101px)').matches ? 'chat' : null)

export const useRoomUi = create<RoomUi>((set, get) => ({
  panel: firstPanel(),
  layout: 'grid',
  pinned: null,
  watching: false,
  dialog: null,

  togglePanel: (panel) => set({ panel: get().panel === panel ? null : panel }),
  closePanel: () => set({ panel: null }),
  nextLayout: () => set({ layout: layouts[(layouts.indexOf(get().layout) + 1) % layouts.length] }),
  setLayout: (layout) => set({ layout }),
  pin: (key) => set({ pinned: get().pinned === key ? null : key }),
  watch: (watching) => set({ watching }),
  open: (dialog) => set({ dialog }),
  close: () => set({ dialog: null }),
  reset: () => set({ panel: firstPanel(), layout: 'grid', pinned: null, watching: false, dialog: null }),
}))
