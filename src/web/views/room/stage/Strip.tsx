/* SPDX-License-Identifier: LGPL-2.1-or-later */
import { useRef } from 'react'
import { useBox, usePhone, useShowing } from './hooks'
import type { StageItem } from './items'
import { MoreTile, sitters } from './Pack'
import { Tile } from './Tile'
import { seat } from './tiling'

interface StripProps {
  /** What it is beside; null is what is nobody's. */
  large: StageItem | null
  items: StageItem[]
  heard: ReadonlyMap<string, number>
  /** Beside the large picture instead of below. */
  upright: boolean
}

const tile = { width: 199, height: 112, gap: 10, least: 140 }

/** The others, small, beside or below what is large; on phones a grid of two columns. */
export function Strip({ large, items, heard, upright }: StripProps) {
  const frame = useRef<HTMLDivElement>(null)
  const seated = useRef<string[]>([])
  const box = useBox(frame)
  const phone = usePhone()

  const fits = phone
    ? 6
    : upright
      ? Math.floor((box.height + tile.gap) / (tile.height + tile.gap))
      : Math.floor((box.width + tile.gap) / (tile.least + tile.gap))
  const crowded = items.length > Math.max(1, fits)
  const places = crowded ? Math.max(1, fits - 1) : items.length
  seated.current = seat(seated.current, sitters(items, heard), places)
  const shown = seated.current.map((key) => items.find((item) => item.key === key)!)
  useShowing(large ? [large, ...shown] : shown)
  const cells = shown.length + (crowded ? 1 : 0)

  return (
    <div
      ref={frame}
      className={upright ? 'strip upright' : 'strip'}
      style={phone || upright ? undefined : { gridTemplateColumns: `repeat(${cells}, minmax(0, ${tile.width}px))` }}
    >
      {shown.map((item) => (
        <Tile key={item.key} item={item} />
      ))}
      {crowded && <MoreTile count={items.length - shown.length} />}
    </div>
  )
}
