/* SPDX-License-Identifier: LGPL-2.1-or-later */
import { describe, expect, test } from 'vitest'
import { chooseGrid, phoneRules, seat, wideRules } from './tiling'

const stage = { width: 1072, height: 762 }
const phone = { width: 374, height: 690 }

describe('the grid', () => {
  test.each([
    [1, 1, 1],
    [2, 1, 2],
    [3, 2, 2],
    [4, 2, 2],
    [6, 2, 3],
    [9, 3, 3],
    [15, 4, 4],
  ])('%i people on a desktop stage sit in %i columns and %i rows', (count, columns, rows) => {
    expect(chooseGrid(stage, count, wideRules)).toMatchObject({ columns, rows, tiles: count })
  })

  test('six people on an upright phone sit in two columns of three', () => {
    expect(chooseGrid(phone, 6, phoneRules)).toMatchObject({ columns: 2, rows: 3 })
  })

  test('a flat strip puts everybody side by side', () => {
    expect(chooseGrid({ width: 1400, height: 160 }, 5, wideRules)).toMatchObject({ columns: 5, rows: 1 })
  })

  test('columns change only for a gain of eight percent', () => {
    const wide = { width: 1000, height: 1000 }
    const fresh = chooseGrid(wide, 2, wideRules)
    const kept = chooseGrid({ width: 1090, height: 1000 }, 2, wideRules, fresh.columns)
    expect(kept.columns).toBe(fresh.columns)
    expect(chooseGrid({ width: 2600, height: 700 }, 2, wideRules, 1).columns).toBe(2)
  })

  test('tiles too small to see a face become "+N"', () => {
    const grid = chooseGrid({ width: 600, height: 400 }, 100, wideRules)
    expect(grid.tiles).toBeLessThan(100)
    expect(grid.tileWidth).toBeGreaterThanOrEqual(wideRules.leastWidth)
  })

  test('no size at all is still one tile', () => {
    expect(chooseGrid({ width: 0, height: 0 }, 7, wideRules)).toMatchObject({ columns: 1, rows: 1, tiles: 1 })
  })
})

describe('the seats', () => {
  const people = (...heard: [string, number][]) => heard.map(([id, lastHeard]) => ({ id, lastHeard }))

  test('there is a seat for everyone', () => {
    expect(seat([], people(['a', 1], ['b', 2]), 4)).toEqual(['a', 'b'])
  })

  test('a newcomer replaces the longest silent and nobody else moves', () => {
    expect(seat(['a', 'b', 'c'], people(['a', 5], ['b', 1], ['c', 3], ['d', 9]), 3)).toEqual(['a', 'd', 'c'])
  })

  test('whoever is silent too does not push anybody away', () => {
    expect(seat(['a', 'b'], people(['a', 5], ['b', 4], ['c', 1]), 2)).toEqual(['a', 'b'])
  })

  test('who leaves makes room for who waits', () => {
    expect(seat(['a', 'b'], people(['b', 4], ['c', 1]), 2)).toEqual(['b', 'c'])
  })

  test('when the window shrinks the longest silent go first', () => {
    expect(seat(['a', 'b', 'c'], people(['a', 1], ['b', 9], ['c', 3]), 1)).toEqual(['b'])
  })
})
