// SPDX-License-Identifier: LGPL-2.1-or-later
/** WHIP and WHEP by a plain page: nothing but RTCPeerConnection and fetch, as an encoder or a player does it. */
import assert from 'node:assert/strict'
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { after, afterEach, before, test } from 'node:test'
import { promisify } from 'node:util'
import type { Browser, Locator, Page } from 'playwright-core'
import { Client } from '../lib/client.ts'
import { build, type Daemon, freePort } from '../lib/daemon.ts'
import { eventually } from '../lib/deadline.ts'
import { openChromium, openFirefox } from './lib/browsers.ts'
import { House } from './lib/house.ts'
import { heard, pictureOf, seen } from './lib/media.ts'

let house: House
let daemon: Daemon
let red: Browser
let fox: Browser

before(async () => {
  const settings = { 'media.program': `${build}/src/media/greenroom-media`, 'media.listen': `0.0.0.0:${await freePort()}` }
  ;[house, red, fox] = await Promise.all([House.open({ settings }), openChromium({ camera: 'red' }), openFirefox()])
  daemon = house.daemon
  await eventually('the hub is up', () => daemon.log.includes('the hub is up'))
})
afterEach(() => house.everyoneLeaves())
after(() => house.close())

declare global {
  interface Window {
    peer: RTCPeerConnection
  }
}

async function plainPage(): Promise<Page> {
  const context = await red.newContext({ permissions: ['camera', 'microphone'] })
  const page = await context.newPage()
  await page.goto(`${daemon.url}/health`)
  return page
}

/** Offers to @address and applies the answer; gives the status and the address of the visit. */
function start(page: Page, address: string, bearer: string, sends: boolean) {
  return page.evaluate(
    async ([url, token, publish]) => {
      const peer = (window.peer = new RTCPeerConnection())
      if (publish) {
        const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: true })
        for (const track of stream.getTracks()) peer.addTransceiver(track, { direction: 'sendonly', streams: [stream] })
      } else {
        peer.addTransceiver('audio', { direction: 'recvonly' })
        peer.addTransceiver('video', { direction: 'recvonly' })
        peer.addEventListener('track', ({ track }) => {
          const element = document.createElement(track.kind) as HTMLMediaElement
          element.muted = true
          element.srcObject = new MediaStream([track])
          document.body.append(element)
          void element.play()
        })
      }
      await peer.setLocalDescription()
      const response = await fetch(url, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/sdp' },
        body: peer.localDescription?.sdp ?? '',
      })
      const text = await response.text()
      if (response.status === 201) await peer.setRemoteDescription({ type: 'answer', sdp: text })
      return { status: response.status, location: response.headers.get('location') ?? '', type: response.headers.get('content-type'), text }
    },
    [address, bearer, sends] as const,
  )
}

const received = (page: Page) =>
  page.evaluate(async () => {
    const all = [...(await window.peer.getStats()).values()].filter(({ type }) => type === 'inbound-rtp')
    return {
      frames: Number(all.find(({ kind }) => kind === 'video')?.framesDecoded ?? 0),
      sound: Number(all.find(({ kind }) => kind === 'audio')?.packetsReceived ?? 0),
    }
  })

/** Whether a <video> shows a white thing on black, that is elsewhere a moment later. */
async function moves(video: Locator): Promise<boolean> {
  const first = await pictureOf(video)
  const then = await pictureOf(video)
  return first.contrast > 100 && first.points.some((point, at) => Math.abs(point - then.points[at]) > 50)
}

test('a page publishes with an invite, another one watches, and each ends it with DELETE', async () => {
  const host = await Client.register(daemon)
  const { id } = await host.createRoom({ p2pMax: 0 })
  const { code } = await host.invite(id)
  const seat = await host.join(id)

  const publisher = await plainPage()
  const whip = await start(publisher, `/api/rooms/${id}/whip`, code, true)
  assert.deepEqual([whip.status, whip.type], [201, 'application/sdp'], whip.text)
  const { participant } = await seat.next('participant-joined')
  assert.equal(participant.name, 'Guest')

  const viewer = await plainPage()
  const whep = await start(viewer, `/api/rooms/${id}/whep`, code, false)
  assert.equal(whep.status, 201, whep.text)
  await eventually('the viewer sees and hears', async () => {
    const { frames, sound } = await received(viewer)
    return frames > 10 && sound > 10
  }, 20_000)
  await seen('the publisher at the viewer', viewer.locator('video'), 'red')

  const { stdout } = await promisify(execFile)(`${build}/src/ctl/greenroomctl`, ['tracks', id], {
    env: { ...process.env, GREENROOM_DATA_DIR: daemon.folder },
  })
  assert.match(stdout, /^Guest +camera +\d+ +\d+ /m)
  assert.match(stdout, /^Guest +microphone +\d+ +\d+ /m)
  const graph = await promisify(execFile)(`${build}/src/ctl/greenroomctl`, ['graph', id], {
    env: { ...process.env, GREENROOM_DATA_DIR: daemon.folder },
  })
  assert.match(graph.stdout, /^digraph /)

  for (const { location } of [whep, whip]) {
    await host.refused(405, 'method_not_allowed', 'PATCH', location)
    assert.equal((await fetch(daemon.url + location, { method: 'DELETE' })).status, 204)
    assert.equal((await seat.next('participant-left')).reason, 'left')
    assert.equal((await fetch(daemon.url + location, { method: 'DELETE' })).status, 404)
  }
  await seat.leave()
})

