// SPDX-License-Identifier: LGPL-2.1-or-later
/** Pictures of every page in both themes, wide and on a phone, with people in the rooms, to look at:
 *   node --experimental-strip-types tests/web/screenshots.ts FOLDER [call|studio|tour]
 * With `call` only those of a room with people in it, with `studio` those of a show, with `tour` all others.
 * data/screenshots/ holds FOLDER/room.png and FOLDER/studio.png. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { build, freePort } from '../lib/daemon.ts'
import { closeBrowsers, openChromium } from './lib/browsers.ts'
import { type Actor, play } from './lib/cast.ts'
import { House, type Person } from './lib/house.ts'
import { resize, useTheme } from './lib/looks.ts'
import { dress, goLive, rehearse } from './lib/rehearsal.ts'
import { furnish, tourInside, tourOutside } from './lib/tour.ts'

const [folder, only] = process.argv.slice(2)
assert.ok(folder, 'Say into which folder the pictures go.')
mkdirSync(folder, { recursive: true })

const still: BrowserContextOptions = { reducedMotion: 'reduce', viewport: { width: 1440, height: 900 } }
/** For ffmpeg: 256 colours are enough for a picture in the README, and take a third of its bytes. */
const palette = 'split[a][b];[a]palettegen=stats_mode=full[p];[b][p]paletteuse=dither=none'

type Sizes = Record<string, readonly [number, number]>
const sizes = { wide: [1440, 900], phone: [390, 844] } as const
const moreSizes = { ...sizes, middle: [1280, 800], narrow: [900, 800] } as const

async function shoot(where: string, page: Page, among: Sizes = sizes) {
  for (const [size, [width, height]] of Object.entries(among)) {
    await resize(page, width, height)
    for (const theme of ['light', 'dark'] as const) {
      await useTheme(page, theme)
      await page.screenshot({ path: join(folder, `${where.replaceAll(/\W+/g, '-')}-${size}-${theme}.png`) })
    }
  }
  await resize(page, ...sizes.wide)
}

/** A room like any evening: six people, one of them speaking, one with a hand up, one without a camera. */
async function shootCall(house: House, browser: Browser) {
  const olena = await house.account('Olena Koval')
  const room = await olena.createRoom({ title: 'Design table', visibility: 'private' })
  const { code } = await olena.invite(room.id)
  const host = await house.signedIn(browser, olena, still)
  await play(host, 'olena')
  await host.enter(room)

  const cast: [string, Actor][] = [['Ivan Petrenko', 'ivan'], ['Yuki Tanaka', 'yuki'], ['Priya Raman', 'priya'], ['Daniel Okafor', 'daniel']]
  const people: Record<string, Person> = {}
  for (const [name, actor] of cast) {
    const person = (people[actor] = await house.person(browser, name, still))
    await play(person, actor)
    await person.enter(room, code)
    if (actor !== 'ivan') await person.control('microphone').click()
  }
  const tomasz = await house.person(browser, 'Tomasz Nowak', still)
  await tomasz.enter(room, code)
  await tomasz.control('microphone').click()
  await tomasz.control('camera').click()
  await host.control('microphone').click()

  await people.yuki.say('I put the three header options on page 4. The second one keeps the search where people expect it.')
  await people.ivan.say('Sharing in a minute, want to show how the scene change looks at 60 fps')
  await people.daniel.say('Second one. Olena, can we decide today?')
  await people.priya.control('hand').click()
  await host.say('Yes: after Ivan’s demo, five minutes, then we vote.')

  await host.page.getByRole('article').nth(5).waitFor()
  for (const { page } of Object.values(people)) await page.locator('.tile.talk').first().waitFor()
  await host.page.locator('.tile.talk').first().waitFor()
  await host.page.getByLabel('Message the room').blur()
  await resize(host.page, 1120, 700)
  await useTheme(host.page, 'dark')
  await host.page.screenshot({ path: join(folder, 'room.png') })
  await resize(host.page, ...sizes.wide)
  await shoot('call with chat', host.page)
  await host.page.locator('[data-panel=chat]').click()
  await shoot('call', host.page)
  await host.panel('people')
  await shoot('call with people', host.page)
  await host.panel('stats')
  await host.page.locator('.rpanel path').first().waitFor()
  await shoot('call with statistics', host.page)
  await host.panel('chat')

  await people.ivan.control('share').click()
  const picker = people.ivan.page.getByRole('dialog')
  await shoot('call picker', people.ivan.page)
  await picker.getByRole('button', { name: 'Choose what to share' }).click()
  await host.tile('Ivan Petrenko’s screen').locator('video').waitFor()
  await host.page.locator('.qchip').waitFor()
  await shoot('call share with chat', host.page)
  await host.page.locator('[data-panel=chat]').click()
  await shoot('call share', host.page)
}

