// SPDX-License-Identifier: LGPL-2.1-or-later
/** WHIP and WHEP by a plain page: nothing but RTCPeerConnection and fetch, as an encoder or a player does it. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'
import type { Browser, Page } from 'playwright-core'
import { Client } from '../lib/client.ts'
import { build, Daemon, freePort } from '../lib/daemon.ts'
import { eventually } from '../lib/deadline.ts'
import { openChromium } from './lib/browsers.ts'

let daemon: Daemon
let red: Browser

before(async () => {
  const settings = { 'media.program': `${build}/src/media/greenroom-media`, 'media.listen': `127.0.0.1:${await freePort()}` }
  ;[daemon, red] = await Promise.all([Daemon.start({ settings }), openChromium({ camera: 'red' })])
  await eventually('the hub is up', () => daemon.log.includes('the hub is up'))
})
after(async () => {
  await red.close()
  await daemon.stop()
})

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
