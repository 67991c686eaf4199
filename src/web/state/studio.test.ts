/* SPDX-License-Identifier: LGPL-2.1-or-later */
import { beforeEach, expect, test, vi } from 'vitest'
import type { Broadcast, Scene, SceneUpdate, ServerMessage } from '../protocol/contract'
import { ApiError } from '../protocol/errors'
import { plainScene } from './plain-scene'
import { applyPatch } from './scene'
import type { Services } from './services'
import { createStudio, currentShow, delayOf } from './studio'
import type { ScenePatch } from './types'

const show = (id: string, patch: Partial<Broadcast> = {}) => ({ id, title: id, status: 'scheduled', startTime: null, ...patch }) as Broadcast

/** As much of the server as the studio asks. */
function server(shows: Broadcast[]) {
  let scene: Scene = { revision: 1, scene: plainScene }
  const list = { items: [], next: null }
  const api = {
    server: { base: '', foreign: false },
    broadcasts: async () => ({ items: shows, next: null }),
    createBroadcast: vi.fn(async ({ title }: { title: string }) => show('new', { title })),
    scene: async () => scene,
    savedScenes: async () => list,
    destinations: async () => list,
    showRecordings: async () => list,
    broadcastStatistics: async () => ({ latencyMs: 300 }),
    updateScene: vi.fn(async (_: string, { revision: _old, ...patch }: SceneUpdate) => {
      scene = { revision: scene.revision + 1, scene: applyPatch(scene.scene, patch as ScenePatch) }
      return scene
    }),
  }
  return api
}

const kept = new Map<string, string>()
let tell: (message: ServerMessage) => void = () => {}

function studio(api: ReturnType<typeof server>) {
  const storage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  }
  return createStudio({ api, storage } as unknown as Services, (listener) => {
    tell = listener
    return () => {}
  })
}

const room = { id: 'r', title: 'Friday' }

beforeEach(() => kept.clear())

test('the running show comes before the next one, and one without a time comes last', () => {
  const late = show('late', { startTime: '2026-02-01T10:00:00Z' })
  const soon = show('soon', { startTime: '2026-01-01T10:00:00Z' })
  expect(currentShow({ items: [show('some-day'), late, soon] })?.id).toBe('soon')
  expect(currentShow({ items: [soon, show('on', { status: 'recovering' })] })?.id).toBe('on')
  expect(currentShow({ items: [show('over', { status: 'ended' })] })).toBeNull()
})

test('a room without a show gets one when its studio is opened', async () => {
  const api = server([])
  const use = studio(api)
  await use.getState().open(room)
  expect(api.createBroadcast).toHaveBeenCalledWith({ title: 'Friday', roomId: 'r' })
  expect(use.getState()).toMatchObject({ status: 'ready', show: { id: 'new' }, scene: { layout: 'grid' } })
  use.getState().close()
})

test('a change shows at once, and goes back when the server refuses it', async () => {
  const api = server([show('a')])
  const use = studio(api)
  await use.getState().open(room)
  const going = use.getState().change({ layout: 'pip' })
  expect(use.getState().scene?.layout).toBe('pip')
  await going
  api.updateScene.mockRejectedValueOnce(new ApiError('conflict', 'no'))
  const refused = use.getState().change({ layout: 'solo' })
  expect(use.getState().scene?.layout).toBe('solo')
  expect((await refused).ok).toBe(false)
  expect(use.getState().scene?.layout).toBe('pip')
  await use.getState().undo()
  expect(use.getState().scene?.layout).toBe('grid')
  use.getState().close()
})

test('undo takes back what was done here, and leaves what another host did', async () => {
  const use = studio(server([show('a')]))
  await use.getState().open(room)
  await use.getState().change({ layout: 'pip' })
  tell({ type: 'scene', broadcast: 'a', revision: 7, scene: { ...plainScene, layout: 'pip', nameTags: false } } as ServerMessage)
  expect(use.getState()).toMatchObject({ canUndo: true, scene: { nameTags: false } })
  await use.getState().undo()
  expect(use.getState()).toMatchObject({ canUndo: false, scene: { layout: 'grid' } })
  use.getState().close()
})

test('a scene that is older than what is known says nothing', async () => {
  const use = studio(server([show('a')]))
  await use.getState().open(room)
  await use.getState().change({ layout: 'pip' })
  tell({ type: 'scene', broadcast: 'a', revision: 1, scene: plainScene } as ServerMessage)
  expect(use.getState().scene?.layout).toBe('pip')
  use.getState().close()
})

test('banners are kept in this browser for their room, and a removed one comes back to its place', async () => {
  const use = studio(server([show('a')]))
  await use.getState().open(room)
  for (const title of ['one', 'two']) use.getState().addBanner({ kind: 'banner', title, subtitle: '' })
  const undo = use.getState().removeBanner(use.getState().banners[0]!.id)
  expect(use.getState().banners.map(({ title }) => title)).toEqual(['two'])
  undo()
  undo()
  expect(use.getState().banners.map(({ title }) => title)).toEqual(['one', 'two'])
  use.getState().close()
  await use.getState().open(room)
  expect(use.getState().banners).toHaveLength(2)
  use.getState().close()
})

test('a delay that was not measured is not made up', () => {
  expect(delayOf({ latencyMs: 300 })).toBe(0.3)
  expect(delayOf({})).toBeNull()
})
