// SPDX-License-Identifier: LGPL-2.1-or-later
/** How long it takes from the click on "Join" until the first decoded frame of the person inside is on the page, in Chromium: from
 * browser to browser, and through the hub with one and with three people who send their pictures. Prints one JSON line per
 * figure; the stages on the way count from the click too. Measure alone on the machine.
 *   bash tests/bench/run.sh join */
import { build, freePort } from '../lib/daemon.ts'
import { eventually } from '../lib/deadline.ts'
import { openChromium } from '../web/lib/browsers.ts'
import { House, type Person } from '../web/lib/house.ts'

type Stage = 'offer' | 'answer' | 'ice' | 'connected' | 'frame'
type Times = Partial<Record<Stage, number>>

declare global {
  interface Window {
    /** Milliseconds from the click to each stage of the newest connection, once the frame is there. */
    testFirstFrame: Promise<Times>
    /** When it came to each stage, on the page's clock. */
    testStages: Times
  }
}

const joins = Number(process.env.BENCH_JOINS ?? 30)
const print = (name: string, value: number, target?: number) =>
  console.log(JSON.stringify({ name, value: Math.round(value), unit: 'ms', ...(target === undefined ? {} : { target }) }))
const percentile = (values: number[], part: number) => values.toSorted((a, b) => a - b)[Math.ceil(values.length * part) - 1]!

/** In the page, before its scripts: notes what its connections go through. */
function watchStages() {
  const note = (stage: 'offer' | 'answer' | 'ice' | 'connected') => (window.testStages[stage] ??= performance.now())
  window.testStages = {}
  const { setRemoteDescription, setLocalDescription } = RTCPeerConnection.prototype
  RTCPeerConnection.prototype.setLocalDescription = async function (...description: []) {
    this.addEventListener('connectionstatechange', () => this.connectionState === 'connected' && note('connected'))
    this.addEventListener('iceconnectionstatechange', () => this.iceConnectionState === 'connected' && note('ice'))
    await Reflect.apply(setLocalDescription, this, description)
    note('offer')
  }
  RTCPeerConnection.prototype.setRemoteDescription = function (...description: [RTCSessionDescriptionInit]) {
    note('answer')
    return Reflect.apply(setRemoteDescription, this, description)
  }
}

/** In the page: the clock runs from the click, and stops with the first frame of a picture that is not one's own. */
function watchJoin(other: string) {
  window.testFirstFrame = new Promise((resolve) => {
    document.addEventListener(
      'click',
      ({ timeStamp }) => {
        window.testStages = {}
        const look = () => {
          const video = document.querySelector<HTMLVideoElement>(`article[aria-label="${other}"] video`)
          if (video === null) return
          observer.disconnect()
          video.requestVideoFrameCallback((frame) => {
            const times = { ...window.testStages, frame }
            resolve(Object.fromEntries(Object.entries(times).map(([stage, time]) => [stage, time - timeStamp])))
          })
        }
        const observer = new MutationObserver(look)
        observer.observe(document.body, { childList: true, subtree: true, attributes: true })
        look()
      },
      { capture: true, once: true },
    )
  })
}

async function measure(label: string, house: House, owner: string, senders: string[], median: number, tail: number) {
  const { room } = await house.room(owner)
  const [here, there] = await Promise.all([openChromium({ camera: 'red' }), openChromium({ camera: 'blue' })])
  const inside: Person[] = []
  for (const name of senders) {
    const person = await house.person(here, name)
    await person.enter(room)
    inside.push(person)
  }
  const ben = await house.person(there, 'Ben')
  await ben.context.addInitScript(watchStages)
  const times: Times[] = []
  await ben.knock(room)
  for (let join = 0; join <= joins; join++) {
    await ben.page.evaluate(watchJoin, senders[0]!)
    await ben.page.locator('.joinbox .btn.primary:enabled').click()
    times.push(await ben.page.evaluate(() => window.testFirstFrame))
    await ben.leave()
    await inside[0]!.sees(`${senders[0]} (you)`, ...senders.slice(1))
    await ben.button('Come back').click()
    /* A join does not profit from the keyframe of the one before, nor wait because there was one. */
    await ben.page.waitForTimeout(1000)
  }
  print(`${label}: first join of a page, with what it still downloads, to first decoded frame`, times.shift()!.frame!)
  const of = (stage: Stage) => times.flatMap((time) => time[stage] ?? [])
  for (const stage of ['offer', 'answer', 'ice', 'connected'] as const)
    if (of(stage).length > 0) print(`${label}: join to ${stage}, p50 of ${of(stage).length}`, percentile(of(stage), 0.5))
  print(`${label}: join to first decoded frame, p50 of ${joins}`, percentile(of('frame'), 0.5), median)
  print(`${label}: join to first decoded frame, p95 of ${joins}`, percentile(of('frame'), 0.95), tail)
  await house.everyoneLeaves()
  await Promise.all([here.close(), there.close()])
}

async function withHouse(settings: Record<string, string>, work: (house: House) => Promise<void>) {
  const house = await House.open({ settings: { 'log.level': 'info', ...settings }, watchdog: 300_000 })
  try {
    await work(house)
  } finally {
    await house.close()
  }
}

const port = await freePort()
await withHouse({ 'media.program': `${build}/src/media/greenroom-media`, 'media.listen': `0.0.0.0:${port}` }, async (house) => {
  await eventually('the hub is up', () => house.daemon.log.includes('the hub is up'))
  await measure('through the hub to one', house, 'Mira', ['Ada'], 200, 400)
  await measure('through the hub to three', house, 'Nora', ['Ada', 'Cleo', 'Dan'], 200, 400)
})
await withHouse({ 'log.level': 'warning' }, (house) => measure('browser to browser', house, 'Mira', ['Ada'], 500, 800))
