// SPDX-License-Identifier: LGPL-2.1-or-later
/** Two people whose network loses every twentieth packet, each way. The hub says the address of a relay that does. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { after, afterEach, before, test } from 'node:test'
import { promisify } from 'node:util'
import { build, freePort } from '../lib/daemon.ts'
import { eventually } from '../lib/deadline.ts'
import type { Browser } from 'playwright-core'
import { outsideAddress } from './lib/address.ts'
import { openChromium } from './lib/browsers.ts'
import { House } from './lib/house.ts'
import { LossyNetwork } from './lib/lossy.ts'
import { connections, frameGaps, heard, seen, watchFrames } from './lib/media.ts'

/** Ten seconds of the film that a camera shows. */
const tenSeconds = 300

let house: House
let network: LossyNetwork
let red: Browser
let blue: Browser

before(async () => {
  const outside = outsideAddress()
  const hub = { address: '127.0.0.1', port: await freePort() }
  network = await LossyNetwork.open(outside, hub, 5)
  const settings = {
    'media.program': `${build}/src/media/greenroom-media`,
    'media.listen': `${hub.address}:${hub.port}`,
    'media.announce': outside,
  }
  ;[house, red, blue] = await Promise.all([House.open({ settings }), openChromium({ camera: 'red' }), openChromium({ camera: 'blue' })])
  await eventually('the hub is up', () => house.daemon.log.includes('the hub is up'))
})
afterEach(() => house.everyoneLeaves())
after(async () => {
  await house.close()
  network.close()
})

interface Media {
  rooms: {
    tracks: { kind: string; lost: number; nacksSent: number; recovered: number }[]
    slots: { kind?: string; nacks: number; rtx: number }[]
  }[]
}

/** What greenroomctl tracks counts of all cameras: asked for by the hub, and by people. */
async function repaired(room: string) {
  const environment = { ...process.env, GREENROOM_DATA_DIR: house.daemon.folder }
  const { stdout } = await promisify(execFile)(`${build}/src/ctl/greenroomctl`, ['tracks', room, '--json'], { env: environment })
  const { rooms } = JSON.parse(stdout) as Media
  const sum = (numbers: number[]) => numbers.reduce((all, number) => all + number, 0)
  const tracks = rooms.flatMap(({ tracks }) => tracks).filter(({ kind }) => kind === 'camera')
  const slots = rooms.flatMap(({ slots }) => slots).filter(({ kind }) => kind === 'camera')
  return {
    asked: sum(tracks.map(({ nacksSent }) => nacksSent)),
    recovered: sum(tracks.map(({ recovered }) => recovered)),
    neverCame: sum(tracks.map(({ lost }) => lost)),
    wereAsked: sum(slots.map(({ nacks }) => nacks)),
    sentAgain: sum(slots.map(({ rtx }) => rtx)),
  }
}

test('Five packets in a hundred are lost each way, and for ten seconds no picture stands still', async () => {
  const { room } = await house.room('Nora')
  const ada = await house.person(red, 'Ada')
  const ben = await house.person(blue, 'Ben')
  await ada.enter(room)
  await ben.enter(room)
  await Promise.all([seen('Ben at Ada', ada.video('Ben'), 'blue'), seen('Ada at Ben', ben.video('Ada'), 'red')])

  const before = await repaired(room.slug)
  await Promise.all([watchFrames(ada.page, '[aria-label=Ben] video'), watchFrames(ben.page, '[aria-label=Ada] video')])
  for (const person of [ada, ben]) {
    await eventually(`${person.name} saw ten seconds of film`, async () => {
      const [{ frames, longest }] = await frameGaps(person.page)
      assert.ok(frames >= tenSeconds, `${frames} frames, longest gap ${longest} ms`)
      return true
    }, 30_000)
  }
  for (const person of [ada, ben]) {
    const [{ frames, longest, shown }] = await frameGaps(person.page)
    /* Twice what a repaired loss may cost. */
    assert.ok(shown && longest < 2000, `${person.name} saw ${frames} frames, and none for ${longest} ms`)
  }

  await eventually('the losses are counted, and repaired', async () => {
    const now = await repaired(room.slug)
    for (const name of ['asked', 'recovered', 'wereAsked', 'sentAgain'] as const) {
      assert.ok(now[name] > before[name], `${name}: ${before[name]}, then ${now[name]}`)
    }
    return true
  })
  assert.ok(network.lost > network.passed / 30, `${network.lost} were lost, ${network.passed} were not`)
  await Promise.all([heard(ada.page, 1), heard(ben.page, 1)])
  for (const person of [ada, ben]) assert.equal((await connections(person.page)).made, 1, 'no connection was given up')
})
