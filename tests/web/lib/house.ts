// SPDX-License-Identifier: LGPL-2.1-or-later
/** A daemon, the line to it, and people in browsers who find what they need as people do: by its name. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import type { Browser, BrowserContext, BrowserContextOptions, Locator, Page } from 'playwright-core'
import type { Room, RoomCreate } from '../../../src/web/protocol/contract.ts'
import { Client } from '../../lib/client.ts'
import { Daemon, type DaemonOptions } from '../../lib/daemon.ts'
import { eventually } from '../../lib/deadline.ts'
import { closeBrowsers } from './browsers.ts'
import { Line } from './line.ts'
import { watchConnections } from './media.ts'

const password = 'correct horse'
let serial = 0
let pictures = 0

export class House {
  daemon: Daemon
  readonly line: Line
  private readonly people = new Set<Person>()

  private constructor(daemon: Daemon, line: Line) {
    this.daemon = daemon
    this.line = line
  }

  static async open(options: DaemonOptions = {}): Promise<House> {
    const daemon = await Daemon.start({ watchdog: 240_000, ...options })
    return new House(daemon, await Line.open(daemon.port))
  }

  get url() {
    return this.line.url
  }

  /** An account made without a page, to sign in with. */
  account = (name: string) => Client.register(this.daemon, { name, email: `${++serial}.person@example.org`, password })

  /** A room of a new account called @owner. */
  async room(owner: string, room: Partial<RoomCreate> = {}): Promise<{ host: Client; room: Room }> {
    const host = await this.account(owner)
    return { host, room: await host.createRoom({ title: `Room ${++serial}`, visibility: 'unlisted', ...room }) }
  }

  /** A browser window of its own, with nobody signed in. */
  async person(browser: Browser, name: string, options: BrowserContextOptions = {}): Promise<Person> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, baseURL: this.url, locale: 'en', ...options })
    await context.addInitScript(watchConnections)
    const person = new Person(this, context, await context.newPage(), name)
    this.people.add(person)
    return person
  }

  /** The same with an account's session, as if they had signed in on the page. */
  async signedIn(browser: Browser, account: Client, options: BrowserContextOptions = {}): Promise<Person> {
    const { name, email } = account.user!
    const person = await this.person(browser, name, options)
    const answer = await person.context.request.post('/api/auth/login', { data: { email, password } })
    assert.equal(answer.status(), 200, await answer.text())
    return person
  }

  /** Everyone who is still here goes, and nobody may have had an error in their page. GREENROOM_TEST_PICTURES names a folder for
   * pictures of how each page looked at the end, to see why a test failed. */
  async everyoneLeaves() {
    const people = [...this.people]
    this.people.clear()
    const folder = process.env.GREENROOM_TEST_PICTURES
    if (folder !== undefined) {
      for (const { page, name } of people) await page.screenshot({ path: join(folder, `${++pictures}-${name}.png`), timeout: 5_000 }).catch(() => {})
    }
    await Promise.all(people.map((person) => person.context.close()))
    assert.deepEqual(people.flatMap(({ name, troubles }) => troubles.map((trouble) => `${name}: ${trouble}`)), [])
  }

  async close() {
    await closeBrowsers()
    this.line.close()
    await this.daemon.stop()
  }
}

export class Person {
  readonly house: House
  readonly context: BrowserContext
  readonly page: Page
  readonly name: string
  /** Uncaught errors and what the console called an error. */
  readonly troubles: string[] = []

  constructor(house: House, context: BrowserContext, page: Page, name: string) {
    this.house = house
    this.context = context
    this.page = page
    this.name = name
    page.setDefaultTimeout(15_000)
    page.on('pageerror', (error) => this.troubles.push(String(error.stack ?? error)))
    page.on('console', (message) => {
      /* Answers that say no, and a server that is away, are part of what is tested. */
      const network = /Failed to load resource|WebSocket connection|can’t establish a connection|NS_ERROR|Cross-Origin Request/
      if (message.type() === 'error' && !network.test(message.text())) this.troubles.push(message.text())
    })
  }

  button = (name: string | RegExp) => this.page.getByRole('button', { name, exact: typeof name === 'string' })

  /** In Firefox key by key: what Playwright's fill does there is no input to React. */
  async write(field: Locator, text: string) {
    if ((await field.inputValue()) === text) return
    if (this.context.browser()?.browserType().name() === 'chromium') return field.fill(text)
    await field.selectText()
    await field.pressSequentially(text)
  }

  /** To the lobby, with the name filled in where one is asked for. */
  async knock(room: Room, invite?: string) {
    await this.page.goto(`/r/${room.slug}${invite === undefined ? '' : `?invite=${invite}`}`)
    await this.button('Join').waitFor()
    const name = this.page.getByLabel('Your name')
    if (await name.isVisible()) await this.write(name, this.name)
  }

  /** Through the lobby into the room. */
  async enter(room: Room, invite?: string) {
    await this.knock(room, invite)
    await this.button('Join').click()
    await this.isInside()
  }

  isInside = () => this.control('leave').waitFor()
  leave = () => this.control('leave').click()

  control = (name: 'microphone' | 'camera' | 'share' | 'hand' | 'leave') => this.page.locator(`[data-control=${name}]`)

  /** Somebody's tile, oneself's by `me`. */
  tile = (name: string): Locator => this.page.getByRole('article', { name, exact: true })
  video = (name: string): Locator => this.tile(name).locator('video')
  get myTile() {
    return this.tile(`${this.name} (you)`)
  }

  toast = (text: string | RegExp) => this.page.locator('.toast', { hasText: text })

  async panel(name: 'chat' | 'people' | 'stats'): Promise<Locator> {
    const button = this.page.locator(`[data-panel=${name}]`)
    if ((await button.getAttribute('aria-pressed')) !== 'true') await button.click()
    const panel = this.page.getByRole('complementary')
    await panel.waitFor()
    return panel
  }

  /** Something from somebody's menu in the list of people. */
  async doTo(name: string, entry: string | RegExp) {
    const people = await this.panel('people')
    await people.getByRole('button', { name: `More for ${name}`, exact: true }).click()
    await this.page.getByRole('menu').getByText(entry).click()
  }

  async say(text: string) {
    const chat = await this.panel('chat')
    await this.write(chat.getByLabel('Message the room'), text)
    await this.page.keyboard.press('Enter')
  }

  /** The texts of the chat, in order, system lines included. */
  async reads(text: string) {
    const chat = await this.panel('chat')
    await chat.getByText(text).first().waitFor()
  }

  /** The names on the tiles. */
  names = () => this.page.getByRole('article').evaluateAll((tiles) => tiles.map((tile) => tile.getAttribute('aria-label')).sort())

  sees = (...names: string[]) =>
    eventually(`${this.name} sees ${names.join(', ')}`, async () => {
      const now = (await this.names()).join()
      if (now !== [...names].sort().join()) throw new Error(now)
      return true
    })
}
