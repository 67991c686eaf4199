// SPDX-License-Identifier: LGPL-2.1-or-later
/** A full room through the hub: who is heard and shown to speak, who is silenced, and what comings and goings cost the others. */
import assert from 'node:assert/strict'
import { after, afterEach, before, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { build, freePort } from '../lib/daemon.ts'
import { eventually } from '../lib/deadline.ts'
import { openChromium, openFirefox } from './lib/browsers.ts'
import { Choir } from './lib/choir.ts'
import { House, type Person } from './lib/house.ts'
import { arrivals, connections, descriptions, heard, shownSpeakers, tones, watchSpeakers } from './lib/media.ts'

/** Of a change of speaker: milliseconds until everybody sees and hears it. */
const target = 2000

let house: House
let chrome: Browser
let fox: Browser
let choir: Choir

before(async () => {
  ;[house, chrome, fox] = await Promise.all([
    freePort().then((port) =>
      House.open({
        settings: {
          'media.program': `${build}/src/media/greenroom-media`,
          'media.listen': `0.0.0.0:${port}`,
          'rooms.capacity': '50',
        },
      })),
    openChromium({ camera: 'red', arguments: ['--autoplay-policy=no-user-gesture-required'] }),
    openFirefox(),
  ])
  await eventually('the hub is up', () => house.daemon.log.includes('the hub is up'))
})
afterEach(async () => {
  await choir.close()
  await house.everyoneLeaves()
})
after(() => house.close())

const names = (count: number, from = 1) => Array.from({ length: count }, (_, at) => `Voice ${from + at}`)

/** The names of those whose tones are heard on a page now. */
const voices = async (person: Person) => (await tones(person.page)).map((tone) => choir.whose(tone) ?? `${Math.round(tone)} Hz`).sort()

const silent = (person: Person) => person.control('microphone').click()

/** Everybody comes in silent: Ada in Chromium, who owns the room, Finn in Firefox, and @count others. */
async function gather(owner: string, count: number) {
  const { host, room } = await house.room(owner)
  choir = await Choir.open(chrome, house, room)
  const ada = await house.signedIn(chrome, host)
  const finn = await house.person(fox, 'Finn')
  await ada.page.goto(`/r/${room.slug}`)
  await ada.button('Join').click()
  await ada.isInside()
  await finn.enter(room)
  await Promise.all([silent(ada), silent(finn)])
  await choir.addAll(names(count))
  await Promise.all([ada, finn].map((person) => person.tile(names(count).at(-1)!).waitFor()))
  return { ada, finn, room }
}

test('of more people than are heard at once the one who speaks is heard, and shown, within two seconds', async (context) => {
  const { ada, finn } = await gather('Wilma', 12)
  await Promise.all([watchSpeakers(ada.page), watchSpeakers(finn.page)])
  let worst = 0

  for (const name of ['Voice 12', 'Voice 1', 'Voice 10', 'Voice 6']) {
    const from = await Promise.all([ada, finn].map(async ({ page }) => (await shownSpeakers(page)).now))
    await choir.sing({ [name]: 0.5 })
    await Promise.all([ada, finn].map(async (person, at) => {
      await eventually(`${name} alone is heard at ${person.name}`, async () => {
        const now = (await voices(person)).join()
        if (now !== name) throw new Error(`heard: ${now}`)
        return true
      })
      const shown = await eventually(`${name} alone is shown at ${person.name}`, async () => {
        const { noted } = await shownSpeakers(person.page)
        if (noted.at(-1)?.names.join() !== name) throw new Error(JSON.stringify(noted.slice(-3)))
        return noted.find(({ at: since, names }) => since > from[at] && names.includes(name))
      })
      worst = Math.max(worst, shown.at - from[at])
    }))
  }
  context.diagnostic(`the slowest change of speaker took ${Math.round(worst)} ms`)
  assert.ok(worst < 2 * target, `it took ${Math.round(worst)} ms`)

  await choir.sing({})
  for (const { page, name } of [ada, finn]) {
    await eventually(`nobody is shown at ${name}`, async () => (await shownSpeakers(page)).noted.at(-1)?.names.length === 0)
  }
})

test('two who speak in turns do not take the stage from each other at every word', async () => {
  const { ada, finn } = await gather('Xenia', 12)
  await ada.page.keyboard.press('l')
  await choir.sing({ 'Voice 11': 0.5 })
  await ada.page.locator('.tile.large[aria-label="Voice 11"]').waitFor()
  await Promise.all([watchSpeakers(ada.page), watchSpeakers(finn.page)])

  const turns = 14
  for (let turn = 0; turn < turns; turn++) {
    await choir.sing({ [turn % 2 === 0 ? 'Voice 12' : 'Voice 11']: 0.5 })
    /* As long as a word lasts, by the page's clock. */
    await choir.page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 300)))
  }
  for (const { page, name } of [ada, finn]) {
    const { noted } = await shownSpeakers(page)
    assert.ok(noted.length <= turns / 2, `${name} saw ${noted.length} changes: ${JSON.stringify(noted)}`)
    const both = noted.at(-1)!.names.toSorted().join()
    assert.equal(both, 'Voice 11,Voice 12', `${name} sees that both speak`)
  }
  const moves = (await shownSpeakers(ada.page)).noted.filter(({ large }, at, all) => at > 0 && large !== all[at - 1].large)
  assert.ok(moves.length <= 2, `the large tile changed ${moves.length} times`)
})

