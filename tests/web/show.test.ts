// SPDX-License-Identifier: LGPL-2.1-or-later
/** A real show from end to end: people in browsers, the daemon, its hub and its program, servers of other makes that receive it.
 * What is judged is what they received. */
import assert from 'node:assert/strict'
import { copyFileSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { after, afterEach, before, test, type TestContext } from 'node:test'
import type { Broadcast, Destination, Recording, RecordingList, SceneUpdate } from '../../src/web/protocol/contract.ts'
import type { Client } from '../lib/client.ts'
import { eventually } from '../lib/deadline.ts'
import { Ffmpeg, framesOf, Nginx, probe, soundOf, Viewer, type Frame } from '../lib/receivers.ts'
import { openChromium } from './lib/browsers.ts'
import type { House, Person } from './lib/house.ts'
import { seen } from './lib/media.ts'
import { agesOf, areaOf, beepsIn, bringBoard, clockIn, flashes, heightOf, pictureIn, plateIn, widthOf, type Box } from './lib/programme.ts'
import { share } from './lib/share.ts'
import { card, openStudio, openStudioHouse, showOf, still } from './lib/studio.ts'

/** From one picture to the next at 30 frames a second, and from one piece of sound to the next; FLV counts in milliseconds. */
const longestGap = { video: 0.07, audio: 0.045 }
/** A flash and its beep, milliseconds: of it ours is 20, which tests/pipelines measures without a browser. */
const mostApart = 100
const violet = '#7a4a9c'
/** Of banners and tickers. */
const plate = '#0d1413'

let house: House
let nginx: Nginx
let ffmpeg: Ffmpeg

before(async () => {
  ;[house, nginx, ffmpeg] = await Promise.all([openStudioHouse(), Nginx.open(), Ffmpeg.open()])
})
afterEach(() => house.everyoneLeaves())
after(() => Promise.all([house.close(), nginx.close(), ffmpeg.close()]))

/** The process of the daemon's that makes the show. */
function programProcess(): number {
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue
    try {
      const words = readFileSync(`/proc/${name}/cmdline`, 'utf8').split('\0')
      const parent = Number(readFileSync(`/proc/${name}/stat`, 'utf8').split(') ').at(-1)!.split(' ')[1])
      if (parent === house.daemon.process.pid && words[1] === 'program') return Number(name)
    } catch { /* It ended while we looked. */ }
  }
  throw new Error('there is no program process')
}

interface Show {
  account: Client
  host: Person
  /** The last of the cast. */
  guest: Person
  path: string
  /** Participants by the colour of their cameras. */
  people: Record<'green' | 'red' | 'blue', string>
}

const guests = ['Ivan Petrenko', 'Ada']

/** A host in the studio, two guests on stage, and the screen of one of them. */
async function setStage(): Promise<Show> {
  const { host: account, room } = await house.room('Olena', { title: 'Friday build show', visibility: 'public' })
  const browsers = await Promise.all((['green', 'red', 'blue'] as const).map((camera) => openChromium({ camera })))
  const host = await house.signedIn(browsers[0]!, account, still)
  await openStudio(host, room)
  const people: Person[] = []
  for (const [index, name] of guests.entries()) {
    const guest = await house.person(browsers[index + 1]!, name)
    people.push(guest)
    if (index === 0) await bringBoard(guest)
    await guest.enter(room)
    await card(host, name).waitFor()
    if (index === 0) await share(guest, '1080p30', { sound: true })
  }
  await host.page.locator('[data-source^=screen]').waitFor()

  const { id } = await showOf(account, room)
  await account.call('PATCH', `/api/broadcasts/${id}`, { quality: '720p30' })
  const { items: participants } = await account.call<{ items: { id: string; name: string }[] }>('GET', `/api/rooms/${room.id}/participants`)
  const idOf = (name: string) => participants.find((one) => one.name === name)!.id
  return { account, host, guest: people.at(-1)!, path: `/api/broadcasts/${id}`, people: { green: idOf('Olena'), red: idOf('Ivan Petrenko'), blue: idOf('Ada') } }
}

const addDestination = ({ account, path }: Show, name: string, rtmpUrl: string) =>
  account.call<Destination>('POST', `${path}/destinations`, { platform: 'custom', name, rtmpUrl, streamKey: 'key' })