/** A show from its plan to its recording, as its host, a guest and a stranger see it. */
async function shootShow(house: House, browser: Browser) {
  const rehearsal = await rehearse(house, browser, still)
  const { host, ivan, yuki, show } = rehearsal
  const stranger = await house.person(browser, 'Ada', still)
  await shoot('studio empty', host.page, moreSizes)
  await stranger.page.goto(`/shows/${show.id}`)
  await stranger.page.locator('main h1').waitFor()
  await shoot('show to come', stranger.page)

  await dress(rehearsal)
  await shoot('studio before', host.page, moreSizes)
  await goLive(rehearsal)
  await ivan.page.locator('.rtop .badge.live').waitFor()
  await host.page.locator('.toast').first().waitFor({ state: 'detached', timeout: 20_000 })
  await useTheme(host.page, 'dark')
  await host.page.screenshot({ path: join(folder, 'studio-all-colours.png') })
  execFileSync('ffmpeg', ['-loglevel', 'error', '-y', '-i', join(folder, 'studio-all-colours.png'), '-vf', palette, join(folder, 'studio.png')])
  await shoot('studio live', host.page, moreSizes)
  for (const tab of ['scenes', 'recordings'] as const) {
    await host.page.locator(`#tab-${tab}`).click()
    await shoot(`studio live ${tab}`, host.page, { wide: sizes.wide })
  }
  await shoot('guest on air', ivan.page, moreSizes)
  await shoot('guest backstage', yuki.page)
  await stranger.page.goto(`/shows/${show.id}`)
  await stranger.page.locator('main h1').waitFor()
  await shoot('show live', stranger.page)
  await stranger.page.goto('/shows')
  await stranger.page.locator('.list li').first().waitFor()
  await shoot('shows', stranger.page)

  await host.button('End show').click()
  await host.page.getByRole('dialog').getByRole('button', { name: 'End show' }).click()
  await host.button('New show').waitFor()
  await shoot('studio ended', host.page, moreSizes)
  await stranger.page.goto(`/shows/${show.id}`)
  await stranger.page.locator('main h1').waitFor()
  await shoot('show ended', stranger.page)
  await host.page.goto('/recordings')
  await host.button(/^Play/).waitFor({ timeout: 30_000 })
  await shoot('recordings', host.page, moreSizes)
  await rehearsal.end()
}

const media = {
  'media.program': join(build, 'src/media/greenroom-media'),
  'media.listen': `0.0.0.0:${await freePort()}`,
  'outputs.allow-private': 'true',
}
const house = await House.open({ watchdog: 600_000, settings: only === 'studio' || only === undefined ? media : {} })
try {
  const browser = await openChromium()
  if (only === 'call' || only === undefined) {
    await shootCall(house, browser)
    await house.everyoneLeaves()
  }
  if (only === 'studio' || only === undefined) {
    await shootShow(house, browser)
    await house.everyoneLeaves()
  }
  if (only === 'tour' || only === undefined) {
    const world = await furnish(house)
    await tourOutside(house, browser, world, still, shoot)
    await tourInside(house, browser, world, still, shoot)
    await house.everyoneLeaves()
  }
} finally {
  await closeBrowsers()
  house.line.close()
  /* Not stopped with all that a test insists on: GStreamer's RTMP client complains of what ffmpeg answers as a server. */
  await house.daemon.kill()
}
