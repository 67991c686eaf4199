// SPDX-License-Identifier: LGPL-2.1-or-later
/** A meeting through the hub: everyone at everyone else, screens beside cameras, and the codecs that a room has in common. */
import assert from 'node:assert/strict'
import { after, afterEach, before, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { Client } from '../lib/client.ts'
import { build, freePort } from '../lib/daemon.ts'
import { eventually } from '../lib/deadline.ts'
import { type Colour, openChromium, openFirefox } from './lib/browsers.ts'
import { House, type Person } from './lib/house.ts'
import { arrivals, codecs, connections, descriptions, frameGaps, gapAtPlace, heard, seen, watchFrames, watchPlace } from './lib/media.ts'
import { share } from './lib/share.ts'

let house: House
let red: Browser
let blue: Browser
let green: Browser
let fox: Browser

before(async () => {
  ;[house, red, blue, green, fox] = await Promise.all([
    freePort().then((port) =>
      House.open({ settings: { 'media.program': `${build}/src/media/greenroom-media`, 'media.listen': `0.0.0.0:${port}` } })),
    openChromium({ camera: 'red' }),
    openChromium({ camera: 'blue' }),
    openChromium({ camera: 'green' }),
    openFirefox(),
  ])
  await eventually('the hub is up', () => house.daemon.log.includes('the hub is up'))
})
afterEach(() => house.everyoneLeaves())
after(() => house.close())

/** Firefox's own picture has no colour that stays. */
type Attendant = { person: Person; colour?: Colour }

const eachSeesEach = (all: Attendant[]) =>
  Promise.all(all.flatMap(({ person }) =>
    all.filter((other) => other.person !== person).map((other) =>
      seen(`${other.person.name} at ${person.name}`, person.video(other.person.name), other.colour))))

test('five browsers meet, and each sees and hears each of the others over one connection', async () => {
  const { room } = await house.room('Alma')
  const all: Attendant[] = [
    { person: await house.person(red, 'Ada'), colour: 'red' },
    { person: await house.person(fox, 'Finn') },
    { person: await house.person(blue, 'Ben'), colour: 'blue' },
    { person: await house.person(green, 'Cleo'), colour: 'green' },
    { person: await house.person(fox, 'Fay') },
  ]
  for (const { person } of all) await person.enter(room)
  await eachSeesEach(all)
  await Promise.all(all.map(({ person }) => heard(person.page, 4)))
  for (const { person } of all) {
    assert.deepEqual(await connections(person.page), { made: 1, connected: 1, ended: 0 }, person.name)
    const came = (await arrivals(person.page))[0].filter(({ bytes }) => bytes > 0)
    assert.equal(came.filter(({ kind, energy }) => kind === 'audio' && energy > 0).length, 4, `${person.name} got four voices`)
    assert.equal(came.filter(({ kind, frames }) => kind === 'video' && frames > 0).length, 4, `${person.name} decodes four pictures`)
  }
})

test('a screen with its sound goes beside the camera to Chromium and Firefox, and goes without a trace', async () => {
  const { room } = await house.room('Bea')
  const ada = await house.person(red, 'Ada')
  const ben = await house.person(blue, 'Ben')
  const finn = await house.person(fox, 'Finn')
  await ada.enter(room)
  await ben.enter(room)
  await finn.enter(room)
  await Promise.all([ben, finn].map((person) => seen(`Ada at ${person.name}`, person.video('Ada'), 'red')))

  await share(ada, '1080p30', { sound: true })
  const screen = (person: Person) => person.tile('Ada’s screen')
  await Promise.all([ben, finn].map(async (person) => {
    await seen(`Ada’s screen at ${person.name}`, screen(person).locator('video'))
    await seen(`Ada at ${person.name}`, person.video('Ada'), 'red')
  }))
  await Promise.all([ben, finn].map(({ page }) => Promise.all([heard(page, 1, '[data-kind=screen] video'), heard(page, 2)])))
  for (const person of [ben, finn]) {
    await watchFrames(person.page, '[aria-label=Ada] video')
  }

  await ada.control('share').click()
  for (const person of [ben, finn]) {
    await screen(person).waitFor({ state: 'detached' })
    await seen(`Ada at ${person.name}`, person.video('Ada'), 'red')
    const [gap] = await frameGaps(person.page)
    assert.ok(gap.longest < 1500, `${person.name} saw nothing of Ada’s camera for ${gap.longest} ms`)
    assert.deepEqual(await connections(person.page), { made: 1, connected: 1, ended: 0 })
  }
})

/** Somebody publishes by WHIP what a @browser's camera shows, and knows no codec but @codec. */
async function publish(browser: Browser, room: string, name: string, codec: string) {
  const { token } = await Client.guest(house.daemon, name)
  const context = await browser.newContext({ permissions: ['camera'] })
  const page = await context.newPage()
  await page.goto(`${house.daemon.url}/health`)
  const { status, text } = await page.evaluate(
    async ([room, token, codec]) => {
      const peer = new RTCPeerConnection()
      const stream = await navigator.mediaDevices.getUserMedia({ video: true })
      const transceiver = peer.addTransceiver(stream.getTracks()[0], { direction: 'sendonly', streams: [stream] })
      const known = RTCRtpSender.getCapabilities('video')!.codecs
      transceiver.setCodecPreferences(known.filter(({ mimeType }) => [`video/${codec}`, 'video/rtx'].includes(mimeType)))
      await peer.setLocalDescription()
      const response = await fetch(`/api/rooms/${room}/whip`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/sdp' },
        body: peer.localDescription!.sdp,
      })
      const text = await response.text()
      if (response.status === 201) await peer.setRemoteDescription({ type: 'answer', sdp: text })
      return { status: response.status, text }
    },
    [room, token ?? '', codec] as const,
  )
  assert.equal(status, 201, text)
  return () => context.close()
}

