/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How many columns of tiles, how many tiles at all, and who sits where. Pure: sizes in CSS pixels come in, counts and
   orders go out; CSS container units do the rest. */

export interface Box {
  width: number
  height: number
}

export interface Grid {
  columns: number
  rows: number
  /** Tiles that fit at a useful size. When fewer than asked for, the last one says "+N". */
  tiles: number
  tileWidth: number
}

interface Rules {
  gap: number
  /** Least width to height of a tile; an upright phone also takes 3:4. */
  leastRatio: number
  leastWidth: number
}

export const wideRules: Rules = { gap: 10, leastRatio: 1, leastWidth: 168 }
export const phoneRules: Rules = { gap: 8, leastRatio: 3 / 4, leastWidth: 112 }

const ideal = 16 / 9

/* A window dragged to and fro across a border must not make everybody jump. */
const worthMoving = 1.08

interface Candidate {
  columns: number
  rows: number
  width: number
  score: number
}

function candidate(box: Box, count: number, columns: number, rules: Rules): Candidate {
  const rows = Math.ceil(count / columns)
  const column = Math.max(0, (box.width - (columns - 1) * rules.gap) / columns)
  const row = Math.max(0, (box.height - (rows - 1) * rules.gap) / rows)
  const width = Math.min(column, row * ideal)
  const height = Math.min(row, width / rules.leastRatio)
  const score = height > 0 ? width * height * Math.sqrt(width / height / ideal) : 0
  return { columns, rows, width, score }
}

function best(box: Box, count: number, rules: Rules, now: number): Candidate {
  let winner = candidate(box, count, Math.min(Math.max(now, 1), count), rules)
  const bar = now >= 1 && now <= count ? worthMoving : 1
  const start = winner.score
  for (let columns = 1; columns <= count; columns++) {
    const other = candidate(box, count, columns, rules)
    if (other.score > winner.score && other.score >= start * bar) winner = other
  }
  return winner
}

/** `now` is the number of columns in use, 0 for none. */
export function chooseGrid(box: Box, count: number, rules: Rules, now = 0): Grid {
  for (let tiles = Math.max(1, count); ; tiles--) {
    const { columns, rows, width } = best(box, tiles, rules, now)
    if (tiles === 1 || width >= rules.leastWidth) return { columns, rows, tiles, tileWidth: width }
  }
}

export interface Sitter {
  id: string
  /** When they last spoke, or arrived; milliseconds. Infinity never has to make room. */
  lastHeard: number
}

/** Who is shown in `places` tiles, in order. Whoever is shown keeps their place; a newcomer, or somebody who speaks,
    takes the place of the longest silent. */
export function seat(before: readonly string[], people: readonly Sitter[], places: number): string[] {
  const heard = new Map(people.map(({ id, lastHeard }) => [id, lastHeard]))
  const shown = before.filter((id) => heard.has(id))

  while (shown.length > places) shown.splice(silentAt(shown, heard), 1)

  for (const { id, lastHeard } of people) {
    if (shown.includes(id)) continue
    if (shown.length < places) {
      shown.push(id)
      continue
    }
    const index = silentAt(shown, heard)
    const silent = shown[index]
    if (silent !== undefined && heard.get(silent)! < lastHeard) shown[index] = id
  }
  return shown
}

function silentAt(shown: readonly string[], heard: ReadonlyMap<string, number>): number {
  let index = 0
  shown.forEach((id, at) => {
    if (heard.get(id)! < heard.get(shown[index]!)!) index = at
  })
  return index
}
