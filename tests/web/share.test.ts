// SPDX-License-Identifier: LGPL-2.1-or-later
import assert from 'node:assert/strict'
import { after, afterEach, before, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { eventually } from '../lib/deadline.ts'
import { openChromium, openFirefox } from './lib/browsers.ts'
import { House, type Person } from './lib/house.ts'
import { connections, encoders, heard, seen } from './lib/media.ts'
import { share } from './lib/share.ts'

let house: House
let red: Browser
let blue: Browser

before(async () => {
  ;[house, red, blue] = await Promise.all([House.open(), openChromium({ camera: 'red' }), openChromium({ camera: 'blue' })])
})
afterEach(() => house.everyoneLeaves())
after(() => house.close())

const width = async (person: Person, tile: string) => (await person.tile(tile).boundingBox())!.width

async function two(owner: string): Promise<[Person, Person]> {
  const { room } = await house.room(owner)
  const ada = await house.person(red, 'Ada')
  const ben = await house.person(blue, 'Ben')
  await ada.enter(room)
  await ben.enter(room)
  await Promise.all([seen('Ben at Ada', ada.video('Ben'), 'blue'), seen('Ada at Ben', ben.video('Ada'), 'red')])
  return [ada, ben]
}

test('a shared screen comes beside the camera, large, with its sound, and goes without a trace', async () => {
  const [ada, ben] = await two('Rita')
  const inGrid = await width(ben, 'Ada')

  await share(ada, '1080p30', { sound: true })
  const screen = ben.tile('Ada’s screen')
  await screen.waitFor()
  await seen('Ada’s screen at Ben', screen.locator('video'))
  await seen('Ada at Ben', ben.video('Ada'), 'red')
  assert.ok((await width(ben, 'Ada’s screen')) > 2 * (await width(ben, 'Ada')), 'the screen is the large one')
  await heard(ben.page, 1, '[data-kind=screen] video')
  await heard(ben.page, 1)
  assert.deepEqual(await connections(ben.page), { made: 1, connected: 1, ended: 0 })

  await ada.control('share').click()
  await screen.waitFor({ state: 'detached' })
  await ben.sees('Ada', 'Ben (you)')
  await eventually('the grid is as it was', async () => Math.abs((await width(ben, 'Ada')) - inGrid) < 2)
  await seen('Ada at Ben', ben.video('Ada'), 'red')
})

/** Mbit/s, and what is told to each encoder. */
const presets: [string, number, number][] = [
  ['1080p30', 8, 30],
  ['1080p60', 16, 60],
  ['1440p30', 16, 30],
  ['1440p60', 32, 60],
  ['2160p30', 35, 30],
  ['2160p60', 60, 60],
]

test('each of the six presets is what the encoder is told', async () => {
  const [ada, ben] = await two('Sanna')
  for (const [preset, mbit, fps] of presets) {
    await share(ada, preset)
    const told = await eventually(`the encoder of ${preset} is told`, async () =>
      (await encoders(ada.page, 'video')).find(({ hint, maxBitrate }) => hint === 'detail' && maxBitrate !== undefined))
    assert.deepEqual(
      { bitrate: told.maxBitrate, fps: told.maxFramerate, scale: told.scaleResolutionDownBy, keep: told.degradationPreference },
      { bitrate: mbit * 1_000_000, fps, scale: 1, keep: 'maintain-resolution' },
      preset,
    )
    await ben.tile('Ada’s screen').waitFor()
    await ada.control('share').click()
    await ben.tile('Ada’s screen').waitFor({ state: 'detached' })
  }
})

test('what to keep is the sharer’s choice, and is remembered for the room when asked', async () => {
  const [ada] = await two('Tove')
  await ada.control('share').click()
  const picker = ada.page.getByRole('dialog')
  await picker.locator('[data-preset="1440p60"]').check({ force: true })
  await picker.getByRole('button', { name: 'Frame rate' }).click()
  await picker.getByText('Remember for this room').click()
  await picker.getByRole('button', { name: 'Choose what to share' }).click()
  await picker.waitFor({ state: 'detached' })
  const told = await eventually('the encoder is told', async () =>
    (await encoders(ada.page, 'video')).find(({ hint, maxBitrate }) => hint === 'motion' && maxBitrate !== undefined))
  assert.equal(told.degradationPreference, 'maintain-framerate')

  await ada.control('share').click()
  await ada.button('Share screen').waitFor()
  await ada.control('share').click()
  await picker.waitFor()
  assert.ok(await picker.locator('[data-preset="1440p60"]').isChecked(), 'the picker begins with what was remembered')
})

test('whoever comes later, in Firefox, sees and hears the screen that is shared already', async () => {
  const { room } = await house.room('Uma')
  const fox = await openFirefox()
  const ada = await house.person(red, 'Ada')
  const finn = await house.person(fox, 'Finn')
  await ada.enter(room)
  await share(ada, '1080p30', { sound: true })
  await finn.enter(room)
  const screen = finn.tile('Ada’s screen')
  await seen('Ada’s screen at Finn', screen.locator('video'))
  await seen('Ada at Finn', finn.video('Ada'), 'red')
  await heard(finn.page, 1, '[data-kind=screen] video')
  await ada.leave()
  await finn.sees('Finn (you)')
})
