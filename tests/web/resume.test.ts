// SPDX-License-Identifier: LGPL-2.1-or-later
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, afterEach, before, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { Daemon } from '../lib/daemon.ts'
import { eventually } from '../lib/deadline.ts'
import { openChromium } from './lib/browsers.ts'
import { House, type Person } from './lib/house.ts'
import { arrivals, connections, frameGaps, heard, seen, watchFrames } from './lib/media.ts'

const folder = mkdtempSync(join(tmpdir(), 'greenroom-resume-'))
let house: House
let red: Browser
let blue: Browser

before(async () => {
  ;[house, red, blue] = await Promise.all([
    House.open({ folder }),
    openChromium({ camera: 'red' }),
    openChromium({ camera: 'blue' }),
  ])
})
afterEach(() => house.everyoneLeaves())
after(async () => {
  await house.close()
  rmSync(folder, { recursive: true, force: true })
})

async function two(owner: string): Promise<[Person, Person]> {
  const { room } = await house.room(owner)
  const ada = await house.person(red, 'Ada')
  const ben = await house.person(blue, 'Ben')
  await ada.enter(room)
  await ben.enter(room)
  await Promise.all([seen('Ben at Ada', ada.video('Ben'), 'blue'), seen('Ada at Ben', ben.video('Ada'), 'red')])
  return [ada, ben]
}

const reconnecting = (person: Person) => person.page.getByRole('status').getByText('Reconnecting…')
const decoded = async (person: Person) => (await arrivals(person.page)).flat().reduce((sum, { frames }) => sum + frames, 0)

test('a cut line is said and mended, and meanwhile everyone sees and hears everyone', async () => {
  const [ada, ben] = await two('Vera')
  await Promise.all([watchFrames(ada.page, '[aria-label=Ben] video'), watchFrames(ben.page, '[aria-label=Ada] video')])

  house.line.cut()
  await Promise.all([reconnecting(ada).waitFor(), reconnecting(ben).waitFor()])
  const before = await decoded(ada)
  await eventually('frames go on', async () => (await decoded(ada)) > before + 20)
  await heard(ada.page, 1)
  house.line.mend()
  await Promise.all([ada, ben].map((person) => reconnecting(person).waitFor({ state: 'detached' })))

  await ada.say('Here we are again')
  await ben.reads('Here we are again')
  for (const [person, other] of [[ada, ben], [ben, ada]]) {
    const chat = await person.panel('chat')
    assert.equal(await chat.getByText(`${other.name} left`).count(), 0, `${person.name} saw nobody leave`)
    assert.deepEqual(await connections(person.page), { made: 1, connected: 1, ended: 0 })
    const [gap] = await frameGaps(person.page)
    assert.ok(gap.longest < 1000 && gap.shown, `${person.name} saw no frame for ${gap.longest} ms`)
  }
})

test('what was written while the line was cut arrives', async () => {
  const [ada, ben] = await two('Wanda')
  house.line.cut()
  await reconnecting(ada).waitFor()
  await ada.control('hand').click()
  await ada.control('microphone').click()
  house.line.mend()
  await ben.tile('Ada').getByTitle('Hand raised').waitFor()
  await ben.tile('Ada').getByTitle('Muted').waitFor()
})

test('whoever reloads the page sits where they sat, and their picture comes back', async () => {
  const [ada, ben] = await two('Xenia')
  await ada.page.reload()
  await ada.button('Join').click()
  await ada.isInside()
  await Promise.all([seen('Ben at Ada', ada.video('Ben'), 'blue'), seen('Ada at Ben', ben.video('Ada'), 'red')])
  await ben.sees('Ada', 'Ben (you)')
  assert.equal(await (await ben.panel('chat')).getByText('Ada left').count(), 0, 'Ben saw nobody leave')
})

test('when the daemon is started again on its data, the pages come back by themselves', async () => {
  const [ada, ben] = await two('Yrsa')
  for (const { page } of [ada, ben]) await page.evaluate(() => Object.assign(window, { sameDocument: true }))
  await ada.say('Before')
  await ben.reads('Before')

  await house.daemon.stop()
  await Promise.all([reconnecting(ada).waitFor(), reconnecting(ben).waitFor()])
  await heard(ada.page, 1)
  house.daemon = await Daemon.start({ folder, watchdog: 240_000 })
  house.line.target = house.daemon.port
  await Promise.all([ada, ben].map((person) => reconnecting(person).waitFor({ state: 'detached', timeout: 25_000 })))

  await ada.say('After')
  await ben.reads('After')
  await ben.reads('Before')
  await Promise.all([ada.sees('Ada (you)', 'Ben'), ben.sees('Ada', 'Ben (you)')])
  await Promise.all([seen('Ben at Ada', ada.video('Ben'), 'blue'), seen('Ada at Ben', ben.video('Ada'), 'red')])
  await Promise.all([heard(ada.page, 1), heard(ben.page, 1)])
  for (const { page } of [ada, ben]) assert.ok(await page.evaluate(() => 'sameDocument' in window), 'without a reload')
})
