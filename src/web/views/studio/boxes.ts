/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where the pictures of a scene lie, as src/media/program/layout.c has it, for the sketch before the show. Pure; in
   hundredths of a picture of 16 to 9. */
import type { SceneLayout } from '../../state/types'

export interface SceneBox {
  left: number
  top: number
  width: number
  height: number
}

interface Area {
  x: number
  y: number
  width: number
  height: number
}

const canvas = { width: 1280, height: 720 }
const gap = 24
const all: Area = { x: gap, y: gap, width: canvas.width - 2 * gap, height: canvas.height - 2 * gap }
const whole: Area = { x: 0, y: 0, ...canvas }
const widest = 16 / 9

/** As many columns as make the tiles largest, each row centred. */
function pack(area: Area, count: number): Area[] {
  if (count === 0) return []
  let best = { columns: 0, rows: 0, width: 0, height: 0 }
  for (let columns = 1; columns <= count; columns++) {
    const rows = Math.ceil(count / columns)
    const across = (area.width - gap * (columns - 1)) / columns
    const down = (area.height - gap * (rows - 1)) / rows
    const tile = { columns, rows, width: Math.min(across, down * widest), height: Math.min(down, across) }
    if (tile.width * tile.height > best.width * best.height) best = tile
  }
  const { columns, rows, width, height } = best
  const top = area.y + (area.height - rows * height - (rows - 1) * gap) / 2
  return Array.from({ length: count }, (_, index) => {
    const row = Math.floor(index / columns)
    const inRow = Math.min(columns, count - row * columns)
    const left = area.x + (area.width - inRow * width - (inRow - 1) * gap) / 2
    return { x: left + (index % columns) * (width + gap), y: top + row * (height + gap), width, height }
  })
}

function above(count: number, share: number): [Area, Area[]] {
  const height = count === 1 ? all.height : (all.height - gap) * share
  const width = Math.min(all.width, height * widest)
  const y = all.y + height + gap
  const rest = pack({ x: all.x, y, width: all.width, height: all.y + all.height - y }, count - 1)
  return [{ x: all.x + (all.width - width) / 2, y: all.y, width, height }, rest]
}

function beside(count: number, share: number): [Area, Area[]] {
  const width = count === 1 ? all.width : (all.width - gap) * share
  const height = Math.min(all.height, width)
  const x = all.x + width + gap
  const rest = pack({ x, y: all.y, width: all.x + all.width - x, height: all.height }, count - 1)
  return [{ x: all.x, y: all.y + (all.height - height) / 2, width, height }, rest]
}

/** From the lower right corner to the left, then upwards. */
function corner(count: number): Area[] {
  const columns = count <= 3 ? 3 : count <= 8 ? 4 : 5
  const width = Math.min(all.width * 0.26, (all.width - gap * (columns - 1)) / columns)
  const height = width / widest
  return Array.from({ length: count }, (_, index) => ({
    x: all.x + all.width - width - (index % columns) * (width + gap),
    y: all.y + all.height - height - Math.floor(index / columns) * (height + gap),
    width,
    height,
  }))
}

/** One box for each picture, null for those that this layout does not show. */
export function sceneBoxes(layout: SceneLayout, pictures: readonly { screen: boolean }[]): (SceneBox | null)[] {
  const count = pictures.length
  if (count === 0) return []
  const featured = layout === 'screen' ? Math.max(0, pictures.findIndex(({ screen }) => screen)) : 0
  const place = (main: Area, rest: readonly Area[]): (Area | null)[] => {
    const others = [...rest]
    return pictures.map((_, index) => (index === featured ? main : (others.shift() ?? null)))
  }
  const areas: Record<SceneLayout, () => (Area | null)[]> = {
    grid: () => pack(all, count),
    spotlight: () => place(...above(count, count > 9 ? 0.62 : 0.72)),
    sidebar: () => place(...beside(count, 0.68)),
    solo: () => place(whole, []),
    screen: () => place(...beside(count, 0.76)),
    pip: () => place(whole, corner(count - 1)),
  }
  return areas[layout]().map(
    (area) =>
      area && {
        left: (area.x / canvas.width) * 100,
        top: (area.y / canvas.height) * 100,
        width: (area.width / canvas.width) * 100,
        height: (area.height / canvas.height) * 100,
      },
  )
}
