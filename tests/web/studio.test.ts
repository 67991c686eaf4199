// SPDX-License-Identifier: LGPL-2.1-or-later
/** The studio as a host uses it: people on and off stage, scenes, banners, destinations, going live; and what guests, the lobby
 * and the public page of a show say of it. */
import assert from 'node:assert/strict'
import { after, afterEach, before, beforeEach, describe, test } from 'node:test'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import type { Broadcast, BroadcastList, Destination, Scene } from '../../src/web/protocol/contract.ts'
import type { Client } from '../lib/client.ts'
import { freePort } from '../lib/daemon.ts'
import { eventually } from '../lib/deadline.ts'
import { openChromium } from './lib/browsers.ts'
import type { House, Person } from './lib/house.ts'
import { focused, outside, resize } from './lib/looks.ts'
import { pictureOf, seen } from './lib/media.ts'
import { card, openStudioHouse, setStage, side, type Stage, still } from './lib/studio.ts'

let house: House
let browser: Browser

before(async () => {
  ;[house, browser] = await Promise.all([openStudioHouse(), openChromium({ camera: 'green' })])
})
after(() => house.close())

const set = (options?: BrowserContextOptions): Promise<Stage> => setStage(house, browser, options)
const layout = (person: Person, name: string) => person.page.getByRole('radio', { name, exact: true })

const sceneIs = (account: Client, show: Broadcast, what: string, fits: (scene: Scene['scene']) => boolean) =>
  eventually(what, async () => {
    const { scene } = await account.call<Scene>('GET', `/api/broadcasts/${show.id}/scene`)
    if (!fits(scene)) throw new Error(JSON.stringify(scene))
    return true
  })

/** The name of what has the focus, or its text. */
const focusIs = (page: Page, name: string | RegExp) =>
  eventually(`the focus is on ${name}`, async () => {
    const now = (await focused(page)).name
    if (typeof name === 'string' ? now !== name : !name.test(now)) throw new Error(now)
    return true
  })

/** The stage as it was at first, whatever a test left behind. */
async function tidy({ account, host, guest, show }: Stage, scene: Scene['scene']) {
  const { page } = host
  const path = `/api/broadcasts/${show.id}`
  const { items } = await account.call<{ items: Destination[] }>('GET', `${path}/destinations`)
  for (const { id } of items) await account.call('DELETE', `${path}/destinations/${id}`)
  await account.call('PATCH', `${path}/scene`, scene)
  for (const person of [host, guest]) await resize(person.page, 1440, 900)
  const back = host.button('Put on stage: Ivan Petrenko')
  if (await back.isVisible()) await back.click()
  await page.locator('#tab-brand').click()
  await page.evaluate(() => (document.activeElement as HTMLElement).blur())
}