test('VP9, H.264 and AV1 go from browser to browser, to each that decodes them', async () => {
  const { room } = await house.room('Dora')
  const ada = await house.person(red, 'Ada')
  const finn = await house.person(fox, 'Finn')
  await ada.enter(room)
  await finn.enter(room)
  for (const codec of ['VP9', 'H264', 'AV1']) {
    const close = await publish(green, room.id, `Only ${codec}`, codec)
    /* Debian's Firefox has no H.264 for calls. */
    for (const person of codec === 'H264' ? [ada] : [ada, finn]) {
      await seen(`${codec} at ${person.name}`, person.video(`Only ${codec}`), 'green')
      const came = Object.values(await codecs(person.page, 'inbound-rtp'))
      assert.ok(came.includes(codec), `${person.name} decodes ${came.join()}`)
    }
    await close()
  }
})

test('a screen goes on in VP8 when somebody comes who decodes nothing else, and in VP9 when they went', async () => {
  const { room } = await house.room('Erna')
  const ada = await house.person(red, 'Ada')
  const ben = await house.person(blue, 'Ben')
  const old = await house.person(fox, 'Olga')
  await old.context.addInitScript(() => {
    const { getCapabilities } = RTCRtpReceiver
    RTCRtpReceiver.getCapabilities = (kind) => {
      const known = getCapabilities.call(RTCRtpReceiver, kind)
      return known && { ...known, codecs: known.codecs.filter(({ mimeType }) => !/VP9|AV1|H264/.test(mimeType)) }
    }
  })
  await ada.enter(room)
  await ben.enter(room)
  await share(ada, '1080p30')
  const screen = '[aria-label="Ada’s screen"] video'
  const sends = (codec: string) =>
    eventually(`Ada’s screen is sent in ${codec}`, async () => {
      const now = Object.values(await codecs(ada.page, 'outbound-rtp'))
      if (!now.includes(codec)) throw new Error(now.join())
      return codec === 'VP9' || now.every((one) => one === codec)
    }, 15_000)
  await sends('VP9')
  await seen('the screen at Ben', ben.page.locator(screen))
  const before = await descriptions(ada.page)
  await watchPlace(ben.page, screen)

  await old.enter(room)
  await sends('VP8')
  await seen('the screen at Olga', old.page.locator(screen))
  await seen('the screen at Ben', ben.page.locator(screen))
  assert.deepEqual(await descriptions(ada.page), before, 'Ada was not asked for SDP')
  await old.leave()
  await sends('VP9')
  await seen('the screen at Ben', ben.page.locator(screen))
  const longest = await gapAtPlace(ben.page)
  assert.ok(longest < 3000, `Ben saw no screen for ${longest} ms`)
  assert.deepEqual(await descriptions(ada.page), before)
})