test('what a GStreamer program publishes is seen and heard in the room by Chromium, Firefox and a plain page', async () => {
  const { host, room } = await house.room('Gerda')
  const ada = await house.person(red, 'Ada')
  const finn = await house.person(fox, 'Finn')
  await ada.enter(room)
  await finn.enter(room)
  const encoder = spawn(`${build}/tests/lib/whip-publisher`, [`${daemon.url}/api/rooms/${room.id}/whip`, host.token ?? ''])
  const viewer = await plainPage()
  try {
    /* A white ball that wanders on black. */
    await Promise.all([ada, finn].map(async (person) => {
      await person.tile('Gerda').waitFor()
      await eventually(`the ball is seen to move at ${person.name}`, () => moves(person.video('Gerda')), 20_000)
      await heard(person.page, 2)
    }))
    const whep = await start(viewer, `/api/rooms/${room.id}/whep`, host.token ?? '', false)
    assert.equal(whep.status, 201, whep.text)
    await eventually('the viewer sees and hears', async () => {
      const { frames, sound } = await received(viewer)
      return frames > 10 && sound > 10
    }, 20_000)
  } finally {
    const ended = once(encoder, 'exit')
    encoder.kill('SIGTERM')
    await ended
    await viewer.context().close()
  }
  await ada.sees('Ada (you)', 'Finn')
})

test('a player sees the programme while there is a show, and never who is backstage', async () => {
  const host = await Client.register(daemon)
  const { id } = await host.createRoom({ visibility: 'public' })
  const seat = await host.join(id)
  const guest = async () => (await Client.guest(daemon)).token ?? ''
  const [publisher, viewer, chooser] = [await plainPage(), await plainPage(), await plainPage()]
  assert.equal((await start(publisher, `/api/rooms/${id}/whip`, await guest(), true)).status, 201)
  const { participant: obs } = await seat.next('participant-joined')
  assert.equal((await start(viewer, `/api/rooms/${id}/whep`, await guest(), false)).status, 201)
  const video = viewer.locator('video')
  await seen('the publisher at the viewer', video, 'red')
  const width = async () => (await pictureOf(video)).width
  const before = await width()
  assert.notEqual(before, 1280)

  const show = await host.call<{ id: string }>('POST', '/api/broadcasts', { title: 'Show', roomId: id, quality: '720p30' })
  await host.call('POST', `/api/broadcasts/${show.id}/start`, {})
  await eventually('the programme is there', async () => (await width()) === 1280, 20_000)
  const choice = await start(chooser, `/api/rooms/${id}/whep?track=${show.id}:programme`, await guest(), false)
  assert.equal(choice.status, 201, choice.text)
  await eventually('so it is for who asked for it', async () => (await received(chooser)).frames > 10, 20_000)

  await host.moderate(id, obs.id, { stage: 'backstage' })
  const now = await received(viewer)
  await eventually('the show goes on without them', async () => (await received(viewer)).frames > now.frames + 30, 20_000)
  await host.call('POST', `/api/broadcasts/${show.id}/end`)
  await seat.next('broadcast-ended')
  await eventually('nothing comes any more', async () => {
    const first = await received(viewer)
    await viewer.waitForTimeout(1000)
    const then = await received(viewer)
    return first.frames === then.frames && first.sound === then.sound
  }, 20_000)
  await host.moderate(id, obs.id, { stage: 'stage' })
  await eventually('they are seen on stage', async () => (await width()) === before, 20_000)
  await seen('the publisher at the viewer again', video, 'red')
  await Promise.all([publisher, viewer, chooser].map((page) => page.context().close()))
  await seat.leave()
})

test('who is not heard any more leaves the room', async () => {
  const host = await Client.register(daemon)
  const { id } = await host.createRoom({ p2pMax: 0 })
  const seat = await host.join(id)
  const publisher = await plainPage()
  assert.equal((await start(publisher, `/api/rooms/${id}/whip`, host.token ?? '', true)).status, 201)
  await seat.next('participant-joined')
  await publisher.context().close()
  assert.equal((await seat.next('participant-left', () => true, 20_000)).reason, 'lost')
  await seat.leave()
})
