// SPDX-License-Identifier: LGPL-2.1-or-later
/** Real browsers with made-up devices: Chromium, whose camera plays a film of one colour, and Firefox with its own. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, firefox, type Browser } from 'playwright-core'

export type Colour = 'red' | 'green' | 'blue' | 'yellow' | 'violet' | 'grey'

/** As a camera sees them: Y, Cb and Cr of BT.601. */
const colours: Record<Colour, [number, number, number]> = {
  red: [82, 90, 220],
  green: [110, 70, 60],
  blue: [60, 220, 110],
  yellow: [190, 30, 145],
  violet: [100, 180, 180],
  grey: [120, 128, 128],
}

const width = 320
const height = 180
const frames = 30

/** A film of one second: one colour, and a bright bar that moves, so that a picture that stands still shows. */
function film(colour: Colour): Buffer {
  const [luma, blue, red] = colours[colour]
  const parts = [Buffer.from(`YUV4MPEG2 W${width} H${height} F30:1 Ip A1:1 C420jpeg\n`)]
  for (let frame = 0; frame < frames; frame++) {
    const picture = Buffer.alloc(width * height, luma)
    const bar = Math.floor((frame * width) / frames)
    for (let row = 0; row < height; row++) picture.fill(235, row * width + bar, row * width + Math.min(width, bar + 16))
    const chroma = (width * height) / 4
    parts.push(Buffer.from('FRAME\n'), picture, Buffer.alloc(chroma, blue), Buffer.alloc(chroma, red))
  }
  return Buffer.concat(parts)
}

const opened = new Set<Browser>()
let films: string | undefined

function filmFile(colour: Colour): string {
  if (films === undefined) {
    const folder = mkdtempSync(join(tmpdir(), 'greenroom-films-'))
    films = folder
    process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
  }
  const path = join(films, `${colour}.y4m`)
  writeFileSync(path, film(colour))
  return path
}

export interface ChromiumOptions {
  /** What its camera shows; left out, Chromium's own test picture. */
  camera?: Colour
  arguments?: string[]
}

export async function openChromium({ camera, arguments: more = [] }: ChromiumOptions = {}): Promise<Browser> {
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--use-fake-device-for-media-stream',
      '--use-fake-ui-for-media-stream',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      ...(camera === undefined ? [] : [`--use-file-for-fake-video-capture=${filmFile(camera)}`]),
      ...more,
    ],
  })
  opened.add(browser)
  return browser
}

export async function openFirefox(): Promise<Browser> {
  const browser = await firefox.launch({
    channel: 'moz-firefox',
    executablePath: '/usr/bin/firefox-esr',
    firefoxUserPrefs: {
      'media.navigator.streams.fake': true,
      'media.navigator.permission.disabled': true,
      'media.peerconnection.ice.obfuscate_host_addresses': false,
      'media.peerconnection.ice.loopback': true,
      'media.autoplay.default': 0,
      /* A sound card that is made up too: without any, an AudioContext never runs and a voice cannot be measured. */
      'media.cubeb.force_mock_context': true,
    },
  })
  opened.add(browser)
  return browser
}

/** For `after`: whatever is still open. */
export async function closeBrowsers(): Promise<void> {
  const all = [...opened]
  opened.clear()
  await Promise.all(all.map((browser) => browser.close()))
}
