// SPDX-License-Identifier: LGPL-2.1-or-later
import assert from 'node:assert/strict'
import { after, afterEach, before, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { eventually } from '../lib/deadline.ts'
import { openChromium, openFirefox } from './lib/browsers.ts'
import { House, type Person } from './lib/house.ts'
import { arrivals, connections, frameGaps, heard, seen, watchFrames } from './lib/media.ts'

let house: House
let red: Browser
let blue: Browser
let fox: Browser

before(async () => {
  ;[house, red, blue, fox] = await Promise.all([
    House.open(),
    openChromium({ camera: 'red' }),
    openChromium({ camera: 'blue' }),
    openFirefox(),
  ])
})
afterEach(() => house.everyoneLeaves())
after(() => house.close())

const decoded = async (person: Person) => (await arrivals(person.page)).flat().reduce((sum, { frames }) => sum + frames, 0)

/** That more frames are decoded from now on, which no picture that stands still can pretend. */
async function framesRise(person: Person, by = 10) {
  const before = await decoded(person)
  await eventually(`${person.name} decodes frames`, async () => (await decoded(person)) >= before + by)
}

test('two people in Chromium see and hear each other', async () => {
  const { room } = await house.room('Mira')
  const ada = await house.person(red, 'Ada')
  const ben = await house.person(blue, 'Ben')
  await ada.enter(room)
  await ben.enter(room)

  await Promise.all([seen('Ben at Ada', ada.video('Ben'), 'blue'), seen('Ada at Ben', ben.video('Ada'), 'red')])
  await Promise.all([heard(ada.page, 1), heard(ben.page, 1)])
  await Promise.all([framesRise(ada), framesRise(ben)])
})

test('somebody in Chromium and somebody in Firefox see and hear each other, whoever comes first', async () => {
  const { room } = await house.room('Nadia')
  const ada = await house.person(red, 'Ada')
  const finn = await house.person(fox, 'Finn')
  for (const [first, second] of [
    [ada, finn],
    [finn, ada],
  ]) {
    await first.enter(room)
    await second.enter(room)
    await Promise.all([seen('Finn at Ada', ada.video('Finn')), seen('Ada at Finn', finn.video('Ada'), 'red')])
    await Promise.all([heard(ada.page, 1), heard(finn.page, 1)])
    await Promise.all([framesRise(ada), framesRise(finn)])
    await Promise.all([ada.leave(), finn.leave()])
  }
})

test('a third one comes and goes, and the other two notice nothing in what they see and hear', async () => {
  const { room } = await house.room('Olga')
  const ada = await house.person(red, 'Ada')
  const ben = await house.person(blue, 'Ben')
  const finn = await house.person(fox, 'Finn')
  await ada.enter(room)
  await ben.enter(room)
  await Promise.all([seen('Ben at Ada', ada.video('Ben'), 'blue'), seen('Ada at Ben', ben.video('Ada'), 'red')])
  await Promise.all([watchFrames(ada.page, '[aria-label=Ben] video'), watchFrames(ben.page, '[aria-label=Ada] video')])
  const before = await Promise.all([connections(ada.page), connections(ben.page)])
  assert.deepEqual(before, [{ made: 1, connected: 1, ended: 0 }, { made: 1, connected: 1, ended: 0 }])

  await finn.enter(room)
  await Promise.all([
    seen('Ada at Finn', finn.video('Ada'), 'red'),
    seen('Ben at Finn', finn.video('Ben'), 'blue'),
    seen('Finn at Ada', ada.video('Finn')),
    seen('Finn at Ben', ben.video('Finn')),
  ])
  await Promise.all([ada, ben, finn].map(({ page }) => heard(page, 2)))
  await Promise.all([ada, ben, finn].map((person) => framesRise(person)))

  await finn.leave()
  await Promise.all([ada.sees('Ada (you)', 'Ben'), ben.sees('Ben (you)', 'Ada')])
  await Promise.all([framesRise(ada), framesRise(ben)])
  await Promise.all([heard(ada.page, 1), heard(ben.page, 1)])

  for (const person of [ada, ben]) {
    const [gap] = await frameGaps(person.page)
    assert.ok(gap.shown, 'the same element shows the picture from the beginning to the end')
    assert.ok(gap.frames > 30, `${gap.frames} frames`)
    assert.ok(gap.longest < 1000, `${person.name} saw no frame for ${gap.longest} ms`)
    assert.deepEqual(await connections(person.page), { made: 2, connected: 1, ended: 0 })
  }
})

test('a muted microphone is silent, and a camera that is off is gone, until they are on again', async () => {
  const { room } = await house.room('Pavel')
  const ada = await house.person(red, 'Ada')
  const ben = await house.person(blue, 'Ben')
  await ada.enter(room)
  await ben.enter(room)
  await Promise.all([seen('Ada at Ben', ben.video('Ada'), 'red'), heard(ben.page, 1)])

  await ada.control('microphone').click()
  await ben.tile('Ada').getByTitle('Muted').waitFor()
  await heard(ben.page, 0)
  await ada.control('camera').click()
  await ben.video('Ada').waitFor({ state: 'detached' })

  await ada.control('camera').click()
  await ada.control('microphone').click()
  await Promise.all([seen('Ada at Ben', ben.video('Ada'), 'red'), heard(ben.page, 1)])
  assert.deepEqual(await connections(ben.page), { made: 1, connected: 1, ended: 0 }, 'nothing was negotiated anew')
})

test('whoever only watches sees and hears, asks for no device and sends nothing', async () => {
  const { room } = await house.room('Quinn')
  const ada = await house.person(red, 'Ada')
  const vera = await house.person(blue, 'Vera')
  await ada.enter(room)
  await vera.knock(room)
  await vera.button('Watch and listen only').click()
  await vera.isInside()
  await Promise.all([seen('Ada at Vera', vera.video('Ada'), 'red'), heard(vera.page, 1)])
  assert.equal(await vera.control('microphone').count(), 0, 'no controls for what a viewer may not do')
  assert.deepEqual((await arrivals(ada.page)).flat().filter(({ bytes }) => bytes > 0), [])
})
