// SPDX-License-Identifier: LGPL-2.1-or-later
/** What a page does by itself when its network, or its computer, was away. */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { after, afterEach, before, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { build, freePort } from '../lib/daemon.ts'
import { eventually } from '../lib/deadline.ts'
import { outsideAddress } from './lib/address.ts'
import { openChromium, openFirefox } from './lib/browsers.ts'
import { House } from './lib/house.ts'
import { LossyNetwork } from './lib/lossy.ts'
import { connections, frameGaps, heard, seen, watchFrames } from './lib/media.ts'

let house: House
let network: LossyNetwork
let red: Browser
let fox: Browser
/** The processes of the browser that falls asleep. */
let asleep: number[]

/** Everything that this process started, and what that started. */
function descendants(): number[] {
  const parents = new Map<number, number>()
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue
    try {
      /* The name may hold anything, a parenthesis too. */
      parents.set(Number(entry), Number(readFileSync(`/proc/${entry}/stat`, 'utf8').replace(/^.*\)/s, '').split(' ')[2]))
    } catch { /* It ended. */ }
  }
  const below = (pid: number): number[] => [...parents].filter(([, parent]) => parent === pid).flatMap(([child]) => [child, ...below(child)])
  return below(process.pid)
}

before(async () => {
  const outside = outsideAddress()
  const hub = { address: '127.0.0.1', port: await freePort() }
  network = await LossyNetwork.open(outside, hub, 0)
  const settings = {
    'media.program': `${build}/src/media/greenroom-media`,
    'media.listen': `${hub.address}:${hub.port}`,
    'media.announce': outside,
  }
  house = await House.open({ settings })
  const others = new Set(descendants())
  red = await openChromium({ camera: 'red' })
  asleep = descendants().filter((pid) => !others.has(pid))
  fox = await openFirefox()
  await eventually('the hub is up', () => house.daemon.log.includes('the hub is up'))
})
afterEach(() => house.everyoneLeaves())
after(async () => {
  for (const pid of asleep) try { process.kill(pid, 'SIGCONT') } catch { /* It ended. */ }
  await house.close()
  network.close()
})

async function meet(owner: string) {
  const { host, room } = await house.room(owner)
  const ada = await house.person(red, 'Ada')
  const finn = await house.person(fox, 'Finn')
  await ada.enter(room)
  await finn.enter(room)
  const all = () => Promise.all([seen('Finn at Ada', ada.video('Finn')), seen('Ada at Finn', finn.video('Ada'), 'red')])
  await all()
  return { ada, finn, all, host, room }
}

test('a network that forgets the ways to the hub: both pages find new ones within seconds', async (context) => {
  const { ada, finn, all } = await meet('Berta')
  await Promise.all([watchFrames(ada.page, '[aria-label=Finn] video'), watchFrames(finn.page, '[aria-label=Ada] video')])
  network.forget()
  for (const person of [ada, finn]) {
    await eventually(`${person.name} has a new connection`, async () => {
      const { made, connected } = await connections(person.page)
      return made > 1 && connected === 1
    }, 20_000)
  }
  await all()
  const gaps = [...await frameGaps(ada.page), ...await frameGaps(finn.page)].map(({ longest }) => longest)
  context.diagnostic(`no picture for ${gaps.join(' and ')} ms`)
  assert.ok(Math.max(...gaps) < 10_000, `no picture for ${gaps.join(' and ')} ms`)
  await Promise.all([heard(ada.page, 1), heard(finn.page, 1)])
})

test('who is alone, with nothing to receive, keeps their connection', async () => {
  const { room } = await house.room('Doris')
  const finn = await house.person(fox, 'Finn')
  await finn.enter(room)
  const sent = () =>
    finn.page.evaluate(async () => {
      const report = await window.testConnections.at(-1)!.getStats()
      return Math.max(0, ...[...report.values()].filter(({ type, kind }) => type === 'outbound-rtp' && kind === 'audio').map(({ packetsSent }) => packetsSent))
    })
  await eventually('eight seconds of sound are sent', async () => (await sent()) > 400, 20_000)
  assert.deepEqual(await connections(finn.page), { made: 1, connected: 1, ended: 0 })
})

test('a laptop that slept until the hub gave it up is back by itself', async (context) => {
  const { ada, finn, all, host, room } = await meet('Carla')
  const seat = await host.join(room.id)
  for (const pid of asleep) process.kill(pid, 'SIGSTOP')
  await seat.next('track-removed', ({ kind }) => kind === 'camera', 20_000)
  for (const pid of asleep) process.kill(pid, 'SIGCONT')
  const woken = performance.now()
  await all()
  context.diagnostic(`everybody sees everybody ${Math.round(performance.now() - woken)} ms after it woke`)
  assert.ok(performance.now() - woken < 10_000)
  await seat.leave()
  await Promise.all([heard(ada.page, 1), heard(finn.page, 1)])
})
