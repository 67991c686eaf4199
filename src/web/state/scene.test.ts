/* SPDX-License-Identifier: LGPL-2.1-or-later */
import { expect, test } from 'vitest'
import { plainScene } from './plain-scene'
import { applyPatch, arrange, inverseOf, moveTo, withFit, withoutSource } from './scene'
import type { ParticipantView } from './types'

const person = (id: string, patch: Partial<ParticipantView> = {}) =>
  ({ id, role: 'guest', stage: 'stage', screen: false, ...patch }) as ParticipantView

test('a patch changes what it names and null takes away', () => {
  const shown = applyPatch(plainScene, { layout: 'pip', banner: { title: 'Hello', subtitle: '' }, transition: { kind: 'move' } })
  expect(shown).toEqual({
    ...plainScene,
    layout: 'pip',
    banner: { title: 'Hello', subtitle: '' },
    transition: { kind: 'move', ms: 400 },
  })
  expect(applyPatch(shown, { banner: null }).banner).toBeNull()
})

test('the inverse of a patch puts back what was, and leaves the rest to others', () => {
  const patch = { layout: 'solo' as const, ticker: 'News' }
  const inverse = inverseOf(plainScene, patch)
  expect(inverse).toEqual({ layout: 'grid', ticker: null })
  const changedByAnother = { ...applyPatch(plainScene, patch), nameTags: false }
  expect(applyPatch(changedByAnother, inverse)).toEqual({ ...plainScene, nameTags: false })
})

test('without an order everybody on stage is seen, screens first', () => {
  const people = [person('a'), person('b', { screen: true }), person('c', { stage: 'backstage' }), person('d', { role: 'viewer' })]
  expect(arrange([], people).map(({ participantId, kind, seen }) => `${participantId} ${kind} ${seen}`)).toEqual([
    'b screen true',
    'a camera true',
    'b camera true',
  ])
})

test('with an order the others on stage are there, unseen', () => {
  const all = arrange([{ participantId: 'b', kind: 'camera' }, { participantId: 'gone', kind: 'camera' }], [person('a'), person('b')])
  expect(all.map(({ participantId, seen }) => `${participantId} ${seen}`)).toEqual(['b true', 'a false'])
})

test('what is moved takes its place, and is seen', () => {
  const all = arrange([{ participantId: 'b', kind: 'camera', fit: 'fit' }], [person('a'), person('b')])
  expect(moveTo(all, { participantId: 'a', kind: 'camera' }, 0)).toEqual([
    { participantId: 'a', kind: 'camera' },
    { participantId: 'b', kind: 'camera', fit: 'fit' },
  ])
  expect(withoutSource(all, { participantId: 'b', kind: 'camera' })).toEqual([])
  expect(withFit(all, { participantId: 'b', kind: 'camera' }, 'crop')).toEqual([
    { participantId: 'b', kind: 'camera', fit: 'crop' },
  ])
})