describe('in one studio', () => {
  let stage: Stage
  let plain: Scene['scene']

  before(async () => {
    stage = await set()
    plain = (await stage.account.call<Scene>('GET', `/api/broadcasts/${stage.show.id}/scene`)).scene
  })
  beforeEach(() => {
    house.line.mend()
    return tidy(stage, plain)
  })
  after(() => house.everyoneLeaves())

  test('people go on and off stage by button, by menu and by drag, and are told', async () => {
    const { host, guest } = stage
    const ivan = () => card(host, 'Ivan Petrenko')
    await side(host, 'stage').getByRole('article', { name: 'Ivan Petrenko' }).waitFor()

    await host.button('Take off stage: Ivan Petrenko').click()
    await side(host, 'green-room').getByRole('article', { name: 'Ivan Petrenko' }).waitFor()
    await guest.toast('You are in the green room').waitFor()

    await ivan().dragTo(side(host, 'stage'))
    await side(host, 'stage').getByRole('article', { name: 'Ivan Petrenko' }).waitFor()
    await guest.toast('You are on stage').waitFor()
    await seen('who is back on stage', ivan().locator('video'))

    /* The same with nothing but the keyboard. */
    await ivan().getByRole('button', { name: 'More for Ivan Petrenko' }).focus()
    await host.page.keyboard.press('Enter')
    await host.page.getByRole('menuitem', { name: 'To the green room' }).focus()
    await host.page.keyboard.press('Enter')
    await side(host, 'green-room').getByRole('article', { name: 'Ivan Petrenko' }).waitFor()

    await ivan().dragTo(side(host, 'stage'))
    await side(host, 'stage').getByRole('article', { name: 'Ivan Petrenko' }).waitFor()
    await ivan().dragTo(side(host, 'green-room'))
    await side(host, 'green-room').getByRole('article', { name: 'Ivan Petrenko' }).waitFor()
  })

  test('who is seen first changes by drag, and a picture can be hidden', async () => {
    const { account, host, show } = stage
    const orderIs = (...names: string[]) =>
      eventually(`the order is ${names.join(', ')}`, async () => {
        const now = await side(host, 'stage').getByRole('article').evaluateAll((cards) => cards.map((one) => one.getAttribute('aria-label')))
        if (now.join() !== names.join()) throw new Error(now.join())
        return true
      })
    await orderIs(host.name, 'Ivan Petrenko')
    await card(host, 'Ivan Petrenko').dragTo(card(host, host.name))
    await orderIs('Ivan Petrenko', host.name)
    await sceneIs(account, show, 'the server has the order', ({ order }) => order.length === 2)

    await card(host, host.name).getByRole('button', { name: `More for ${host.name}` }).click()
    await host.page.getByRole('menuitem', { name: 'Hide from the picture' }).click()
    await sceneIs(account, show, 'one is seen', ({ order }) => order.length === 1)
    await host.button('Undo the last change').click()
    await sceneIs(account, show, 'both are seen again', ({ order }) => order.length === 2)
  })

  test('scenes change by key and by click, are undone, saved and shown again', async () => {
    const { account, host, show } = stage
    const { page } = host
    const isLayout = (name: string) => sceneIs(account, show, `the layout is ${name}`, (scene) => scene.layout === name)

    await page.keyboard.press('5')
    await isLayout('screen')
    await page.keyboard.press('2')
    await isLayout('spotlight')
    await page.keyboard.press('Control+z')
    await isLayout('screen')
    await layout(host, 'Picture in picture').click()
    await isLayout('pip')
    await page.keyboard.press('ArrowLeft')
    await isLayout('screen')

    await page.getByRole('group', { name: 'Transition' }).getByRole('button', { name: 'Move' }).click()
    await sceneIs(account, show, 'scenes move', ({ transition }) => transition.kind === 'move')

    await host.button('Save scene').first().click()
    await page.getByRole('dialog').getByLabel('Name').fill('Demo')
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await page.keyboard.press('1')
    await isLayout('grid')
    await page.getByRole('tab', { name: 'Scenes' }).click()
    await host.button('Show Demo').click()
    await isLayout('screen')
    await host.button('Remove Demo').click()
    await host.button('Show Demo').waitFor({ state: 'detached' })
    await host.toast('The scene is removed').getByRole('button', { name: 'Undo' }).click()
    await host.button('Show Demo').waitFor()

    /* Single letters and digits rest while somebody types. */
    await page.getByLabel('Message the room').fill('')
    await page.getByLabel('Message the room').pressSequentially('1b')
    await isLayout('screen')
  })

  test('banners, the ticker and a chat message go on screen and off, and a removed banner comes back', async () => {
    const { account, host, guest, show } = stage
    const { page } = host
    const write = async (title: string, ticker = false) => {
      await host.button('New banner').click()
      const dialog = page.getByRole('dialog')
      if (ticker) await dialog.getByRole('button', { name: 'Ticker' }).click()
      await dialog.getByLabel(ticker ? 'Text that runs along' : 'Title').fill(title)
      await page.keyboard.press('Enter')
      await dialog.waitFor({ state: 'detached' })
    }
    await write('How one UDP port serves a room')
    await write('Next Friday: the mixer', true)
    await page.keyboard.press('b')
    await sceneIs(account, show, 'the banner is shown', ({ banner }) => banner?.title === 'How one UDP port serves a room')
    await host.button('Show Next Friday: the mixer').click()
    await sceneIs(account, show, 'the ticker runs', ({ ticker }) => ticker === 'Next Friday: the mixer')

    await host.button('More for How one UDP port serves a room').click()
    await page.getByRole('menuitem', { name: 'Remove' }).click()
    await sceneIs(account, show, 'a removed banner leaves the screen', ({ banner }) => banner === null)
    await host.toast('The banner is removed').getByRole('button', { name: 'Undo' }).click()
    await sceneIs(account, show, 'it is back on screen', ({ banner }) => banner !== null)

    await guest.say('What happens when a phone changes its network?')
    await page.getByText('What happens when a phone').hover()
    await host.button('Show on screen').click()
    await sceneIs(account, show, 'the question is on screen', ({ message }) => message?.name === 'Ivan Petrenko')
    await page.getByRole('switch', { name: 'Chat message on screen' }).click()
    await sceneIs(account, show, 'the question is off screen', ({ message }) => message === null)

    await page.getByRole('switch', { name: 'Name tags' }).click()
    await sceneIs(account, show, 'there are no name tags', ({ nameTags }) => !nameTags)
    await host.button('#7a4a9c').click()
    await sceneIs(account, show, 'the colour is another', ({ colour }) => colour === '#7a4a9c')

    await page.reload()
    await page.locator('.joinbox .btn.primary:enabled').click()
    await host.button('On screen: How one UDP port serves a room').waitFor()
  })

  test('a destination is added and tested, and its key is never seen again', async (context) => {
    const { account, host, show } = stage
    const { page } = host
    const closed = await freePort()
    const key = 'very-secret-key'
    const answers: string[] = []
    page.on('response', (response) => {
      if (response.url().includes('/destinations')) void response.text().then((text) => answers.push(text), () => {})
    })

    await host.button('Add a destination').click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('button', { name: 'Other' }).click()
    await dialog.getByLabel('Address').fill(`rtmp://127.0.0.1:${closed}/live`)
    await dialog.getByLabel('Stream key').fill(key)
    await dialog.getByRole('textbox', { name: 'Name' }).fill('Studio box')
    await host.button('Add').click()
    await host.button('Test the connection').click()
    await dialog.getByText('It does not work:').waitFor()
    await dialog.getByText('the server refuses connections').waitFor()
    assert.equal(await dialog.getByLabel('Stream key').inputValue(), '')
    await page.keyboard.press('Escape')

    const row = page.locator('[data-destination]')
    await row.getByText('Ready').waitFor()
    await row.getByRole('switch', { name: 'Studio box' }).click()
    await row.getByText('Off', { exact: true }).waitFor()
    const known = await account.call<{ items: Destination[] }>('GET', `/api/broadcasts/${show.id}/destinations`)
    assert.equal(known.items[0].enabled, false)
    context.diagnostic(`${answers.length} answers about destinations`)
    assert.ok(answers.length >= 3)
    assert.ok(!answers.join().includes(key), 'no answer holds the key')
    assert.ok(!(await page.content()).includes(key), 'nor does the page')
  })

  test('a picture is uploaded for the background, and is no more than a picture', async () => {
    const { account, host, show } = stage
    const { page } = host
    const png = await page.screenshot({ clip: { x: 0, y: 0, width: 320, height: 180 } })
    await page.getByLabel('Upload a background').setInputFiles({ name: 'ground.png', mimeType: 'image/png', buffer: png })
    await sceneIs(account, show, 'the picture is the background', ({ background }) => background.picture !== null)
    await page.getByLabel('Upload a logo').setInputFiles({ name: 'logo.png', mimeType: 'image/png', buffer: Buffer.from('no picture') })
    await host.toast('This is not a picture we can read').waitFor()
  })

  test('a host needs no mouse: regions, drawer, dialogs and cards take the focus and give it back', async () => {
    const { account, host, guest, show } = stage
    const { page } = host
    const { keyboard } = page
    await resize(page, 1280, 800)
    const regions: string[] = []
    for (let step = 0; step < 4; step++) {
      await keyboard.press('F6')
      regions.push(await page.evaluate(() => document.activeElement!.getAttribute('aria-label') ?? document.activeElement!.tagName))
    }
    assert.deepEqual(regions, ['Programme', 'Destinations and chat', 'FOOTER', 'Programme'])

    await host.button('Brand').focus()
    await keyboard.press('Enter')
    await focusIs(page, 'Brand')
    await keyboard.press('ArrowRight')
    await focusIs(page, 'Scenes')
    await host.button('Save scene').first().focus()
    await keyboard.press('Enter')
    await focusIs(page, 'Name')
    await host.button('Cancel').focus()
    await keyboard.press('Enter')
    await focusIs(page, 'Save scene')
    await keyboard.press('Escape')
    await page.locator('.sp-l').waitFor({ state: 'hidden' })
    await focusIs(page, 'Brand')

    await host.button('Take off stage: Ivan Petrenko').focus()
    await keyboard.press('Enter')
    await focusIs(page, 'Put on stage: Ivan Petrenko')
    await keyboard.press('Enter')
    await focusIs(page, 'Take off stage: Ivan Petrenko')
    const choose = async (entry: string) => {
      await host.button('More for Ivan Petrenko').focus()
      await keyboard.press('Enter')
      await page.getByRole('menuitem', { name: entry }).focus()
      await keyboard.press('Enter')
    }
    await choose('Put first')
    await sceneIs(account, show, 'Ivan is first', ({ order }) => order.length === 2)
    await page.locator('[data-side=stage] article').first().and(card(host, 'Ivan Petrenko')).waitFor()
    await choose('One place later')
    await page.locator('[data-side=stage] article').last().and(card(host, 'Ivan Petrenko')).waitFor()

    await page.locator('main').focus()
    await keyboard.press('?')
    const keys = page.getByRole('dialog', { name: 'Keyboard shortcuts' })
    await keys.getByText('Banner on and off').waitFor()
    assert.equal(await keys.getByText('Pin tile').count(), 0, 'a key that rests here is not listed')
    await keyboard.press('Escape')
    await keyboard.press('3')
    await sceneIs(account, show, 'digits choose layouts', (scene) => scene.layout === 'sidebar')

    await resize(guest.page, 1440, 900)
    await guest.page.locator('[data-panel=chat]').click()
    const { width } = (await guest.page.locator('.stage').boundingBox())!
    assert.ok(width > 1400, `without a panel the stage of a room is ${width} px wide of 1440`)
  })

  test('what is removed comes back, or is asked about first', async () => {
    const { account, host, show } = stage
    const { page } = host
    const png = await page.screenshot({ clip: { x: 0, y: 0, width: 320, height: 180 } })
    await page.getByLabel('Upload a picture over everything').setInputFiles({ name: 'frame.png', mimeType: 'image/png', buffer: png })
    await sceneIs(account, show, 'the picture lies over everything', ({ overlay }) => overlay !== null)
    await host.button('Undo the last change').click()
    await sceneIs(account, show, 'it is not any more', ({ overlay }) => overlay === null)
    await host.button('Lay over everything').hover()
    await page.getByRole('region', { name: 'Picture over everything' }).getByRole('button', { name: 'Remove the picture' }).click()
    await host.button('Lay over everything').waitFor({ state: 'detached' })
    await host.toast('The picture is removed').getByRole('button', { name: 'Undo' }).click()
    await host.button('Lay over everything').waitFor()

    await host.button('Add a destination').click()
    await page.getByRole('dialog').getByRole('button', { name: 'Twitch' }).click()
    await page.getByRole('dialog').getByLabel('Stream key').fill('key')
    await host.button('Add').click()
    await host.button('Test the connection').waitFor()
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
    const question = page.getByRole('dialog', { name: 'Remove “Twitch”?' })
    await question.getByRole('button', { name: 'Cancel' }).click()
    await page.locator('.dest .about').click()
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
    await question.getByRole('button', { name: 'Remove' }).click()
    await page.locator('.dest').waitFor({ state: 'detached' })
    const { items } = await account.call<{ items: Destination[] }>('GET', `/api/broadcasts/${show.id}/destinations`)
    assert.deepEqual(items, [])
  })

  test('a studio whose line breaks says so, comes back by itself with what happened meanwhile, and can still undo', async () => {
    const { account, host, show } = stage
    const { page } = host
    await page.keyboard.press('2')
    await sceneIs(account, show, 'the layout is spotlight', (scene) => scene.layout === 'spotlight')
    house.line.cut()
    await page.getByText('Reconnecting…').waitFor()
    await page.keyboard.press('6')
    await host.toast('No way to the server').waitFor()
    await layout(host, 'Spotlight').and(page.locator('[aria-checked=true]')).waitFor()
    await account.call('PATCH', `/api/broadcasts/${show.id}/scene`, { nameTags: false })
    house.line.mend()
    await host.toast('Back online').waitFor()
    await page.locator('[role=switch][aria-checked=false]', { hasNotText: 'Chat message' }).and(page.getByRole('switch', { name: 'Name tags' })).waitFor()
    await host.button('Undo the last change').click()
    await sceneIs(account, show, 'the layout is grid', (scene) => scene.layout === 'grid' && !scene.nameTags)
  })

  test('who is in the green room is told that the show is on air and they are not', async () => {
    const { account, host, guest, show } = stage
    await host.button('Take off stage: Ivan Petrenko').click()
    await guest.page.locator('.rtop').getByText('Green room').waitFor()
    await account.call('POST', `/api/broadcasts/${show.id}/start`, {})
    await guest.toast('The show is on air').waitFor()
    await guest.page.locator('.rtop').getByText('ON AIR').waitFor()
    await host.toast('You are on air').waitFor()
    await resize(guest.page, 390, 844)
    assert.deepEqual(await outside(guest.page), [])
    await host.button('Put on stage: Ivan Petrenko').click()
    await guest.toast('You are on air').waitFor()
    await guest.page.locator('.rtop').getByText('Green room').waitFor({ state: 'detached' })
    await account.call('POST', `/api/broadcasts/${show.id}/end`)
  })
})