const destinationIs = ({ account, path }: Show, id: string, state: Destination['status']['state']) =>
  eventually(`the destination is ${state}`, async () => {
    const { items } = await account.call<{ items: Destination[] }>('GET', `${path}/destinations`)
    const { status } = items.find((one) => one.id === id)!
    if (status.state !== state) throw new Error(JSON.stringify(status))
    return true
  }, 20_000)

const setScene = ({ account, path }: Show, scene: SceneUpdate) => account.call('PATCH', `${path}/scene`, scene)

/** Everybody's picture; throws while somebody is missing. */
function everybody(frame: Frame, ...colours: ('green' | 'red' | 'blue' | 'yellow')[]): Box[] {
  return colours.map((colour) => {
    const box = pictureIn(frame, colour)
    if (box === null) throw new Error(`nothing ${colour} is seen`)
    return box
  })
}

const about = (one: number, other: number, tolerance = 12) => Math.abs(one - other) <= tolerance
const isGrid = (boxes: Box[]) => boxes.every((box) => about(widthOf(box), widthOf(boxes[0]!)) && about(heightOf(box), heightOf(boxes[0]!)))
const isAll = (frame: Frame, box: Box) => about(widthOf(box), frame.width) && about(heightOf(box), frame.height)

/** Where a name stands: at the left of the lower edge of a picture. */
const nameIn = (frame: Frame, picture: Box) => plateIn(frame, violet, { ...picture, top: picture.bottom - 80 })

async function switchScenes(show: Show, viewer: Viewer) {
  const { host: { page }, guest, people } = show

  await setScene(show, { layout: 'grid', nameTags: true, colour: violet, background: { colour: '#707070' }, transition: { kind: 'cut', ms: 0 } })
  const titled = await viewer.sees('four pictures of one size, with the names of three people', (frame) => {
    const [green, red, blue, yellow] = everybody(frame, 'green', 'red', 'blue', 'yellow') as [Box, Box, Box, Box]
    if (!isGrid([green, red, blue, yellow])) throw new Error(JSON.stringify([green, red, blue, yellow]))
    return [green, red, blue].every((picture) => nameIn(frame, picture) !== null) && nameIn(frame, yellow) === null
  })
  const [olena, ivan, ada] = everybody(titled, 'green', 'red', 'blue').map((picture) => nameIn(titled, picture)!)
  for (const name of [olena!, ivan!, ada!]) assert.ok(name.letters > 0.05, `a name is written in ${JSON.stringify(name)}`)
  assert.ok(widthOf(ada!.box) < widthOf(olena!.box) && widthOf(olena!.box) < widthOf(ivan!.box), 'each has a name as long as its own')

  await page.getByRole('switch', { name: 'Name tags' }).click()
  await viewer.sees('the same pictures without names', (frame) =>
    [olena!, ivan!, ada!].every(({ box }) => plateIn(frame, violet, box) === null) && isGrid(everybody(frame, 'green', 'red', 'blue', 'yellow')))

  const [place] = everybody(titled, 'blue')
  await guest.control('camera').click()
  await viewer.sees('initials on a disc where a camera is off', (frame) => {
    const disc = plateIn(frame, violet, place)
    if (disc === null || disc.letters < 0.02) throw new Error(JSON.stringify(disc))
    return pictureIn(frame, 'blue') === null && about(widthOf(disc.box), heightOf(disc.box)) && heightOf(disc.box) > heightOf(place!) / 3
  })
  await guest.control('camera').click()
  await viewer.sees('the camera again', (frame) => isGrid(everybody(frame, 'green', 'red', 'blue', 'yellow')))

  await setScene(show, {
    layout: 'spotlight',
    order: [{ participantId: people.blue, kind: 'camera' }, { participantId: people.red, kind: 'camera' }, { participantId: people.green, kind: 'camera' }],
    transition: { kind: 'move', ms: 400 },
  })
  await viewer.sees('one large and two small ones below it', (frame) => {
    const [blue, red, green] = everybody(frame, 'blue', 'red', 'green') as [Box, Box, Box]
    if (pictureIn(frame, 'yellow') !== null) throw new Error('the screen is not in the scene')
    return areaOf(blue) > 4 * areaOf(red) && isGrid([red, green]) && red.right < green.left && blue.bottom < red.top
  })

  await page.keyboard.press('4')
  await viewer.sees('one alone', (frame) => isAll(frame, everybody(frame, 'blue')[0]!) && pictureIn(frame, 'red') === null)

  await setScene(show, { order: [], transition: { kind: 'fade', ms: 300 } })
  await page.keyboard.press('5')
  await viewer.sees('the screen with people beside it', (frame) => {
    const [yellow, ...people] = everybody(frame, 'yellow', 'green', 'red', 'blue') as [Box, Box, Box, Box]
    return people.every((person) => areaOf(yellow) > 4 * areaOf(person) && person.left > yellow.right)
  })
}

