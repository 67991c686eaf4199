// SPDX-License-Identifier: LGPL-2.1-or-later
/** WHIP and WHEP with the real hub and a GStreamer encoder, and what they refuse; tests/web/whip.test.ts has browsers. */
import assert from 'node:assert/strict'
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { promisify } from 'node:util'
import { after, before, test } from 'node:test'
import { Client } from '../lib/client.ts'
import { build, Daemon, freePort } from '../lib/daemon.ts'
import { eventually } from '../lib/deadline.ts'

const line = (kind: string, mid: string) =>
  `m=${kind} 9 UDP/TLS/RTP/SAVPF 96\r\nc=IN IP4 0.0.0.0\r\na=mid:${mid}\r\na=sendonly\r\na=rtpmap:96 ${kind === 'audio' ? 'opus/48000/2' : 'VP8/90000'}\r\n`
const offer = (...lines: string[]) => `v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n${lines.join('')}`
const both = offer(line('audio', '0'), line('video', '1'))

let daemon: Daemon

before(async () => {
  const settings = {
    'media.program': `${build}/src/media/greenroom-media`,
    'media.listen': `127.0.0.1:${await freePort()}`,
    'http.allowed-origins': 'https://player.example',
  }
  daemon = await Daemon.start({ settings })
  await eventually('the hub is up', () => daemon.log.includes('the hub is up'))
})
after(() => daemon.stop())

interface Try {
  bearer?: string | undefined
  type?: string
  body?: string
  headers?: Record<string, string>
}

async function post(path: string, { bearer, type = 'application/sdp', body = both, headers = {} }: Try) {
  const authorization: Record<string, string> = bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }
  const response = await fetch(daemon.url + path, { method: 'POST', headers: { 'content-type': type, ...authorization, ...headers }, body })
  return { status: response.status, headers: response.headers, text: await response.text() }
}

async function refused(status: number, code: string, path: string, attempt: Try) {
  const answer = await post(path, attempt)
  const { error } = JSON.parse(answer.text) as { error: { code: string; message: string } }
  assert.deepEqual([answer.status, error.code], [status, code], error.message)
}

test('What is no offer, or too much of one, is refused before anybody sits down', async () => {
  const host = await Client.register(daemon)
  const { id } = await host.createRoom()
  const bearer = host.token ?? ''
  const whip = `/api/rooms/${id}/whip`

  await refused(401, 'unauthenticated', whip, {})
  await refused(415, 'unsupported_media_type', whip, { bearer, type: 'application/json', body: '{}' })
  await refused(400, 'invalid_input', whip, { bearer, body: 'hello' })
  await refused(400, 'invalid_input', whip, { bearer, body: offer() })
  await refused(400, 'invalid_input', whip, { bearer, body: offer(line('video', '0'), line('video', '1')) })
  await refused(400, 'invalid_input', whip, { bearer, body: offer(line('application', '0')) })
  await refused(400, 'invalid_input', `${whip}?kind=smell`, { bearer })
  await refused(400, 'invalid_input', `/api/rooms/${id}/whep?track=somebody`, { bearer })
  await refused(413, 'too_large', whip, { bearer, body: both + 'a=x\r\n'.repeat(12_000) })
  await refused(401, 'token_invalid', whip, { bearer: 'not.a.token' })
  await refused(404, 'not_found', '/api/rooms/nowhere/whip', { bearer })

  const { items } = await host.call<{ items: unknown[] }>('GET', `/api/rooms/${id}/participants`)
  assert.deepEqual(items, [])
})

test('An offer that the hub refuses leaves no seat taken', async () => {
  const host = await Client.register(daemon)
  const { id } = await host.createRoom()
  const seat = await host.join(id)
  /* No ICE credentials, no fingerprint. */
  for (const way of ['whip', 'whep']) {
    await refused(400, 'invalid_input', `/api/rooms/${id}/${way}`, { bearer: host.token ?? '' })
    await seat.next('participant-left')
  }
  const { items } = await host.call<{ items: { id: string }[] }>('GET', `/api/rooms/${id}/participants`)
  assert.deepEqual(items.map((participant) => participant.id), [seat.me])
  await seat.leave()
})

test('A room judges a bearer like anybody at its door', async () => {
  const host = await Client.register(daemon)
  const stranger = await Client.register(daemon)
  const { id } = await host.createRoom({ visibility: 'private' })
  const waiting = await host.createRoom({ visibility: 'public', waitingRoom: true })
  const { code } = await host.invite(id, { role: 'viewer' })

  await refused(403, 'invite_required', `/api/rooms/${id}/whip`, { bearer: stranger.token ?? '' })
  await refused(404, 'not_found', `/api/rooms/${id}/whip`, { bearer: 'k7qf-2m9x-w4tz' })
  await refused(409, 'conflict', `/api/rooms/${id}/whip`, { bearer: code })
  await refused(403, 'forbidden', `/api/rooms/${waiting.id}/whip`, { bearer: stranger.token ?? '' })
})

test('A page of another origin that the operator allows may read where the visit is', async () => {
  const headers = { origin: 'https://player.example' }
  const asked = await fetch(`${daemon.url}/api/rooms/anywhere/whep`, { method: 'OPTIONS', headers })
  assert.equal(asked.status, 204)
  assert.match(asked.headers.get('access-control-allow-headers') ?? '', /Authorization, Content-Type/)
  assert.equal(asked.headers.get('access-control-expose-headers'), 'Location')
  assert.equal(asked.headers.get('accept-post'), 'application/sdp')
  assert.equal((await fetch(`${daemon.url}/api/rooms/anywhere/whip`, { method: 'OPTIONS' })).headers.get('accept-post'), 'application/sdp')
})

test('A GStreamer encoder publishes a screen with its sound, until it is told to end', async () => {
  const host = await Client.register(daemon)
  const { id } = await host.createRoom({ p2pMax: 0 })
  const seat = await host.join(id)
  const encoder = spawn(`${build}/tests/lib/whip-publisher`, [`${daemon.url}/api/rooms/${id}/whip?kind=screen`, host.token ?? ''])
  let said = ''
  encoder.stderr.setEncoding('utf8').on('data', (text: string) => (said += text))
  try {
    const { participant } = await seat.next('participant-joined', () => true, 15_000)
    assert.equal(participant.name, host.user?.name)

    const environment = { ...process.env, GREENROOM_DATA_DIR: daemon.folder }
    const tracks = async () => {
      const { stdout } = await promisify(execFile)(`${build}/src/ctl/greenroomctl`, ['tracks', id, '--json'], { env: environment })
      const { rooms } = JSON.parse(stdout) as { rooms: { tracks: { kind: string; packets: number; allowed: boolean }[] }[] }
      return rooms[0]?.tracks ?? []
    }
    await eventually('both its tracks come', async () =>
      (await tracks()).filter(({ packets, allowed }) => allowed && packets > 20).map(({ kind }) => kind).sort().join() === 'screen,screen-audio')

    encoder.kill()
    await seat.next('participant-left', (left) => left.participant === participant.id)
    const [status] = encoder.exitCode === null ? ((await once(encoder, 'exit')) as [number]) : [encoder.exitCode]
    assert.equal(status, 0, said)
  } finally {
    encoder.kill('SIGKILL')
    await seat.leave()
  }
})
