// SPDX-License-Identifier: LGPL-2.1-or-later
/** What is in the picture of a show: whose camera is where, what is written on it, and a clock that somebody shares. */
import type { Locator } from 'playwright-core'
import type { Frame } from '../../lib/receivers.ts'
import type { Colour } from './browsers.ts'
import type { Person } from './house.ts'

export interface Box {
  left: number
  top: number
  /** The first column and row that are no longer in it. */
  right: number
  bottom: number
}

export const widthOf = ({ left, right }: Box) => right - left
export const heightOf = ({ top, bottom }: Box) => bottom - top
export const areaOf = (box: Box) => widthOf(box) * heightOf(box)

type Judge = (red: number, green: number, blue: number) => boolean

const much = 60
const cameras: Partial<Record<Colour, Judge>> = {
  red: (red, green, blue) => red > green + much && red > blue + much,
  green: (red, green, blue) => green > red + much && green > blue + much,
  blue: (red, green, blue) => blue > red + much && blue > green + much,
  yellow: (red, green, blue) => red > blue + much && green > blue + much,
}

/** The smallest box around everything in @within that @judge takes, and how many of the points looked at those are. */
function around({ width, height, points }: Frame, judge: Judge, within?: Box, step = 2): { box: Box; share: number } | null {
  const { left, top, right, bottom } = within ?? { left: 0, top: 0, right: width, bottom: height }
  const box = { left: width, top: height, right: 0, bottom: 0 }
  let found = 0
  for (let y = top; y < bottom; y += step) {
    for (let x = left; x < right; x += step) {
      const at = (y * width + x) * 3
      if (!judge(points[at]!, points[at + 1]!, points[at + 2]!)) continue
      found++
      box.left = Math.min(box.left, x)
      box.top = Math.min(box.top, y)
      box.right = Math.max(box.right, x + step)
      box.bottom = Math.max(box.bottom, y + step)
    }
  }
  return found === 0 ? null : { box, share: (found * step * step) / areaOf(box) }
}

/** Where the camera or screen of a colour is. */
export function pictureIn(frame: Frame, colour: Colour): Box | null {
  const found = around(frame, cameras[colour]!, undefined, 4)
  return found !== null && areaOf(found.box) > 2_000 && found.share > 0.4 ? found.box : null
}

const isLike = ([red, green, blue]: number[], tolerance: number): Judge => (r, g, b) =>
  Math.abs(r - red!) < tolerance && Math.abs(g - green!) < tolerance && Math.abs(b - blue!) < tolerance

const isLetter: Judge = (red, green, blue) => Math.min(red, green, blue) > 190

/** A plate of @colour, "#rrggbb", somewhere in @within, and how much of it is letters. */
export function plateIn(frame: Frame, colour: string, within?: Box): { box: Box; letters: number } | null {
  const channels = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16))
  const plate = around(frame, isLike(channels, 36), within)
  if (plate === null || areaOf(plate.box) < 300) return null
  const letters = around(frame, isLetter, plate.box, 1)
  return { box: plate.box, letters: letters === null ? 0 : (letters.share * areaOf(letters.box)) / areaOf(plate.box) }
}

/** Of a yellow board, in parts of its width and height: a clock with a cell for each bit, and below it the same turned round. */
const board = {
  bits: 16,
  /** Milliseconds. */
  tick: 40,
  clock: { left: 0.1, top: 0.1, cell: 0.05, height: 0.1 },
  flash: { left: 0.3, top: 0.45, width: 0.4, height: 0.4 },
  /** Hz, not what the browser's microphone beeps. */
  beep: 3000,
}
const { bits, tick, clock, flash, beep } = board