async function writeTitles(show: Show, viewer: Viewer) {
  const { host, host: { page } } = show

  await host.button('New banner').click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Title').fill('How one UDP port serves a room')
  await page.keyboard.press('Enter')
  await dialog.waitFor({ state: 'detached' })
  const lower = { left: 0, top: 560, right: 640, bottom: 720 }
  assert.equal(plateIn(await viewer.sees('a picture', () => true), plate, lower), null, 'there is no banner yet')
  await page.keyboard.press('b')
  const banner = await viewer.sees('the banner with its letters', (frame) => {
    const title = plateIn(frame, plate, lower)
    if (title === null || title.letters < 0.04) throw new Error(JSON.stringify(title))
    return plateIn(frame, violet, { ...lower, right: 60 }) !== null
  })
  const bar = plateIn(banner, violet, { ...lower, right: 60 })!.box
  assert.ok(about(bar.left, 24, 4) && about(bar.bottom, 720 - 24, 4) && widthOf(bar) < 14, `a bar at its left edge: ${JSON.stringify(bar)}`)

  await setScene(show, { ticker: 'Next Friday: the mixer' })
  await viewer.sees('the ticker along the lower edge, and the banner above it', (frame) => {
    const strip = plateIn(frame, plate, { left: 0, top: 684, right: frame.width, bottom: 720 })
    const above = plateIn(frame, violet, { left: 24, top: 560, right: 34, bottom: 676 })
    return strip !== null && widthOf(strip.box) > 1200 && strip.letters > 0 && above !== null && above.box.bottom < bar.bottom - 24
  })
  await setScene(show, { ticker: null })
  await page.keyboard.press('b')
  await viewer.sees('neither of them', (frame) => plateIn(frame, violet, lower) === null)

  await setScene(show, { order: [{ participantId: show.people.blue, kind: 'screen' }] })
  await viewer.sees('the title of the show in the middle, where nobody is to be seen', (frame) => {
    const slate = plateIn(frame, '#2b302f', { left: 100, top: 100, right: frame.width - 100, bottom: frame.height - 100 })
    if (slate === null || slate.letters < 0.04) throw new Error(JSON.stringify(slate))
    return about(slate.box.left, frame.width - slate.box.right, 6) && about(slate.box.top, frame.height - slate.box.bottom, 6)
  })
}

/** One server dies and comes back. Nobody else notices, as is seen at the end. */
async function loseReceiver(show: Show, id: string) {
  await ffmpeg.kill()
  await destinationIs(show, id, 'reconnecting')
  await ffmpeg.start()
  await destinationIs(show, id, 'live')
}

/** Returns when it was killed, by the clock on the board. */
async function killProgram(show: Show, destinations: string[], context: TestContext): Promise<number> {
  const { account, path } = show
  const before = programProcess()
  const killed = Date.now()
  process.kill(before, 'SIGKILL')
  const statusIs = (status: Broadcast['status']) =>
    eventually(`the show is ${status}`, async () => (await account.call<Broadcast>('GET', path)).status === status)
  await statusIs('recovering')
  await statusIs('live')
  await Promise.all(destinations.map((id) => destinationIs(show, id, 'live')))
  const took = Date.now() - killed
  context.diagnostic(`the show and its destinations are back after ${took} ms`)
  assert.ok(took < 5_000, `the show is back after ${took} ms`)
  assert.notEqual(programProcess(), before)
  return killed
}

/** The clocks of a file that can be read, or of the part that @words of ffmpeg choose. */
async function clocksOf(path: string, near: number, words: string[] = []): Promise<number[]> {
  const clocks: number[] = []
  await framesOf(path, (frame) => {
    const clock = clockIn(frame, near)
    if (clock !== null) clocks.push(clock)
  }, words)
  assert.ok(clocks.length > 0, `${path} has a clock in the picture`)
  return clocks
}

