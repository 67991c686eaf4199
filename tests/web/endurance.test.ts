// SPDX-License-Identifier: LGPL-2.1-or-later
import assert from 'node:assert/strict'
import { after, afterEach, before, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { eventually } from '../lib/deadline.ts'
import { openChromium } from './lib/browsers.ts'
import { House } from './lib/house.ts'
import { connections, seen } from './lib/media.ts'

const long = process.env.GREENROOM_TEST_LONG !== undefined
const cycles = 50

let house: House
let red: Browser
let blue: Browser

before(async () => {
  if (long) [house, red, blue] = await Promise.all([House.open(), openChromium({ camera: 'red' }), openChromium({ camera: 'blue' })])
})
afterEach(() => house?.everyoneLeaves())
after(() => house?.close())

test('somebody comes and goes fifty times, and leaves nothing behind at the other or in the daemon', { skip: !long && 'GREENROOM_TEST_LONG' }, async () => {
  const { room } = await house.room('Zora')
  const ada = await house.person(red, 'Ada')
  const ben = await house.person(blue, 'Ben')
  await ada.enter(room)

  let warm: ReturnType<typeof house.daemon.figures> | undefined
  for (let cycle = 1; cycle <= cycles; cycle++) {
    await ben.enter(room)
    await seen('Ben at Ada', ada.video('Ben'), 'blue')
    await ben.leave()
    await ada.sees('Ada (you)')
    await eventually('the connection is closed', async () => (await connections(ada.page)).connected === 0)
    if (cycle === 10) warm = house.daemon.figures()
  }
  assert.equal((await connections(ada.page)).made, cycles)

  const now = house.daemon.figures()
  const grown = now.residentKilobytes - warm!.residentKilobytes
  assert.ok(now.descriptors <= warm!.descriptors + 4, `${warm!.descriptors} descriptors became ${now.descriptors}`)
  assert.ok(grown < 4096, `${grown} kB more`)
})
