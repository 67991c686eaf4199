/* SPDX-License-Identifier: LGPL-2.1-or-later */
import { expect, test } from 'vitest'
import type { SceneLayout } from '../../state/types'
import { sceneBoxes } from './boxes'

const faces = (count: number) => Array.from({ length: count }, () => ({ screen: false }))
const layouts: SceneLayout[] = ['grid', 'spotlight', 'sidebar', 'solo', 'screen', 'pip']

test('whatever is shown lies inside the picture', () => {
  for (const layout of layouts)
    for (let count = 1; count <= 16; count++)
      for (const box of sceneBoxes(layout, faces(count))) {
        if (box === null) continue
        expect(box.left, `${layout} ${count}`).toBeGreaterThanOrEqual(-0.01)
        expect(box.top, `${layout} ${count}`).toBeGreaterThanOrEqual(-0.01)
        expect(box.left + box.width, `${layout} ${count}`).toBeLessThanOrEqual(100.01)
        expect(box.top + box.height, `${layout} ${count}`).toBeLessThanOrEqual(100.01)
      }
})

test('in the screen layout the screen is the large one, wherever it stands', () => {
  const boxes = sceneBoxes('screen', [{ screen: false }, { screen: true }, { screen: false }])
  expect(boxes[1]!.width).toBeGreaterThan(70)
  expect(boxes[0]!.width).toBeLessThan(30)
})

test('solo shows one', () => {
  expect(sceneBoxes('solo', faces(3)).map((box) => box !== null)).toEqual([true, false, false])
})