/** For whoever wants to see why they are not what they should be. */
function keep(files: string[]) {
  const folder = process.env.GREENROOM_TEST_PICTURES
  if (folder !== undefined) files.forEach((file, index) => copyFileSync(file, join(folder, `${index + 1}-${basename(file)}`)))
}

interface Skipped {
  pictures: number
  sounds: number
}

/** What the program of a show says that it had no time for so far. */
async function skipped({ account, path }: Show): Promise<Skipped> {
  const { video, audio } = await account.call<{ video: { skippedByMixer: number; skippedByEncoder: number }; audio: { aacSkipped: number } }>(
    'GET', `${path}/statistics`)
  return { pictures: video.skippedByMixer + video.skippedByEncoder, sounds: audio.aacSkipped }
}

/** The same of a show that has ended, up to its last picture. */
function skippedInAll(): Skipped {
  const totals = /the show ends: .* (\d+) skipped by the mixer, (\d+) by the encoder; of sounds (\d+) skipped/.exec(house.daemon.log)
  assert.ok(totals !== null, 'the program tells its totals')
  const [mixer = 0, encoder = 0, sounds = 0] = totals.slice(1).map(Number)
  return { pictures: mixer + encoder, sounds }
}

/** No picture is missing in it, and no sound, but for what was skipped on a machine that was too busy. */
async function assertContinuous(path: string, skipped: Skipped, context: TestContext) {
  const { video, audio } = await probe(path)
  const seconds = video.times.at(-1)! - video.times[0]!
  const missing = Math.round(seconds * 30) + 1 - video.times.length
  const starts = (audio.times[0]! - video.times[0]!) * 1000
  const ends = (audio.times.at(-1)! - video.times.at(-1)!) * 1000
  context.diagnostic(`${basename(path)}: ${seconds.toFixed(1)} s, ${missing} pictures missing, ${JSON.stringify(skipped)} skipped, ` +
    `longest gaps ${Math.round(video.longestGap * 1000)} and ${Math.round(audio.longestGap * 1000)} ms, ` +
    `sound begins ${starts.toFixed(0)} and ends ${ends.toFixed(0)} ms after the picture`)
  assert.ok(missing <= skipped.pictures, `${path}: ${missing} pictures are missing in ${seconds} s`)
  assert.ok(skipped.pictures > 0 || video.longestGap <= longestGap.video, `${path}: ${video.longestGap} s without a picture`)
  assert.ok(skipped.sounds > 0 || audio.longestGap <= longestGap.audio, `${path}: ${audio.longestGap} s without sound`)
  assert.ok(Math.abs(starts) <= 30 && Math.abs(ends) <= 500, `${path}: picture and sound begin and end together`)
}

/** How much later a beep is heard than its flash is seen, milliseconds, the middle of all. */
async function soundAfterPicture(path: string): Promise<number> {
  const rate = 16_000
  const { video, audio } = await probe(path)
  const seen: number[] = []
  let lit = true
  await framesOf(path, (frame, index) => {
    const now = clockIn(frame, Date.now()) !== null && flashes(frame)
    if (now && !lit) seen.push(video.times[index]!)
    lit = now
  })
  const heard = beepsIn(await soundOf(path, rate), rate).map((time) => time + audio.times[0]!)
  const offsets = seen.flatMap((time) => {
    const nearest = heard.reduce((best, one) => (Math.abs(one - time) < Math.abs(best - time) ? one : best), Infinity)
    return Math.abs(nearest - time) < 0.4 ? [(nearest - time) * 1000] : []
  })
  assert.ok(offsets.length >= 3, `${path}: ${seen.length} flashes, ${heard.length} beeps, ${offsets.length} of both`)
  return offsets.sort((one, other) => one - other)[Math.floor(offsets.length / 2)]!
}

