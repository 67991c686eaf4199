/* SPDX-License-Identifier: LGPL-2.1-or-later */
import { expect, test, vi } from 'vitest'
import type { Brand, BrandUpdate, Broadcast, Scene, SceneUpdate, ServerMessage } from '../protocol/contract'
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
  let brand: Brand = { revision: 0, brand: { banners: [], pictures: [] } }
  const list = { items: [], next: null }
  const api = {
    server: { base: '', foreign: false },
    broadcasts: async () => ({ items: shows, next: null }),
    createBroadcast: vi.fn(async ({ title }: { title: string }) => show('new', { title })),
    scene: async () => scene,
    brand: async () => brand,
    setBrand: vi.fn(async (_: string, update: BrandUpdate) => {
      if (update.revision !== brand.revision) throw new ApiError('conflict', 'no', 'revision')
      brand = { revision: brand.revision + 1, brand: update.brand }
      return brand
    }),
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

let tell: (message: ServerMessage) => void = () => {}

function studio(api: ReturnType<typeof server>) {
  return createStudio({ api } as unknown as Services, (listener) => {
    tell = listener
    return () => {}
  })
}

const room = { id: 'r', title: 'Friday' }

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

const titles = (use: ReturnType<typeof studio>) => use.getState().banners.map(({ title }) => title)
const line = (title: string) => ({ kind: 'banner', title, subtitle: '' }) as const

test('banners are kept with their room, and a removed one comes back to its place', async () => {
  const api = server([show('a')])
  const use = studio(api)
  await use.getState().open(room)
  for (const title of ['one', 'two']) use.getState().addBanner(line(title))
  expect(titles(use)).toEqual(['one', 'two'])
  const undo = use.getState().removeBanner(use.getState().banners[0]!.id)
  expect(titles(use)).toEqual(['two'])
  undo()
  undo()
  expect(titles(use)).toEqual(['one', 'two'])
  await vi.waitFor(() => expect(api.setBrand).toHaveBeenCalledTimes(5))
  use.getState().close()
  await use.getState().open(room)
  expect(titles(use)).toEqual(['one', 'two'])
  use.getState().close()
})

test('a removed picture comes back as it was kept', async () => {
  const api = server([show('a')])
  const use = studio(api)
  const picture = { id: 'p', use: 'logo' } as const
  await api.setBrand('a', { revision: 0, brand: { banners: [], pictures: [picture] } })
  await use.getState().open(room)
  expect(use.getState().pictures).toMatchObject([picture])
  use.getState().removePicture('p')()
  await vi.waitFor(() => expect(api.setBrand).toHaveBeenCalledTimes(3))
  expect((await api.brand()).brand.pictures).toEqual([picture])
  use.getState().close()
})

test('two hosts who prepare lines at once lose none, and what is refused is not kept', async () => {
  const api = server([show('a')])
  const use = studio(api)
  await use.getState().open(room)
  await api.setBrand('a', { revision: 0, brand: { banners: [{ ...line('theirs'), id: 't' }], pictures: [] } })
  use.getState().addBanner(line('mine'))
  await vi.waitFor(() => expect(titles(use)).toEqual(['theirs', 'mine']))
  await vi.waitFor(async () => expect((await api.brand()).brand.banners).toHaveLength(2))

  tell({ type: 'brand', broadcast: 'a', revision: 9, brand: { banners: [], pictures: [] } } as ServerMessage)
  expect(titles(use)).toEqual([])
  api.setBrand.mockRejectedValueOnce(new ApiError('invalid_input', 'no', 'brand.banners'))
  use.getState().addBanner(line('too many'))
  expect(titles(use)).toEqual(['too many'])
  await vi.waitFor(() => expect(titles(use)).toEqual([]))
  use.getState().close()
})

test('a delay that was not measured is not made up', () => {
  expect(delayOf({ latencyMs: 300 })).toBe(0.3)
  expect(delayOf({})).toBeNull()
})
