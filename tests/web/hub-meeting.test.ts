// SPDX-License-Identifier: LGPL-2.1-or-later
/** A meeting through the hub: everyone at everyone else, screens beside cameras, and the codecs that a room has in common. */
import assert from 'node:assert/strict'
import { after, afterEach, before, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { build, freePort } from '../lib/daemon.ts'
import { eventually } from '../lib/deadline.ts'
import { type Colour, openChromium, openFirefox } from './lib/browsers.ts'
import { House, type Person } from './lib/house.ts'
import { arrivals, connections, frameGaps, heard, seen, watchFrames } from './lib/media.ts'
import { share } from './lib/share.ts'

let house: House
let red: Browser
let blue: Browser
let green: Browser
let fox: Browser

before(async () => {
  ;[house, red, blue, green, fox] = await Promise.all([
    freePort().then((port) =>
      House.open({ settings: { 'media.program': `${build}/src/media/greenroom-media`, 'media.listen': `0.0.0.0:${port}` } })),
    openChromium({ camera: 'red' }),
    openChromium({ camera: 'blue' }),
    openChromium({ camera: 'green' }),
    openFirefox(),
  ])
  await eventually('the hub is up', () => house.daemon.log.includes('the hub is up'))
})
afterEach(() => house.everyoneLeaves())
after(() => house.close())

/** Firefox's own picture has no colour that stays. */
type Attendant = { person: Person; colour?: Colour }

const eachSeesEach = (all: Attendant[]) =>
  Promise.all(all.flatMap(({ person }) =>
    all.filter((other) => other.person !== person).map((other) =>
      seen(`${other.person.name} at ${person.name}`, person.video(other.person.name), other.colour))))

test('five browsers meet, and each sees and hears each of the others over one connection', async () => {
  const { room } = await house.room('Alma')
  const all: Attendant[] = [
    { person: await house.person(red, 'Ada'), colour: 'red' },
    { person: await house.person(fox, 'Finn') },
    { person: await house.person(blue, 'Ben'), colour: 'blue' },
    { person: await house.person(green, 'Cleo'), colour: 'green' },
    { person: await house.person(fox, 'Fay') },
  ]
  for (const { person } of all) await person.enter(room)
  await eachSeesEach(all)
  for (const { person } of all) {
    await heard(person.page, 4)
    assert.deepEqual(await connections(person.page), { made: 1, connected: 1, ended: 0 }, person.name)
    const came = (await arrivals(person.page))[0].filter(({ bytes }) => bytes > 0)
    assert.equal(came.filter(({ kind, energy }) => kind === 'audio' && energy > 0).length, 4, `${person.name} got four voices`)
    assert.equal(came.filter(({ kind, frames }) => kind === 'video' && frames > 0).length, 4, `${person.name} decodes four pictures`)
  }
})

test('a screen with its sound goes beside the camera to Chromium and Firefox, and goes without a trace', async () => {
  const { room } = await house.room('Bea')
  const ada = await house.person(red, 'Ada')
  const ben = await house.person(blue, 'Ben')
  const finn = await house.person(fox, 'Finn')
  await ada.enter(room)
  await ben.enter(room)
  await finn.enter(room)
  await Promise.all([ben, finn].map((person) => seen(`Ada at ${person.name}`, person.video('Ada'), 'red')))

  await share(ada, '1080p30', { sound: true })
  const screen = (person: Person) => person.tile('Ada’s screen')
  await Promise.all([ben, finn].map(async (person) => {
    await seen(`Ada’s screen at ${person.name}`, screen(person).locator('video'))
    await seen(`Ada at ${person.name}`, person.video('Ada'), 'red')
  }))
  for (const person of [ben, finn]) {
    await heard(person.page, 1, '[data-kind=screen] video')
    await heard(person.page, 2)
    await watchFrames(person.page, '[aria-label=Ada] video')
  }

  await ada.control('share').click()
  for (const person of [ben, finn]) {
    await screen(person).waitFor({ state: 'detached' })
    await seen(`Ada at ${person.name}`, person.video('Ada'), 'red')
    const [gap] = await frameGaps(person.page)
    assert.ok(gap.longest < 1500, `${person.name} saw nothing of Ada’s camera for ${gap.longest} ms`)
    assert.deepEqual(await connections(person.page), { made: 1, connected: 1, ended: 0 })
  }
})