test('a show goes out to two servers, survives the loss of one and of its own program, and is whole', async (context) => {
  const show = await setStage()
  const { account, host, host: { page }, path, people } = show
  const good = await addDestination(show, 'Nginx', nginx.url)
  const bad = await addDestination(show, 'Ffmpeg', ffmpeg.url)

  await host.button('Go live').click()
  await host.button('End show').waitFor()
  await Promise.all([good, bad].map(({ id }) => destinationIs(show, id, 'live')))
  const viewer = new Viewer(nginx)
  await seen('the programme in the studio', page.locator('[data-programme=live] video'))
  await switchScenes(show, viewer)
  await writeTitles(show, viewer)

  await setScene(show, { layout: 'solo', order: [{ participantId: people.red, kind: 'screen' }], transition: { kind: 'cut', ms: 0 } })
  await loseReceiver(show, bad.id)
  const ages = await agesOf(page.locator('[data-programme=live] video'), 11)
  context.diagnostic(`what a guest shares is in the host's programme ${ages[5]} ms later in the middle, ${ages[0]} to ${ages[10]}`)
  assert.ok(ages[5]! < 500, `the programme is ${ages[5]} ms behind`)
  const since = clockIn(await viewer.sees('the clock', (frame) => clockIn(frame, Date.now()) !== null), Date.now())!
  await viewer.sees('a few flashes', (frame) => clockIn(frame, Date.now())! > since + 3_500)
  await viewer.close()
  const skippedBefore = await skipped(show)
  const killed = await killProgram(show, [good.id, bad.id], context)

  const again = new Viewer(nginx)
  await again.sees('the clock again', (frame) => clockIn(frame, Date.now()) !== null)
  await seen('the programme in the studio again', page.locator('[data-programme=live] video'))
  await setScene(show, { layout: 'grid', order: [], nameTags: true })
  await again.sees('everybody with their names again', (frame) =>
    everybody(frame, 'green', 'red', 'blue').every((picture) => nameIn(frame, picture) !== null))
  await again.close()

  await page.getByRole('tab', { name: 'Recordings' }).click()
  await page.getByText('Friday build show, part 2').waitFor()
  await host.button('End show').click()
  await page.getByRole('dialog').getByRole('button', { name: 'End show' }).click()
  await host.button('New show').waitFor()
  const recordings = await eventually('both parts of the recording are ready', async () => {
    const { items } = await account.call<RecordingList>('GET', `${path}/recordings`)
    if (!items.every(({ state }) => state === 'ready')) throw new Error(JSON.stringify(items))
    return items.sort((one, other) => one.part - other.part)
  }, 20_000)
  assert.deepEqual(recordings.map(({ part, files }) => [part, files[0]?.name]), [[1, 'mix.mp4'], [2, 'mix.mp4']])
  const skippedAfter = skippedInAll()
  await house.everyoneLeaves()

  const [first, second] = recordings.map(({ id }: Recording) => `${house.daemon.folder}/recordings/${id}/mix.mp4`) as [string, string]
  const received = nginx.pieces
  assert.equal(received.length, 2, 'nginx was published to once before the program was killed, and once after')
  const others = ffmpeg.pieces
  assert.equal(others.length, 3, 'ffmpeg was killed in the first piece')
  const files = [first, second, ...received, ...others]
  keep(files)
  for (const file of [first, received[0]!, others[0]!, others[1]!]) await assertContinuous(file, skippedBefore, context)
  for (const file of [second, received[1]!, others[2]!]) await assertContinuous(file, skippedAfter, context)

  const lost = killed - Math.max(...(await clocksOf(first, killed, ['-sseof', '-4'])))
  const back = Math.min(...(await clocksOf(second, killed, ['-t', '8'])).filter((clock) => clock > killed)) - killed
  const backThere = Math.min(...(await clocksOf(received[1]!, killed, ['-t', '8'])).filter((clock) => clock > killed)) - killed
  context.diagnostic(`the recording lacks ${lost} ms before the kill; people are recorded again after ${back} ms and received after ${backThere} ms`)
  assert.ok(lost <= 2_000, `${lost} ms of the recording are lost`)
  assert.ok(back <= 5_000 && backThere <= 5_000, `people are seen again after ${back} and ${backThere} ms`)

  const offsets = [await soundAfterPicture(first), await soundAfterPicture(received[0]!)]
  context.diagnostic(`beeps are ${offsets.map((offset) => offset.toFixed(0)).join(' and ')} ms after their flashes, the browser's own part included`)
  assert.ok(offsets.every((offset) => Math.abs(offset) <= mostApart), `sound and picture are ${offsets.join(' and ')} ms apart`)
})
