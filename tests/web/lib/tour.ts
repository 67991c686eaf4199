// SPDX-License-Identifier: LGPL-2.1-or-later
/** Every page of the client, one after the other, found without words so that it works in each language. */
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import type { Room } from '../../../src/web/protocol/contract.ts'
import { Client, type RoomConnection } from '../../lib/client.ts'
import type { House, Person } from './house.ts'

/** Called on each page, when it shows what it has. */
export type Visit = (where: string, page: Page) => Promise<void>

export interface World {
  admin: Client
  table: Room
  door: Room
  secret: Room
  seats: RoomConnection[]
}

/** An administrator with rooms, one of them lively. */
export async function furnish(house: House): Promise<World> {
  const admin = await Client.register(house.daemon, {
    name: 'Mira Castellanos',
    email: 'mira@example.org',
    password: 'correct horse',
    setup: await house.daemon.setupToken(),
  })
  const table = await admin.createRoom({ title: 'Monday table', visibility: 'public' })
  const door = await admin.createRoom({ title: 'Open studio', visibility: 'public', waitingRoom: true })
  const secret = await admin.createRoom({ title: 'Board of the cooperative', visibility: 'private', guests: false })
  const seats: RoomConnection[] = []
  for (const name of ['Jonas Lindqvist', 'Oksana Hrytsenko', 'Tom']) {
    const client = await house.account(name)
    seats.push(await client.join(table.slug))
  }
  seats[0].send({ type: 'chat-message', text: 'The new sketches are at https://example.org/sketches' })
  seats[1].send({ type: 'chat-message', text: 'Looking at them now. The second one with a longer title is what I would take, I think.' })
  seats[2].send({ type: 'participant-status', hand: true })
  return { admin, table, door, secret, seats }
}

/** As somebody without an account. */
export async function tourOutside(house: House, browser: Browser, world: World, options: BrowserContextOptions, visit: Visit) {
  const person = await house.person(browser, 'Ada', options)
  const { page } = person
  const open = async (where: string, address: string, ready: string) => {
    await page.goto(address)
    await page.locator(ready).first().waitFor()
    await visit(where, page)
  }
  await open('home, signed out', '/', '.list li b')
  await open('rooms, signed out', '/rooms', '.list li b')
  await open('sign in', '/signin', 'form.authbox')
  await open('sign up', '/signup?setup=one-time', 'form.authbox')
  await open('not found', '/nothing/here', '.waitc')
  await open('no such room', '/r/nobody-made-this', '.refused h1')
  await open('by invitation', `/r/${world.secret.slug}`, '.refused h1')
  await open('lobby', `/r/${world.table.slug}`, '.joinbox h1')
  await waitOutside(person, world.door)
  await visit('waiting', page)
  await page.locator('.waitc button').click()
  await page.locator('.waitc a').waitFor()
  await visit('left', page)
}

async function waitOutside(person: Person, door: Room) {
  await person.page.goto(`/r/${door.slug}`)
  await person.page.locator('.joinbox h1').waitFor()
  await person.write(person.page.locator('.joinbox input'), person.name)
  await person.page.locator('.joinbox .btn.primary').click()
  await person.page.locator('.waitc [role=status]').waitFor()
}

/** As the administrator, who is the host of the rooms. */
export async function tourInside(house: House, browser: Browser, world: World, options: BrowserContextOptions, visit: Visit) {
  const person = await house.signedIn(browser, world.admin, options)
  const { page } = person
  await page.goto('/')
  await page.locator('.list li b').first().waitFor()
  await visit('home', page)
  await page.setViewportSize({ width: 1440, height: 900 })
  await page.locator('.top .btn.primary').click()
  await page.locator('dialog').waitFor()
  await visit('start a room', page)
  await page.keyboard.press('Escape')
  for (const address of ['/rooms', '/settings', '/admin']) {
    await page.goto(address)
    await page.locator('main h1').waitFor()
    await page.locator('main :is(.card, .list)').first().waitFor()
    await visit(address.slice(1), page)
  }
  await tourRoom(person, world, visit)
}

async function tourRoom(person: Person, world: World, visit: Visit) {
  const { page } = person
  const wide = () => page.setViewportSize({ width: 1440, height: 900 })
  const panel = async (name: string) => {
    await wide()
    await page.locator(`[data-panel=${name}]`).click()
    await page.locator('aside.rpanel').waitFor()
  }
  await wide()
  await page.goto(`/r/${world.table.slug}`)
  await page.locator('.joinbox .btn.primary:enabled').click()
  await person.isInside()
  await page.locator('[data-message]').first().waitFor()
  await visit('room with chat', page)
  await panel('people')
  await visit('room with people', page)
  await panel('stats')
  await page.locator('aside.rpanel .num').first().waitFor()
  await visit('room with statistics', page)
  await wide()
  await page.locator('aside.rpanel .head .btn.icon').click()
  await visit('room', page)

  const dialog = async (where: string, open: () => Promise<void>) => {
    await wide()
    await open()
    await page.locator('dialog').waitFor()
    await visit(where, page)
    await page.keyboard.press('Escape')
    await page.locator('dialog').waitFor({ state: 'detached' })
  }
  await dialog('share picker', () => person.control('share').click())
  await dialog('invite', () => page.locator('.rtop button:has(use[href="#link"])').click())
  await dialog('shortcuts', () => page.keyboard.press('?'))
  await wide()
  await page.locator('.rbar .ctl[aria-haspopup=menu]:not(.sub)').click()
  await page.locator('[role=menu]').waitFor()
  await visit('menu', page)
  await page.keyboard.press('Escape')
  await wide()
  await person.leave()
  await page.locator('.waitc a').waitFor()
}
