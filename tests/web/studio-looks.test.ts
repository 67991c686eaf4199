// SPDX-License-Identifier: LGPL-2.1-or-later
/** How the studio looks: every part of it in every width, both themes and all languages. */
import assert from 'node:assert/strict'
import { after, afterEach, before, test } from 'node:test'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { openChromium } from './lib/browsers.ts'
import type { House, Person } from './lib/house.ts'
import { barriers, outside, resize, untranslated, useTheme } from './lib/looks.ts'
import { openStudioHouse, setStage, still } from './lib/studio.ts'

let house: House
let browser: Browser

before(async () => {
  ;[house, browser] = await Promise.all([openStudioHouse(), openChromium({ camera: 'green' })])
})
afterEach(() => house.everyoneLeaves())
after(() => house.close())

const widths = [[1440, 900], [1280, 800], [1000, 800], [640, 900], [390, 844]] as const
/* Where axe-core looks, which takes its time: colours are those of the theme at any width, the order of things is not. */
const themes: Record<number, readonly ('dark' | 'light')[]> = { 1440: ['dark', 'light'], 390: ['light'] }

/** A studio with something in every corner, for looks. */
async function furnish(options: BrowserContextOptions): Promise<Person> {
  const { account, host, guest, show } = await setStage(house, browser, options)
  const path = `/api/broadcasts/${show.id}`
  await account.call('PATCH', `${path}/scene`, { colour: '#1b7f5a', banner: { title: 'How one UDP port serves a room', subtitle: 'Part two of four' }, ticker: 'Next Friday: the mixer' })
  await account.call('POST', `${path}/destinations`, { platform: 'youtube', name: 'YouTube', streamKey: 'key' })
  await host.page.reload()
  await host.page.locator('.joinbox .btn.primary:enabled').click()
  await host.page.locator('.dest').waitFor()
  await guest.say('So every guest shares one socket?')
  await host.page.getByText('So every guest').waitFor()
  await host.page.locator('.ban.on').first().waitFor()
  return host
}

async function everyPart(page: Page, visit: (where: string) => Promise<void>) {
  const wide = () => resize(page, 1440, 900)
  await visit('studio')
  for (const tab of ['scenes', 'recordings']) {
    await wide()
    await page.locator(`#tab-${tab}`).click()
    await visit(`studio, ${tab}`)
  }
  const dialog = async (where: string, button: string) => {
    await wide()
    await page.locator(button).first().click()
    await page.locator('dialog').waitFor()
    await visit(where)
    await page.keyboard.press('Escape')
    await page.locator('dialog').waitFor({ state: 'detached' })
  }
  await wide()
  await page.locator('#tab-brand').click()
  await dialog('banner', '.brandp .btn.icon:has(use[href="#plus"])')
  await dialog('destination', '.sp-r .head .btn.icon')
  await dialog('known destination', '.dest .about')
  await dialog('show', '.show-title .btn')
}

test('the studio fits every window in both themes, and axe-core finds nothing serious', async () => {
  const { page } = await furnish(still)
  const complaints: string[] = []
  await everyPart(page, async (where) => {
    for (const [width, height] of widths) {
      await resize(page, width, height)
      complaints.push(...(await outside(page)).map((what) => `${where}, ${width} px: ${what}`))
      for (const theme of themes[width] ?? []) {
        await useTheme(page, theme)
        complaints.push(...(await barriers(page)).map((what) => `${where}, ${theme}, ${width} px: ${what}`))
      }
    }
  })
  assert.deepEqual(complaints, [])
})

for (const locale of ['uk', 'ru']) {
  test(`the studio says everything in ${locale}, and it fits`, async () => {
    const { page } = await furnish({ ...still, locale })
    const complaints: string[] = []
    await everyPart(page, async (where) => {
      complaints.push(...(await untranslated(page, locale)).map((what) => `${where}: ${what}`))
      for (const [width, height] of [widths[1], widths[4]]) {
        await resize(page, width, height)
        complaints.push(...(await outside(page)).map((what) => `${where}, ${width} px: ${what}`))
      }
    })
    assert.deepEqual(complaints, [])
  })
}
