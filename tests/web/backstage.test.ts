// SPDX-License-Identifier: LGPL-2.1-or-later
/** What each gets of a show: hosts the green room, those on stage each other, an audience the programme; counted in bytes.
 * And what one host does on another's page. */
import assert from 'node:assert/strict'
import { after, afterEach, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import type { Brand, Destination } from '../../src/web/protocol/contract.ts'
import { eventually } from '../lib/deadline.ts'
import { openChromium } from './lib/browsers.ts'
import type { House } from './lib/house.ts'
import { arrivals, heard, seen } from './lib/media.ts'
import { openStudioHouse, setStage, side, still } from './lib/studio.ts'

let house: House
let browser: Browser

before(async () => {
  ;[house, browser] = await Promise.all([openStudioHouse(), openChromium({ camera: 'green' })])
})
afterEach(() => house.everyoneLeaves())
after(() => house.close())

/** How many streams of @kind grow on a page within a while. */
async function growing(page: Page, kind: 'audio' | 'video'): Promise<number> {
  const bytes = async () => new Map((await arrivals(page)).flat().filter((entry) => entry.kind === kind).map((entry) => [entry.mid, entry.bytes]))
  const first = await bytes()
  await page.waitForTimeout(1500)
  const last = await bytes()
  return [...last].filter(([mid, count]) => count > (first.get(mid) ?? 0)).length
}

/** A whole while with exactly so many: what was on its way has come. */
const gets = (page: Page, pictures: number, voices: number) =>
  eventually(
    `${pictures} pictures and ${voices} voices arrive`,
    async () => {
      const [video, audio] = await Promise.all([growing(page, 'video'), growing(page, 'audio')])
      if (video !== pictures || audio !== voices) throw new Error(`${video} and ${audio}`)
      return true
    },
    30_000,
  )

test('Hosts see and hear the green room; not a byte of it reaches a guest on stage or an audience', async () => {
  const { host, guest, room } = await setStage(house, browser)
  const yuki = await house.person(browser, 'Yuki', still)
  await yuki.enter(room)
  const eve = await house.person(browser, 'Eve', still)
  await eve.knock(room)
  await eve.button('Watch and listen only').click()
  await eve.isInside()
  await Promise.all([gets(host.page, 2, 2), gets(yuki.page, 2, 2), gets(eve.page, 3, 3)])

  await host.button('Take off stage: Ivan Petrenko').click()
  const preview = side(host, 'green-room').getByRole('article', { name: 'Ivan Petrenko' })
  await seen('who is backstage', preview.locator('video'), 'green')
  await preview.locator('.vu i.on').first().waitFor({ state: 'attached' })
  await guest.toast('You are in the green room').waitFor()
  await Promise.all([gets(host.page, 2, 2), gets(guest.page, 2, 2), gets(yuki.page, 1, 1), gets(eve.page, 2, 2)])
  await yuki.sees('Yuki (you)', host.name)
  await guest.sees('Ivan Petrenko (you)', host.name, 'Yuki')

  await host.button('Take off stage: Yuki').click()
  await seen('one of the green room by another', yuki.tile('Ivan Petrenko').locator('video'))
  await gets(yuki.page, 2, 2)
  await host.button('Put on stage: Ivan Petrenko').click()
  await gets(eve.page, 2, 2)
  await seen('who came on stage', eve.tile('Ivan Petrenko').locator('video'))
})

test('An audience sees and hears the programme, is counted, and those on stage may look at it, too', async () => {
  const { host, guest, room, account, show } = await setStage(house, browser)
  await host.button('Go live').click()
  await host.button('End show').waitFor()
  await seen('the programme in the studio', host.page.locator('[data-programme=live] video'))

  const eve = await house.person(browser, 'Eve', still)
  await eve.knock(room)
  await eve.button('Watch and listen only').click()
  await seen('the programme for an audience', eve.page.locator('[data-tile=programme] video'))
  await heard(eve.page, 1)
  await host.page.locator('.hl', { hasText: /1\s*watching here/ }).waitFor()
  assert.equal(await eve.names().then((names) => names.join()), 'Programme')

  await guest.button('Watch the programme').click()
  await seen('the programme for a guest', guest.page.locator('[data-tile=programme] video'))
  const silent = await guest.page.locator('[data-tile=programme] video').evaluate((video: HTMLVideoElement) => video.muted)
  assert.ok(silent, 'a guest hears the room, not the programme')
  await guest.button('Back to the room').click()
  await guest.page.locator('[data-tile=programme]').waitFor({ state: 'detached' })

  await eve.leave()
  await host.page.locator('.hl', { hasText: /0\s*watching here/ }).waitFor()
  await account.call('POST', `/api/broadcasts/${show.id}/end`)
  await guest.button('Watch the programme').waitFor({ state: 'detached' })
})

test('What one host prepares is at another’s hand at once, and after a reload', async () => {
  const { host, account, show } = await setStage(house, browser)
  const { page } = host
  const shown = async () => (await account.call<Brand>('GET', `/api/broadcasts/${show.id}/brand`)).brand.banners.map(({ title }) => title)
  await host.button('New banner').click()
  await page.getByRole('dialog').getByLabel('Title').fill('Prepared here')
  await page.keyboard.press('Enter')
  await eventually('the server has the line', async () => (await shown()).join() === 'Prepared here')

  const now = await account.call<Brand>('GET', `/api/broadcasts/${show.id}/brand`)
  const theirs = { id: crypto.randomUUID(), kind: 'banner' as const, title: 'Prepared there', subtitle: '' }
  await account.call('PUT', `/api/broadcasts/${show.id}/brand`, { ...now, brand: { ...now.brand, banners: [...now.brand.banners, theirs] } })
  await host.button('Show Prepared there').waitFor()
  await page.reload()
  await page.locator('.joinbox .btn.primary:enabled').click()
  for (const title of ['Prepared here', 'Prepared there']) await host.button(`Show ${title}`).waitFor()
})

test('What another host, or a program, does to the destinations is on the page at once', async () => {
  const { host, guest, account, show } = await setStage(house, browser)
  const path = `/api/broadcasts/${show.id}/destinations`
  const row = (name: string) => host.page.locator('[data-destination]', { hasText: name })
  const { id } = await account.call<Destination>('POST', path, { platform: 'twitch', name: 'Theirs', streamKey: 'key' })
  await row('Theirs').getByText('Ready').waitFor()
  await account.call('PATCH', `${path}/${id}`, { enabled: false, name: 'Ours' })
  await row('Ours').getByText('Off', { exact: true }).waitFor()
  await account.call('DELETE', `${path}/${id}`)
  await row('Ours').waitFor({ state: 'detached' })
  assert.equal(await guest.page.locator('[data-destination]').count(), 0)
})
