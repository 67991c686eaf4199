/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the studio's keys do beyond the room's, apart from the page so that it can be tested. */
import type { SceneLayout } from '../../state/types'
import { type ShortcutRow, shortcutRows } from '../room/keys'

export const layouts: readonly SceneLayout[] = ['grid', 'spotlight', 'sidebar', 'solo', 'screen', 'pip']

export type StudioAction = { kind: 'layout'; layout: SceneLayout } | { kind: 'banner' } | { kind: 'undo' }

interface Stroke {
  code: string
  ctrlKey: boolean
  metaKey: boolean
  altKey: boolean
  shiftKey: boolean
}

/** `null` is for others; `rest` is a key that means something in a room and nothing here. */
export function studioAction(stroke: Stroke, letterKeys: boolean): StudioAction | 'rest' | null {
  const command = stroke.ctrlKey || stroke.metaKey
  if (command && !stroke.altKey && !stroke.shiftKey && stroke.code === 'KeyZ') return { kind: 'undo' }
  if (command || stroke.altKey || !letterKeys) return null
  const digit = /^Digit([1-9])$/.exec(stroke.code)?.[1]
  if (digit !== undefined) {
    const layout = layouts[Number(digit) - 1]
    return layout === undefined ? 'rest' : { kind: 'layout', layout }
  }
  if (stroke.code === 'KeyB') return { kind: 'banner' }
  /* Chat is always there, tiles are not the room's, and the layout has keys of its own. */
  return ['KeyC', 'KeyL', 'KeyH'].includes(stroke.code) ? 'rest' : null
}

const resting = ['layout', 'pin', 'hand', 'panels']

/** The list of the keys, with those of the room that mean something here. */
export const studioRows: ShortcutRow[] = [
  { name: 'scene', keys: [`1 – ${layouts.length}`], letter: true },
  { name: 'banner', keys: ['B'], letter: true },
  { name: 'undo', keys: ['Ctrl Z'], letter: false },
  ...shortcutRows.filter(({ name }) => !resting.includes(name)),
]
