// SPDX-License-Identifier: LGPL-2.1-or-later
import assert from 'node:assert/strict'
import { after, afterEach, before, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { eventually } from '../lib/deadline.ts'
import { openChromium } from './lib/browsers.ts'
import { House, type Person } from './lib/house.ts'
import { barriers, focused, outside, resize, untranslated, useTheme } from './lib/looks.ts'
import { furnish, tourInside, tourOutside, type Visit, type World } from './lib/tour.ts'

let house: House
let browser: Browser
let world: World

before(async () => {
  ;[house, browser] = await Promise.all([House.open(), openChromium()])
  world = await furnish(house)
})
afterEach(() => house.everyoneLeaves())
after(() => house.close())

const still: BrowserContextOptions = { reducedMotion: 'reduce', viewport: { width: 1440, height: 900 } }
const sizes = [[1440, 900], [820, 1180], [390, 844], [360, 740]] as const

/** Collects complaints over a whole tour, so that one run shows them all. */
function inspector(inspect: (page: Page, complain: (what: string[], where: string) => void) => Promise<void>) {
  const complaints: string[] = []
  const visit: Visit = (where, page) =>
    inspect(page, (what, circumstances) => complaints.push(...what.map((complaint) => `${where}, ${circumstances}: ${complaint}`)))
  return { visit, end: () => assert.deepEqual(complaints, []) }
}

/** Sizes and barriers of one page in both themes. */
const looks = () =>
  inspector(async (page, complain) => {
    for (const [width, height] of sizes) {
      await resize(page, width, height)
      complain(await outside(page), `${width} px`)
      if (width !== 1440 && width !== 390) continue
      for (const theme of ['dark', 'light'] as const) {
        await useTheme(page, theme)
        complain(await barriers(page), `${theme}, ${width} px`)
      }
    }
  })

test('every page outside fits every window in both themes, and axe-core finds nothing serious', async () => {
  const { visit, end } = looks()
  await tourOutside(house, browser, world, still, visit)
  end()
})

test('every page of who is signed in fits every window in both themes, and axe-core finds nothing serious', async () => {
  const { visit, end } = looks()
  await tourInside(house, browser, world, still, visit)
  end()
})

for (const language of ['en', 'uk', 'ru']) {
  test(`no text is missing in ${language}, and all of them fit`, async () => {
    const { visit, end } = inspector(async (page, complain) => {
      complain(await untranslated(page, language), language)
      for (const [width, height] of sizes) {
        await resize(page, width, height)
        complain(await outside(page), `${language}, ${width} px`)
      }
    })
    await tourOutside(house, browser, world, { ...still, locale: language }, visit)
    await tourInside(house, browser, world, { ...still, locale: language }, visit)
    end()
  })
}

test('the language and the theme change at once, and are kept', async () => {
  const ada = await house.person(browser, 'Ada')
  const { page } = ada
  await page.goto('/signin')
  for (const [from, name, heading] of [['English', 'Українська', 'Увійти'], ['Українська', 'Русский', 'Войти']]) {
    await page.getByRole('button', { name: new RegExp(from) }).click()
    await page.getByRole('menuitemradio', { name }).click()
    await page.getByRole('heading', { name: heading }).waitFor()
  }
  const theme = () => page.evaluate(() => document.documentElement.dataset.theme)
  const before = await theme()
  await page.locator('button:has(use[href="#moon"])').click()
  const now = await theme()
  assert.notEqual(now, before)
  await page.reload()
  await page.getByRole('heading', { name: 'Войти' }).waitFor()
  assert.deepEqual([await theme(), await page.evaluate(() => document.documentElement.lang)], [now, 'ru'])
})

/** Tab by tab to what has this name; every stop on the way shows that it has the focus. */
async function tabTo(person: Person, name: string) {
  const seen: string[] = []
  for (let presses = 0; presses < 40; presses++) {
    await person.page.keyboard.press('Tab')
    const now = await focused(person.page)
    assert.ok(now.visible, `one sees that ${now.name} has the focus`)
    if (now.name === name) return
    seen.push(now.name)
  }
  assert.fail(`${name} is not reached by Tab, only ${seen.join(', ')}`)
}

test('somebody signs in and enters a room with nothing but the keyboard', async () => {
  const owner = await house.account('Nora')
  const room = await owner.createRoom({ title: 'By keyboard', visibility: 'public' })
  const nora = await house.person(browser, 'Nora')
  const { keyboard } = nora.page
  await nora.page.goto('/')
  await nora.page.getByRole('link', { name: `Join: ${room.title}` }).or(nora.page.getByText(room.title)).first().waitFor()
  await tabTo(nora, 'Sign in')
  await keyboard.press('Enter')
  await nora.page.getByLabel('E-mail').waitFor()
  assert.equal((await focused(nora.page)).name, 'E-mail', 'the first field has the focus')
  await keyboard.type(owner.user!.email!)
  await tabTo(nora, 'Password')
  await keyboard.type('correct horse')
  await keyboard.press('Enter')
  await nora.button('Start a room').first().waitFor()
  await tabTo(nora, `Open: ${room.title}`)
  await keyboard.press('Enter')
  await nora.button('Join').waitFor()
  await nora.page.locator('.joinbox .btn.primary:enabled').waitFor()
  await tabTo(nora, 'Join')
  await keyboard.press('Enter')
  await nora.isInside()
})

test('the room obeys its keys, and single letters rest while somebody types or does not want them', async () => {
  const { room } = await house.room('Otto')
  const ada = await house.person(browser, 'Ada')
  const { page } = ada
  await ada.enter(room)
  const press = (key: string) => page.keyboard.press(key)
  const panel = (name: string) => page.getByRole('complementary', { name })

  await press('m')
  await ada.button('Unmute microphone').waitFor()
  await page.keyboard.down('Space')
  await ada.button('Mute microphone').waitFor()
  await page.keyboard.up('Space')
  await ada.button('Unmute microphone').waitFor()
  await press('v')
  await ada.button('Turn camera on').waitFor()
  await press('h')
  await ada.button('Lower hand').waitFor()
  await press('p')
  await panel('People').waitFor()
  await press('i')
  await panel('Statistics').waitFor()
  await press('Escape')
  await panel('Statistics').waitFor({ state: 'detached' })
  await press('s')
  await page.getByRole('dialog', { name: 'Share your screen' }).waitFor()
  await press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await press('l')
  await page.getByRole('button', { name: 'Speaker', exact: true, pressed: true }).waitFor()
  await press('1')
  await page.getByRole('button', { name: 'Unpin Ada (you)' }).waitFor()
  await press('1')

  await press('c')
  await panel('Chat').waitFor()
  await page.getByLabel('Message the room').pressSequentially('mvhpi')
  await press('Enter')
  await ada.reads('mvhpi')
  await ada.button('Lower hand').waitFor()

  const inRegion = () => page.evaluate(() => document.activeElement?.hasAttribute('data-region') ?? false)
  await press('F6')
  await eventually('F6 leads out of the field', inRegion)
  await press('?')
  const shortcuts = page.getByRole('dialog', { name: 'Keyboard shortcuts' })
  await shortcuts.getByRole('switch').click()
  await press('Escape')
  await shortcuts.waitFor({ state: 'detached' })
  await press('h')
  await press('F6')
  await eventually('F6 moves to a region', inRegion)
  await ada.button('Lower hand').waitFor()
})

test('what a first visit downloads is at most 180 kB of scripts and styles', async (context) => {
  const ada = await house.person(browser, 'Ada')
  const bodies: Promise<[string, number]>[] = []
  ada.page.on('response', (response) => {
    if (/\.(js|css)$/.test(new URL(response.url()).pathname)) {
      bodies.push(response.body().then((body) => [new URL(response.url()).pathname, gzipSync(body).length]))
    }
  })
  await ada.page.goto('/', { waitUntil: 'networkidle' })
  const files = await Promise.all(bodies)
  const sum = files.reduce((total, [, size]) => total + size, 0)
  context.diagnostic(`${(sum / 1024).toFixed(1)} kB in ${files.length} files`)
  assert.ok(files.length > 3, 'the files were counted')
  assert.ok(sum <= 180 * 1024, `${(sum / 1024).toFixed(1)} kB: ${files.map(([name, size]) => `${name} ${size}`).join(', ')}`)
})
