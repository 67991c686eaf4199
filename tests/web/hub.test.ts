// SPDX-License-Identifier: LGPL-2.1-or-later
/** The same call as call.test.ts, through the hub: one connection a person, and nobody's address shown to anybody. */
import assert from 'node:assert/strict'
import { after, afterEach, before, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { Contract } from '../lib/contract.ts'
import { build, freePort } from '../lib/daemon.ts'
import { eventually } from '../lib/deadline.ts'
import { openChromium, openFirefox } from './lib/browsers.ts'
import { House, type Person } from './lib/house.ts'
import { connections, frameGaps, gapAtPlace, heard, seen, watchFrames, watchPlace } from './lib/media.ts'

let house: House
let red: Browser
let blue: Browser
let fox: Browser
let contract: Contract
/** The types of what pages got by WebSocket, and what did not fit its schema. */
const received = new Set<string>()
const misfits: string[] = []

before(async () => {
  ;[house, red, blue, fox] = await Promise.all([
    freePort().then((port) =>
      House.open({ settings: { 'media.program': `${build}/src/media/greenroom-media`, 'media.listen': `0.0.0.0:${port}` } })),
    openChromium({ camera: 'red' }),
    openChromium({ camera: 'blue' }),
    openFirefox(),
  ])
  await eventually('the hub is up', () => house.daemon.log.includes('the hub is up'))
  contract = await Contract.read(house.daemon.url)
})
afterEach(() => house.everyoneLeaves())
after(() => house.close())

/** Somebody in Chromium, whose page's messages are held against the schemas. */
async function watched(browser: Browser, name: string): Promise<Person> {
  const person = await house.person(browser, name)
  person.page.on('websocket', (socket) =>
    socket.on('framereceived', ({ payload }) => {
      try {
        received.add(contract.checkMessage(JSON.parse(payload.toString())))
      } catch (error) {
        misfits.push(String(error))
      }
    }))
  return person
}

/** The process of the hub, from the daemon's log. */
const hubProcess = () => Number([...house.daemon.log.matchAll(/the hub is up, process (\d+)/g)].at(-1)?.[1])

const onlyOneConnection = async (person: Person) =>
  assert.equal((await connections(person.page)).connected, 1, `${person.name} has one connection, to the hub`)

test('two people in Chromium see and hear each other through the hub', async () => {
  const { room } = await house.room('Mira')
  const ada = await watched(red, 'Ada')
  const ben = await house.person(blue, 'Ben')
  await ada.enter(room)
  await ben.enter(room)

  await Promise.all([seen('Ben at Ada', ada.video('Ben'), 'blue'), seen('Ada at Ben', ben.video('Ada'), 'red')])
  await Promise.all([heard(ada.page, 1), heard(ben.page, 1)])
  await Promise.all([onlyOneConnection(ada), onlyOneConnection(ben)])
})

test('three browsers, one of them Firefox, meet; one goes, and the others lose no second', async () => {
  const { room } = await house.room('Olga')
  const ada = await watched(red, 'Ada')
  const ben = await house.person(blue, 'Ben')
  const finn = await house.person(fox, 'Finn')
  await ada.enter(room)
  await ben.enter(room)
  await Promise.all([seen('Ben at Ada', ada.video('Ben'), 'blue'), seen('Ada at Ben', ben.video('Ada'), 'red')])
  await watchFrames(ada.page, '[aria-label=Ben] video')

  await finn.enter(room)
  await Promise.all([
    seen('Ada at Finn', finn.video('Ada'), 'red'),
    seen('Ben at Finn', finn.video('Ben'), 'blue'),
    seen('Finn at Ada', ada.video('Finn')),
    seen('Finn at Ben', ben.video('Finn')),
  ])
  await Promise.all([ada, ben, finn].map(onlyOneConnection))
  await finn.leave()
  await Promise.all([ada.sees('Ada (you)', 'Ben'), ben.sees('Ben (you)', 'Ada')])
  await seen('Ben at Ada', ada.video('Ben'), 'blue')

  const [gap] = await frameGaps(ada.page)
  assert.ok(gap.shown, 'the same element shows the picture from the beginning to the end')
  assert.ok(gap.longest < 1000, `Ada saw no frame for ${gap.longest} ms`)
})

test('a host mutes somebody, and the hub holds their voice back', async () => {
  const { host, room } = await house.room('Pavel')
  const pavel = await house.signedIn(red, host)
  const ben = await house.person(blue, 'Ben')
  await pavel.page.goto(`/r/${room.slug}`)
  await pavel.button('Join').click()
  await pavel.isInside()
  await ben.enter(room)
  await Promise.all([seen('Ben at Pavel', pavel.video('Ben'), 'blue'), heard(pavel.page, 1)])

  const people = await pavel.panel('people')
  await people.getByRole('button', { name: /Mute Ben/ }).click()
  await pavel.tile('Ben').getByTitle('Muted').waitFor()
  await heard(pavel.page, 0)
})

test('kill -9 of the hub: media is back by itself, without a reload', async () => {
  const { room } = await house.room('Rita')
  const ada = await watched(red, 'Ada')
  const ben = await house.person(blue, 'Ben')
  await ada.enter(room)
  await ben.enter(room)
  await Promise.all([seen('Ben at Ada', ada.video('Ben'), 'blue'), seen('Ada at Ben', ben.video('Ada'), 'red')])

  const before = hubProcess()
  process.kill(before, 'SIGKILL')
  const killed = performance.now()
  await eventually('another hub is up', () => hubProcess() !== before, 5_000)
  await Promise.all([
    eventually('Ada has a new connection', async () => (await connections(ada.page)).made === 2, 5_000),
    eventually('Ben has a new connection', async () => (await connections(ben.page)).made === 2, 5_000),
  ])
  await Promise.all([seen('Ben at Ada', ada.video('Ben'), 'blue'), seen('Ada at Ben', ben.video('Ada'), 'red')])
  assert.ok(performance.now() - killed < 10_000, `it took ${Math.round(performance.now() - killed)} ms`)
  await Promise.all([heard(ada.page, 1), heard(ben.page, 1)])
})

test('the host switches to direct connections and back, and everyone goes on seeing everyone', async (context) => {
  const { host, room } = await house.room('Sofia')
  const ada = await watched(red, 'Ada')
  const ben = await house.person(blue, 'Ben')
  await ada.enter(room)
  await ben.enter(room)
  const all = () => Promise.all([seen('Ben at Ada', ada.video('Ben'), 'blue'), seen('Ada at Ben', ben.video('Ada'), 'red')])
  await all()
  for (const p2pMax of [4, 0]) {
    const made = (await connections(ada.page)).made
    await Promise.all([watchPlace(ada.page, '[aria-label=Ben] video'), watchPlace(ben.page, '[aria-label=Ada] video')])
    await host.request('PATCH', `/api/rooms/${room.id}`, { p2pMax })
    await eventually('Ada connects anew', async () => (await connections(ada.page)).made > made)
    await all()
    const longest = Math.max(await gapAtPlace(ada.page), await gapAtPlace(ben.page))
    context.diagnostic(`${p2pMax === 0 ? 'to the hub' : 'to direct connections'}: no picture for ${longest} ms`)
    /* Twice the target. */
    assert.ok(longest < 2000, `no picture for ${longest} ms`)
  }
})

test('what the hub has to say reaches the pages as the schemas have it', () => {
  assert.deepEqual(misfits, [])
  for (const type of ['media', 'slots', 'codecs', 'track-added', 'track-removed', 'active-speakers', 'answer']) {
    assert.ok(received.has(type), `a page got ${type}`)
  }
})
