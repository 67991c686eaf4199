/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The keyboard map of a room, apart from the page so that it can be tested and listed. */

export type RoomAction =
  | 'mute'
  | 'camera'
  | 'share'
  | 'hand'
  | 'chat'
  | 'people'
  | 'stats'
  | 'layout'
  | 'full'
  | 'shortcuts'
  | 'region'
  | `pin-${number}`

interface Stroke {
  key: string
  ctrlKey: boolean
  metaKey: boolean
  altKey: boolean
}

const letters: Record<string, RoomAction> = {
  m: 'mute',
  v: 'camera',
  s: 'share',
  h: 'hand',
  c: 'chat',
  p: 'people',
  i: 'stats',
  l: 'layout',
  f: 'full',
}

/* A Cyrillic layout gives other letters for the same keys; `code` names the key itself. */
export function roomAction(stroke: Stroke & { code: string }, letterKeys: boolean): RoomAction | null {
  if (stroke.ctrlKey || stroke.metaKey || stroke.altKey) return null
  if (stroke.key === 'F6') return 'region'
  if (stroke.key === '?') return 'shortcuts'
  if (!letterKeys) return null
  const digit = /^Digit([1-9])$/.exec(stroke.code)
  if (digit) return `pin-${Number(digit[1])}`
  const letter = /^Key([A-Z])$/.exec(stroke.code)?.[1]?.toLowerCase() ?? stroke.key.toLowerCase()
  return letters[letter] ?? null
}

/** Single letters rest while somebody types or a dialog or menu is open. */
export function typing(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('input, textarea, select, dialog, [role=menu]') !== null
}

/** A row of the shortcut list; the words are `shortcut.<name>` in the locales. */
export interface ShortcutRow {
  name: string
  keys: string[]
  letter: boolean
}

export const shortcutRows: ShortcutRow[] = [
  { name: 'mute', keys: ['M'], letter: true },
  { name: 'talk', keys: ['Space'], letter: false },
  { name: 'camera', keys: ['V'], letter: true },
  { name: 'share', keys: ['S'], letter: true },
  { name: 'hand', keys: ['H'], letter: true },
  { name: 'panels', keys: ['C', 'P', 'I'], letter: true },
  { name: 'layout', keys: ['L'], letter: true },
  { name: 'pin', keys: ['1 – 9'], letter: true },
  { name: 'full', keys: ['F'], letter: true },
  { name: 'region', keys: ['F6'], letter: false },
  { name: 'close', keys: ['Esc'], letter: false },
  { name: 'all', keys: ['?'], letter: false },
]