test('whom a host mutes is silent at all others, though their program goes on sending', async () => {
  const { ada, finn } = await gather('Yara', 2)
  await choir.sing({ 'Voice 1': 0.5, 'Voice 2': 0.5 })
  const hear = (person: Person, ...all: string[]) =>
    eventually(`${person.name} hears ${all.join()}`, async () => (await voices(person)).join() === all.join())
  await Promise.all([hear(ada, 'Voice 1', 'Voice 2'), hear(finn, 'Voice 1', 'Voice 2')])

  const people = await ada.panel('people')
  await people.getByRole('button', { name: 'Mute Voice 1', exact: true }).click()
  await Promise.all([hear(ada, 'Voice 2'), hear(finn, 'Voice 2')])
  const before = await choir.sent('Voice 1')
  await eventually('it goes on sending', async () => (await choir.sent('Voice 1')) > before + 50)
  assert.deepEqual(await voices(finn), ['Voice 2'])
  await ada.tile('Voice 1').getByTitle('Muted').waitFor()
  await eventually('and is not shown to speak', async () => (await ada.tile('Voice 1').getAttribute('class'))?.includes('talk') === false)
})

test('fifty people come and go, and nobody who is there negotiates for it', async (context) => {
  const { host, room } = await house.room('Zelda')
  choir = await Choir.open(chrome, house, room)
  const ada = await house.signedIn(chrome, host)
  /* On a telephone, with the speaker large: few others fit on it, so its slots suffice. */
  const finn = await house.person(fox, 'Finn', { viewport: { width: 390, height: 844 } })
  await ada.page.goto(`/r/${room.slug}`)
  await ada.button('Join').click()
  await ada.isInside()
  await finn.enter(room)
  await Promise.all([silent(ada), silent(finn)])
  const before = { ada: await descriptions(ada.page), finn: await descriptions(finn.page) }

  await choir.addAll(names(36))
  await ada.page.getByText(/^38 people/).waitFor()
  await choir.sing({ 'Voice 36': 0.5 })
  await Promise.all([ada, finn].map((person) =>
    eventually(`${person.name} hears the last`, async () => (await voices(person)).join() === 'Voice 36')))
  await finn.page.keyboard.press('l')
  await finn.page.locator('.tile.large[aria-label="Voice 36"]').waitFor()
  assert.deepEqual({ ada: await descriptions(ada.page), finn: await descriptions(finn.page) }, before, 'nobody was asked for SDP')

  await choir.addAll(names(12, 37), { picture: true })
  const pictures = async ({ page }: Person) => (await arrivals(page))[0].filter(({ kind, frames }) => kind === 'video' && frames > 0).length
  await eventually('Ada sees more pictures than she had slots', async () => {
    const now = await pictures(ada)
    if (now < 10) throw new Error(`${now} pictures`)
    return true
  }, 20_000)
  const grown = await descriptions(ada.page)
  assert.deepEqual([grown.local, grown.remote], [before.ada.local + 1, before.ada.remote + 1], 'Ada grew by one offer')
  assert.deepEqual(await descriptions(finn.page), before.finn, 'which Finn did not notice')

  for (const name of names(48).filter((_, at) => at % 2 === 0)) await choir.remove(name)
  await ada.page.getByText(/^26 people/).waitFor()
  await choir.sing({ 'Voice 36': 0.5 })
  await heard(finn.page, 1)
  assert.deepEqual(await descriptions(ada.page), grown)
  assert.deepEqual(await descriptions(finn.page), before.finn)
  for (const person of [ada, finn]) assert.equal((await connections(person.page)).made, 1)
  context.diagnostic(`Ada showed ${await pictures(ada)} pictures`)
})
