// SPDX-License-Identifier: LGPL-2.1-or-later
/** What the hub counted, in the statistics panel: asked for while the panel is open, and not before or after. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { Contract } from '../lib/contract.ts'
import { build, freePort } from '../lib/daemon.ts'
import { eventually } from '../lib/deadline.ts'
import { openChromium } from './lib/browsers.ts'
import { House } from './lib/house.ts'
import { seen } from './lib/media.ts'

let house: House
let red: Browser

before(async () => {
  const port = await freePort()
  ;[house, red] = await Promise.all([
    House.open({ settings: { 'media.program': `${build}/src/media/greenroom-media`, 'media.listen': `0.0.0.0:${port}` } }),
    openChromium({ camera: 'red' }),
  ])
  await eventually('the hub is up', () => house.daemon.log.includes('the hub is up'))
})
after(() => house.close())

test('the statistics panel shows what the server counted, for as long as it is open', async () => {
  const { room } = await house.room('Mira')
  const contract = await Contract.read(house.daemon.url)
  const ada = await house.person(red, 'Ada')
  const ben = await house.person(red, 'Ben')
  let answers = 0
  ada.page.on('websocket', (socket) =>
    socket.on('framereceived', ({ payload }) => {
      const message = JSON.parse(payload.toString()) as { type: string }
      if (message.type === 'quality') answers += contract.checkMessage(message) === 'quality' ? 1 : 0
    }))
  await ada.enter(room)
  await ben.enter(room)
  await seen('Ben at Ada', ada.video('Ben'), 'red')
  assert.equal(answers, 0, 'nobody looks, nothing is asked')

  await ada.page.keyboard.press('i')
  const table = ada.page.getByRole('table', { name: 'At the server' })
  const packets = async (row: string) => {
    const cell = table.getByRole('row', { name: row }).getByRole('cell').nth(1)
    return (await cell.count()) > 0 ? Number.parseInt(await cell.innerText(), 10) : 0
  }
  await eventually('what Ada sends is counted', async () => (await packets('↑ Ada Camera')) > 10)
  await eventually('what Ada gets is counted', async () => (await packets('↓ Ben Camera')) > 10)
  const first = await packets('↓ Ben Camera')
  await eventually('it goes on', async () => (await packets('↓ Ben Camera')) > first)

  await ada.page.keyboard.press('Escape')
  await table.waitFor({ state: 'detached' })
  /* What was under way may still come; the panel asks every two seconds, and rarer looks at the line ask nothing. */
  const last = answers
  const turns = await ada.page.evaluate(() => new Promise<number>((resolve) => setTimeout(() => resolve(1), 5000)))
  assert.ok(turns === 1 && answers <= last + 1, `${answers - last} answers with the panel closed`)
})