describe('from the beginning', () => {
  afterEach(() => house.everyoneLeaves())

  test('going live counts down, Esc cancels, everybody is told, and ending asks once', async () => {
    const { account, room, host, guest, show } = await set()
    const { page } = host
    const status = async () => (await account.call<Broadcast>('GET', `/api/broadcasts/${show.id}`)).status

    await host.button('Go live').click()
    await page.getByRole('button', { name: /3 Cancel/ }).waitFor()
    await page.keyboard.press('Escape')
    await host.button('Go live').waitFor()
    assert.equal(await status(), 'scheduled')

    await host.button('Go live').click()
    await host.button('End show').waitFor()
    await page.locator('.onair').waitFor()
    await guest.page.locator('.rtop').getByText('ON AIR').waitFor()
    await guest.toast('You are on air').waitFor()
    await eventually('the show is live', async () => (await status()) === 'live', 20_000)
    await seen('the programme', page.locator('[data-programme=live] video'))

    const late = await house.person(browser, 'Yuki', still)
    await late.page.goto(`/r/${room.slug}`)
    await late.page.locator('.joinbox').getByText('ON AIR').waitFor()

    await page.keyboard.press('4')
    await sceneIs(account, show, 'scenes change on air', (scene) => scene.layout === 'solo')

    await host.button('End show').click()
    const dialog = page.getByRole('dialog', { name: 'End the show for everyone?' })
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
    assert.equal(await status(), 'live')
    await host.button('End show').click()
    await dialog.getByRole('button', { name: 'End show' }).click()
    await host.button('New show').waitFor()
    await guest.page.locator('.rtop').getByText('ON AIR').waitFor({ state: 'detached' })
    await host.button('New show').click()
    await host.button('Go live').waitFor()

    await page.goto('/recordings')
    const recording = page.locator('[data-recording]').first()
    await recording.getByRole('button', { name: /^Play/ }).waitFor({ timeout: 30_000 }).catch(async (error: unknown) => {
      throw new Error(`${String(error)}\n${await recording.innerText()}`)
    })
    await recording.getByRole('button', { name: /^Play/ }).click()
    await seen('the recording', page.locator('.player video'))
    await page.keyboard.press('Escape')
    await recording.getByRole('button', { name: /^More for/ }).click()
    await page.getByRole('menuitem', { name: 'Remove' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
    await recording.waitFor({ state: 'detached' })
  })

  test('a show is planned, waits on a public page, and the page goes on by itself', async () => {
    const { host: account, room } = await house.room('Priya', { visibility: 'public' })
    const priya = await house.signedIn(browser, account, still)
    const { page } = priya
    await page.goto('/shows')
    await priya.button('Plan a show').click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Title').fill('Film night')
    await dialog.getByLabel('Description').fill('With an introduction')
    const soon = new Date(Date.now() + 90_000)
    const local = new Date(soon.getTime() - soon.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
    await dialog.getByLabel('Starts').fill(local)
    await priya.button('Plan it').click()
    await dialog.waitFor({ state: 'detached' })
    await page.getByRole('link', { name: /^Open ?: Film night$/ }).click()

    const ada = await house.person(browser, 'Ada', still)
    await ada.page.goto(page.url())
    await ada.page.getByRole('heading', { name: 'Film night' }).waitFor()
    await ada.page.locator('.count').waitFor()
    const download = ada.page.waitForEvent('download')
    await ada.button('Add to calendar').click()
    assert.equal((await download).suggestedFilename(), 'show.ics')
    await ada.page.goto('/')
    await ada.page.getByRole('link', { name: /^Open ?: Film night$/ }).waitFor()
    await ada.page.goBack()
    await ada.page.locator('.count').waitFor()
    const left = () => ada.page.locator('.count b').allTextContents().then((parts) => parts.map(Number).reduce((sum, part) => 60 * sum + part, 0))
    const first = await left()
    assert.ok(first > 0 && first <= 150, `${first} seconds are left`)
    await eventually('the countdown runs', async () => (await left()) < first)
    await ada.page.evaluate(() => void (window.name = 'kept'))

    const shows = await account.call<BroadcastList>('GET', `/api/broadcasts?roomId=${room.id}`)
    await account.call('POST', `/api/broadcasts/${shows.items[0].id}/start`, {})
    /* Nobody asked for a camera or a name, and nothing was loaded anew. */
    const programme = ada.page.locator('[data-tile=programme] video')
    await eventually('the programme is there', async () => (await pictureOf(programme)).width === 1280, 20_000)
    assert.equal(await ada.page.evaluate(() => performance.getEntriesByType('navigation').length + Number(window.name === 'kept')), 2)
    assert.ok(ada.page.url().includes(`/r/${room.slug}`))
    await account.call('POST', `/api/broadcasts/${shows.items[0].id}/end`)
    await ada.page.locator('[data-tile=programme]').waitFor({ state: 'detached' })
  })
})