/** Runs in the page: what is shared is the board, which flashes and beeps every second. */
function drawBoard({ bits, tick, clock, flash, beep }: typeof board) {
  navigator.mediaDevices.getDisplayMedia = async () => {
    const canvas = document.createElement('canvas')
    canvas.width = 640
    canvas.height = 360
    const context = canvas.getContext('2d')!
    const fill = (colour: string, left: number, top: number, width: number, height: number) => {
      context.fillStyle = colour
      context.fillRect(left * canvas.width, top * canvas.height, width * canvas.width, height * canvas.height)
    }
    const sound = new AudioContext()
    await sound.resume()
    const oscillator = sound.createOscillator()
    const gain = sound.createGain()
    const destination = sound.createMediaStreamDestination()
    oscillator.frequency.value = beep
    gain.gain.value = 0
    oscillator.connect(gain).connect(destination)
    oscillator.start()
    const draw = () => {
      const now = Date.now()
      const lit = now % 1000 < 200
      fill('#c8b400', 0, 0, 1, 1)
      for (let bit = 0; bit < bits; bit++) {
        const set = (Math.floor(now / tick) >> bit) & 1
        fill(set ? '#fff' : '#000', clock.left + bit * clock.cell, clock.top, clock.cell, clock.height)
        fill(set ? '#000' : '#fff', clock.left + bit * clock.cell, clock.top + clock.height, clock.cell, clock.height)
      }
      fill(lit ? '#fff' : '#000', flash.left, flash.top, flash.width, flash.height)
      gain.gain.setValueAtTime(lit ? 0.8 : 0, sound.currentTime)
    }
    draw()
    setInterval(draw, tick)
    return new MediaStream([...canvas.captureStream(1000 / tick).getTracks(), ...destination.stream.getTracks()])
  }
}

/** Before the person opens a page. */
export const bringBoard = (person: Person) => person.context.addInitScript(drawBoard, board)

function isLight({ width, height, points }: Frame, x: number, y: number): boolean {
  const at = (Math.floor(y * height) * width + Math.floor(x * width)) * 3
  return points[at]! + points[at + 1]! + points[at + 2]! > 3 * 128
}

/** Milliseconds since 1970 as on a board that fills the picture, close to @near; null where there is none. */
export function clockIn(frame: Frame, near: number): number | null {
  let now = 0
  for (let bit = 0; bit < bits; bit++) {
    const x = clock.left + (bit + 0.5) * clock.cell
    const set = isLight(frame, x, clock.top + clock.height / 2)
    if (set === isLight(frame, x, clock.top + clock.height * 1.5)) return null
    if (set) now |= 1 << bit
  }
  const round = tick * 2 ** bits
  return near - ((((near - now * tick) % round) + round * 1.5) % round) + round / 2
}

/** Runs in the page: the picture that a video shows next, small, and when it came. */
async function take(video: SVGElement | HTMLElement) {
  const element = video as HTMLVideoElement
  await new Promise((resolve) => element.requestVideoFrameCallback(resolve))
  const now = Date.now()
  const canvas = new OffscreenCanvas(160, 90)
  const context = canvas.getContext('2d')!
  context.drawImage(element, 0, 0, canvas.width, canvas.height)
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height)
  return { now, width: canvas.width, height: canvas.height, points: Array.from(data).filter((_, at) => at % 4 !== 3) }
}

/** How old each of @count pictures is, milliseconds, that a @video of the programme shows with nothing but a board in it: from the
  * page that draws the board to the page that plays the video. */
export async function agesOf(video: Locator, count: number): Promise<number[]> {
  const ages: number[] = []
  while (ages.length < count) {
    const { now, points, ...size } = await video.evaluate(take)
    const clock = clockIn({ ...size, points: Buffer.from(points) }, now)
    if (clock !== null) ages.push(now - clock)
  }
  return ages.sort((one, other) => one - other)
}

/** Whether a board that fills the picture flashes. */
export const flashes = (frame: Frame) => isLight(frame, flash.left + flash.width / 2, flash.top + flash.height / 2)

/** When each beep begins, seconds from the first of @samples. */
export function beepsIn(samples: Float32Array, rate: number): number[] {
  const window = Math.round(rate / 200)
  const turn = (2 * Math.PI * beep) / rate
  const begins: number[] = []
  let silent = true
  for (let at = 0; at + window <= samples.length; at += window / 2) {
    let sine = 0
    let cosine = 0
    for (let i = 0; i < window; i++) {
      sine += samples[at + i]! * Math.sin(turn * i)
      cosine += samples[at + i]! * Math.cos(turn * i)
    }
    const loud = Math.hypot(sine, cosine) / window > 0.05
    if (loud && silent) begins.push((at + window / 2) / rate)
    silent = !loud
  }
  return begins
}
