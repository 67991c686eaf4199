// SPDX-License-Identifier: LGPL-2.1-or-later
/** How long it takes from the click on "Join" until the first decoded frame of the person inside is on the page, in Chromium,
 * from browser to browser. Prints one JSON line per figure. Measure alone on the machine.
 *   bash tests/bench/run.sh join */
import { openChromium } from '../web/lib/browsers.ts'
import { House } from '../web/lib/house.ts'

declare global {
  interface Window {
    /** Milliseconds from the click to the frame. */
    testFirstFrame: Promise<number>
  }
}

const joins = Number(process.env.BENCH_JOINS ?? 25)
const print = (name: string, value: number, target?: number) =>
  console.log(JSON.stringify({ name, value: Math.round(value), unit: 'ms', ...(target === undefined ? {} : { target }) }))
const percentile = (values: number[], part: number) => values.toSorted((a, b) => a - b)[Math.ceil(values.length * part) - 1]

/** In the page: the clock runs from the click, and stops with the first frame of a picture that is not one's own. */
function watchJoin(other: string) {
  window.testFirstFrame = new Promise((resolve) => {
    document.addEventListener(
      'click',
      ({ timeStamp }) => {
        const look = () => {
          const video = document.querySelector<HTMLVideoElement>(`article[aria-label="${other}"] video`)
          if (video === null) return
          observer.disconnect()
          video.requestVideoFrameCallback((now) => resolve(now - timeStamp))
        }
        const observer = new MutationObserver(look)
        observer.observe(document.body, { childList: true, subtree: true, attributes: true })
        look()
      },
      { capture: true, once: true },
    )
  })
}

const house = await House.open({ settings: { 'log.level': 'warning' }, watchdog: 300_000 })
try {
  const { room } = await house.room('Mira')
  const [here, there] = await Promise.all([openChromium({ camera: 'red' }), openChromium({ camera: 'blue' })])
  const ada = await house.person(here, 'Ada')
  const ben = await house.person(there, 'Ben')
  await ada.enter(room)
  const times: number[] = []
  await ben.knock(room)
  for (let join = 0; join <= joins; join++) {
    await ben.page.evaluate(watchJoin, 'Ada')
    await ben.page.locator('.joinbox .btn.primary:enabled').click()
    times.push(await ben.page.evaluate(() => window.testFirstFrame))
    await ben.leave()
    await ada.sees('Ada (you)')
    await ben.button('Come back').click()
  }
  print('first join of a page, with what it still downloads, to first decoded frame', times.shift()!)
  print(`join to first decoded frame, p50 of ${joins}`, percentile(times, 0.5), 500)
  print(`join to first decoded frame, p95 of ${joins}`, percentile(times, 0.95))
  await house.everyoneLeaves()
} finally {
  await house.close()
}
