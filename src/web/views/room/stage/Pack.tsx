/* SPDX-License-Identifier: LGPL-2.1-or-later */
import type { CSSProperties } from 'react'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useRoomUi } from '../ui'
import { useBox, usePhone, useShowing, useTravel } from './hooks'
import type { StageItem } from './items'
import { Tile } from './Tile'
import { chooseGrid, phoneRules, seat, wideRules } from './tiling'

interface PackProps {
  items: StageItem[]
  heard: ReadonlyMap<string, number>
  /** A last tile of another kind, while there is room. */
  invitation?: React.ReactNode
}

/** Everybody the same size, as large as the window allows. */
export function Pack({ items, heard, invitation }: PackProps) {
  const frame = useRef<HTMLDivElement>(null)
  const columns = useRef(0)
  const seated = useRef<string[]>([])
  const box = useBox(frame)
  const phone = usePhone()

  const count = items.length + (invitation ? 1 : 0)
  const grid = chooseGrid(box, count, phone ? phoneRules : wideRules, columns.current)
  columns.current = box.width > 0 ? grid.columns : 0

  const crowded = grid.tiles < count
  const places = crowded ? Math.max(1, grid.tiles - 1) : grid.tiles
  seated.current = seat(seated.current, sitters(items, heard), places)
  const shown = seated.current.map((key) => items.find((item) => item.key === key)!)
  useShowing(shown)
  useTravel(frame, `${seated.current.join()} ${grid.columns} ${box.width} ${box.height}`)

  return (
    <div className="pack" ref={frame}>
      <div style={{ '--cols': grid.columns, '--rows': grid.rows } as CSSProperties}>
        {shown.map((item) => (
          <Tile key={item.key} item={item} />
        ))}
        {!crowded && invitation}
        {crowded && <MoreTile count={count - shown.length} />}
      </div>
    </div>
  )
}

/* One's own tile and screens never have to make room for a speaker. */
export function sitters(items: readonly StageItem[], heard: ReadonlyMap<string, number>) {
  return items.map(({ key, kind, participant }) => ({
    id: key,
    lastHeard: participant.me || kind === 'screen' ? Infinity : (heard.get(participant.id) ?? 0),
  }))
}

export function MoreTile({ count }: { count: number }) {
  const { t } = useTranslation()
  const togglePanel = useRoomUi((state) => state.togglePanel)
  return (
    <button
      type="button"
      className="tile off more"
      aria-label={t('more-people', { count })}
      onClick={() => togglePanel('people')}
    >
      <b className="num">+{count}</b>
    </button>
  )
}
