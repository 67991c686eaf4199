// SPDX-License-Identifier: LGPL-2.1-or-later
/** Shows over the API and the WebSocket, with a program process that mixes nothing (tests/lib/fake-media.c). */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { createServer, type Server } from 'node:net'
import { promisify } from 'node:util'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { tmpdir } from 'node:os'
import { after, before, test } from 'node:test'
import type { Brand, Broadcast, Destination, DestinationTest, Recording, Scene, ServerMessage } from '../../src/web/protocol/contract.ts'
import { Client, type RoomConnection } from '../lib/client.ts'
import { Contract } from '../lib/contract.ts'
import { build, Daemon } from '../lib/daemon.ts'
import { eventually } from '../lib/deadline.ts'
import { form, png, upload } from '../lib/pictures.ts'
import { onBothStores } from '../lib/stores.ts'

type List<T> = { items: T[]; next: string | null }
type Event<T extends ServerMessage['type']> = Extract<ServerMessage, { type: T }>

/** What the fake program was told, as its statistics say. */
interface Told {
  settings: { width: number; height: number; framesPerSecond: number }
  scene: { layout: string; order: { participantId: string; kind: string }[] }
  people: { participantId: string; name: string; gain: number; onStage: boolean; camera: boolean }[]
  outputs: { kind: string; url?: string; streamKey?: string; path?: string }[]
  pid: number
}

const nowhere = '01890000-0000-7000-8000-000000000000'
const key = 'live_very_secret_key'
const line = { id: nowhere, kind: 'banner', title: 'Привіт', subtitle: '' }

/** The fake in the place of greenroom-media, with the real greenroom-probe beside it. */
const programs = mkdtempSync(join(tmpdir(), 'greenroom-programs-'))
symlinkSync(join(build, 'tests/lib/fake-media'), join(programs, 'greenroom-media'))
mkdirSync(join(programs, 'probe'))
symlinkSync(join(build, 'src/media/probe/greenroom-probe'), join(programs, 'probe/greenroom-probe'))
after(() => rmSync(programs, { recursive: true }))

const settings = { 'media.program': join(programs, 'greenroom-media'), 'outputs.allow-private': 'true' }

onBothStores({ settings }, (daemon) => {
  let contract: Contract
  let host: Client
  before(async () => {
    contract = await Contract.read(daemon().url)
    host = await Client.register(daemon())
  })

  const plan = async (more: object = {}) => {
    const room = await host.createRoom({ visibility: 'public' })
    const show = await host.call<Broadcast>('POST', '/api/broadcasts', { title: 'Friday show', roomId: room.id, ...more })
    return { room, show, path: `/api/broadcasts/${show.id}` }
  }
  const told = (path: string) => host.call<Told>('GET', `${path}/statistics`)
  const running = (path: string) =>
    eventually('the show is live', async () => (await host.call<Broadcast>('GET', path)).status === 'live')
  const until = async <T extends ServerMessage['type']>(seat: RoomConnection, type: T, fits: (event: Event<T>) => boolean) => {
    for (;;) {
      const message = await seat.any()
      contract.checkMessage(message)
      if (message.type === type && fits(message as Event<T>)) return message as Event<T>
    }
  }

  test('A planned show has a public page', async () => {
    const startTime = '2031-05-01T18:00:00.000Z'
    const { room, show } = await plan({ startTime, description: 'With Ann', quality: '720p60' })
    const stranger = new Client(daemon())
    const seen = await stranger.request<Broadcast>('GET', `/api/broadcasts/${show.id}`)
    contract.check('getBroadcast', seen)
    assert.deepEqual([seen.body.title, seen.body.startTime, seen.body.status, seen.body.quality], ['Friday show', startTime, 'scheduled', '720p60'])
    assert.deepEqual(seen.body.room, { id: room.id, slug: room.slug, title: room.title })
    const coming = await stranger.call<List<Broadcast>>('GET', '/api/broadcasts?status=scheduled')
    assert.ok(coming.items.some(({ id }) => id === show.id))
    await host.updateRoom(room.id, { visibility: 'private' })
    await stranger.refused(403, 'invite_required', 'GET', `/api/broadcasts/${show.id}`)
    await stranger.refused(403, 'invite_required', 'GET', `/api/broadcasts?roomId=${room.id}`)
    const hidden = await stranger.call<List<Broadcast>>('GET', '/api/broadcasts')
    assert.ok(!hidden.items.some(({ id }) => id === show.id))
    const { code } = await host.invite(room.id)
    assert.equal((await stranger.request('GET', `/api/broadcasts/${show.id}?invite=${code}`)).status, 200)
  })

  test('Bad input names its field and changes nothing', async () => {
    const { room, show, path } = await plan()
    const rows: [string, string, unknown, string][] = [
      ['POST', '/api/broadcasts', { roomId: room.id }, 'title'],
      ['POST', '/api/broadcasts', { title: ' ', roomId: room.id }, 'title'],
      ['POST', '/api/broadcasts', { title: 'x'.repeat(121), roomId: room.id }, 'title'],
      ['POST', '/api/broadcasts', { title: 'Show' }, 'roomId'],
      ['POST', '/api/broadcasts', { title: 'Show', roomId: 'mine' }, 'roomId'],
      ['POST', '/api/broadcasts', { title: 'Show', roomId: room.id, startTime: 'tomorrow' }, 'startTime'],
      ['POST', '/api/broadcasts', { title: 'Show', roomId: room.id, quality: '4k' }, 'quality'],
      ['POST', '/api/broadcasts', { title: 'Show', roomId: room.id, description: 7 }, 'description'],
      ['PATCH', path, { title: '' }, 'title'],
      ['PATCH', path, { colour: 'red' }, 'colour'],
      ['POST', `${path}/start`, { record: 'yes' }, 'record'],
      ['PATCH', `${path}/scene`, { layout: 'circle' }, 'layout'],
      ['PATCH', `${path}/scene`, { colour: 'red' }, 'colour'],
      ['PATCH', `${path}/scene`, { order: [{ participantId: nowhere, kind: 'hat' }] }, 'order.0.kind'],
      ['PATCH', `${path}/scene`, { order: Array(17).fill({ participantId: nowhere, kind: 'camera' }) }, 'order'],
      ['PATCH', `${path}/scene`, { order: Array(2).fill({ participantId: nowhere, kind: 'camera' }) }, 'order.1.participantId'],
      ['PATCH', `${path}/scene`, { transition: { kind: 'fade', ms: 2001 } }, 'transition.ms'],
      ['PATCH', `${path}/scene`, { banner: { title: 'ring\u0007' } }, 'banner.title'],
      ['PATCH', `${path}/scene`, { banner: { title: 'x'.repeat(81) } }, 'banner.title'],
      ['PATCH', `${path}/scene`, { banner: { title: 'Ann', subtitle: 'x'.repeat(121) } }, 'banner.subtitle'],
      ['PATCH', `${path}/scene`, { ticker: 'x'.repeat(501) }, 'ticker'],
      ['PATCH', `${path}/scene`, { message: { name: 'Ann\u001b[31m', text: 'Hello' } }, 'message.name'],
      ['PATCH', `${path}/scene`, { message: { name: 'Ann', text: 'x'.repeat(501) } }, 'message.text'],
      ['PATCH', `${path}/scene`, { banner: { subtitle: 'alone' } }, 'banner.title'],
      ['PATCH', `${path}/scene`, { ticker: 'one\ntwo' }, 'ticker'],
      ['PATCH', `${path}/scene`, { message: { name: 'Ann' } }, 'message.text'],
      ['PATCH', `${path}/scene`, { logo: { picture: '../../etc/passwd', corner: 'top-left' } }, 'logo.picture'],
      ['PATCH', `${path}/scene`, { background: { picture: 'x' } }, 'background.picture'],
      ['PATCH', `${path}/scene`, { overlay: { picture: nowhere } }, 'overlay.picture'],
      ['POST', `${path}/scenes`, { name: 'Two', scene: { logo: { picture: nowhere } } }, 'scene.logo.picture'],
      ['PATCH', `${path}/scene`, { nameTags: 1 }, 'nameTags'],
      ['POST', `${path}/scenes`, { name: '', scene: {} }, 'name'],
      ['POST', `${path}/scenes`, { name: 'Two', scene: { layout: 'circle' } }, 'scene.layout'],
      ['PUT', `${path}/brand`, { brand: { banners: [], pictures: [] } }, 'revision'],
      ['PUT', `${path}/brand`, { revision: 0, brand: { banners: [{ ...line, title: 'ring\u0007' }], pictures: [] } }, 'brand.banners.0.title'],
      ['PUT', `${path}/brand`, { revision: 0, brand: { banners: Array(51).fill(line), pictures: [] } }, 'brand.banners'],
      ['PUT', `${path}/brand`, { revision: 0, brand: { banners: [{ ...line, kind: 'hat' }], pictures: [] } }, 'brand.banners.0.kind'],
      ['PUT', `${path}/brand`, { revision: 0, brand: { banners: [], pictures: [{ id: nowhere, use: 'logo' }] } }, 'brand.pictures.0.id'],
      ['POST', `${path}/destinations`, { platform: 'myspace', streamKey: key }, 'platform'],
      ['POST', `${path}/destinations`, { platform: 'custom', streamKey: key }, 'rtmpUrl'],
      ['POST', `${path}/destinations`, { platform: 'twitch' }, 'streamKey'],
      ['POST', `${path}/destinations`, { platform: 'twitch', streamKey: 'with a space' }, 'streamKey'],
      ['POST', `${path}/destinations`, { platform: 'custom', streamKey: key, rtmpUrl: 'https://example.org/live' }, 'rtmpUrl'],
      ['POST', `${path}/destinations`, { platform: 'custom', streamKey: key, rtmpUrl: 'rtmp://example.org' }, 'rtmpUrl'],
      ['POST', `${path}/destinations`, { platform: 'custom', streamKey: key, rtmpUrl: 'rtmp://example.org/live#x' }, 'rtmpUrl'],
      ['POST', `${path}/destinations`, { platform: 'custom', streamKey: key, rtmpUrl: 'rtmp://example.org:0/live' }, 'rtmpUrl'],
      ['POST', `${path}/destinations`, { platform: 'custom', streamKey: 'bell\u0007', rtmpUrl: 'rtmp://example.org/live' }, 'streamKey'],
    ]
    for (const [method, where, body, field] of rows) {
      const detail = await host.refused(400, 'invalid_input', method, where, body)
      assert.equal(detail.field, field, JSON.stringify(body))
    }
    assert.equal((await host.refused(404, 'not_found', 'POST', '/api/broadcasts', { title: 'Show', roomId: nowhere })).field, 'roomId')
    const after = await host.call<Broadcast>('GET', path)
    assert.deepEqual(after, show)
    assert.equal((await host.call<Scene>('GET', `${path}/scene`)).revision, 0)
    assert.deepEqual(await host.call<Brand>('GET', `${path}/brand`), { revision: 0, brand: { banners: [], pictures: [] } })
    assert.deepEqual((await host.call<List<Destination>>('GET', `${path}/destinations`)).items, [])
  })

  test('A scene is patched, saved and not overwritten unseen', async () => {
    const { path } = await plan()
    const first = await host.call<Scene>('PATCH', `${path}/scene`, { layout: 'solo', banner: { title: 'Привіт' } })
    assert.deepEqual([first.revision, first.scene.layout, first.scene.banner], [1, 'solo', { title: 'Привіт', subtitle: '' }])
    const second = await host.call<Scene>('PATCH', `${path}/scene`, { banner: null, revision: 1 })
    assert.deepEqual([second.revision, second.scene.layout, second.scene.banner], [2, 'solo', null])
    const late = await host.refused(409, 'conflict', 'PATCH', `${path}/scene`, { layout: 'grid', revision: 1 })
    assert.equal(late.field, 'revision')
    await Promise.all(Array.from({ length: 4 }, (_, i) => host.call('PATCH', `${path}/scene`, { ticker: `Line ${i}` })))
    assert.equal((await host.call<Scene>('GET', `${path}/scene`)).revision, 6)

    const saved = await host.call<{ id: string }>('POST', `${path}/scenes`, { name: 'Two', scene: second.scene })
    await host.call('PUT', `${path}/scenes/${saved.id}`, { name: 'Three', scene: { layout: 'pip' } })
    const { items } = await host.call<List<{ name: string; scene: { layout: string } }>>('GET', `${path}/scenes`)
    assert.deepEqual(items.map(({ name, scene }) => [name, scene.layout]), [['Three', 'pip']])
    await host.call('DELETE', `${path}/scenes/${saved.id}`)
    await host.refused(404, 'not_found', 'DELETE', `${path}/scenes/${saved.id}`)
  })

  test('Lines that one host prepares are at the other hosts’ hand at once, for this show and the next', async () => {
    const { room, path } = await plan()
    const seat = await host.join(room.id)
    const guest = await (await Client.guest(daemon(), 'Olena')).join(room.id)
    const first = await host.request<Brand>('PUT', `${path}/brand`, { revision: 0, brand: { banners: [line], pictures: [] } })
    contract.check('setBrand', first)
    assert.equal(first.body.revision, 1)
    const told = await until(seat, 'brand', ({ revision }) => revision === 1)
    assert.deepEqual(told.brand.banners, [line])
    await guest.sawNone('brand')

    const late = await host.refused(409, 'conflict', 'PUT', `${path}/brand`, { revision: 0, brand: { banners: [], pictures: [] } })
    assert.equal(late.field, 'revision')
    const next = await host.call<Broadcast>('POST', '/api/broadcasts', { title: 'Next show', roomId: room.id })
    assert.deepEqual(await host.call<Brand>('GET', `/api/broadcasts/${next.id}/brand`), first.body)
    for (const one of [guest, seat]) await one.leave()
  })

  test('A stream key is kept, and never shown or logged', async () => {
    const { path } = await plan()
    const added = await host.request<Destination>('POST', `${path}/destinations`, {
      platform: 'custom', name: 'Ours', rtmpUrl: 'rtmp://ann:pass@127.0.0.1:1/live', streamKey: key,
    })
    contract.check('addDestination', added)
    assert.equal(added.body.rtmpUrl, 'rtmp://••••@127.0.0.1:1/live')
    const tube = await host.call<Destination>('POST', `${path}/destinations`, { platform: 'youtube', streamKey: key, enabled: false })
    assert.match(tube.rtmpUrl, /^rtmps:\/\/.*youtube/)
    await host.call('PATCH', `${path}/destinations/${tube.id}`, { streamKey: `${key}2`, name: 'Mine' })
    const list = await host.request('GET', `${path}/destinations`)
    contract.check('listDestinations', list)
    for (const text of [JSON.stringify(added.body), JSON.stringify(list.body), daemon().log]) assert.ok(!text.includes(key))
    const database = join(daemon().folder, 'greenroom.db')
    if (statSync(database, { throwIfNoEntry: false })) {
      for (const file of [database, `${database}-wal`]) assert.ok(!readFileSync(file).includes(key))
    }
    await host.call('DELETE', `${path}/destinations/${tube.id}`)
    await host.refused(404, 'not_found', 'PATCH', `${path}/destinations/${tube.id}`, { enabled: true })
  })

  test('Every host is told at once of destinations that come, change and go, before a show and during it', async () => {
    const { room, path } = await plan()
    const seat = await host.join(room.id)
    const guest = await (await Client.guest(daemon(), 'Olena')).join(room.id)
    const round = async () => {
      const { id } = await host.call<Destination>('POST', `${path}/destinations`, { platform: 'custom', name: 'Ours', rtmpUrl: 'rtmp://127.0.0.1:1/live', streamKey: key })
      const came = await until(seat, 'destination', ({ destination }) => destination.id === id)
      assert.deepEqual([came.destination.name, JSON.stringify(came).includes(key)], ['Ours', false])
      await host.call('PATCH', `${path}/destinations/${id}`, { enabled: false, name: 'Theirs' })
      await until(seat, 'destination', ({ destination }) => destination.id === id && destination.name === 'Theirs' && !destination.enabled)
      await host.call('DELETE', `${path}/destinations/${id}`)
      await until(seat, 'destination-removed', (removed) => removed.id === id)
    }
    await round()
    await host.call('POST', `${path}/start`, {})
    await until(guest, 'broadcast-updated', ({ broadcast }) => broadcast.status === 'live')
    await round()
    await guest.sawNone('destination', 'destination-removed')
    await host.call('POST', `${path}/end`)
    for (const one of [guest, seat]) await one.leave()
  })

  test('A show goes live, is told in the room, and ends', async () => {
    const { room, path } = await plan({ quality: '720p30' })
    const seat = await host.join(room.id)
    const guest = await (await Client.guest(daemon(), 'Olena')).join(room.id)
    const good = await host.call<Destination>('POST', `${path}/destinations`, { platform: 'custom', rtmpUrl: 'rtmp://127.0.0.1:1/live', streamKey: key })
    const bad = await host.call<Destination>('POST', `${path}/destinations`, { platform: 'custom', rtmpUrl: 'rtmp://127.0.0.1:1/refuse', streamKey: key })
    const untaken = await host.call<Destination>('POST', `${path}/destinations`, { platform: 'custom', rtmpUrl: 'rtmp://127.0.0.1:1/too-many', streamKey: key })

    const started = await host.request<Broadcast>('POST', `${path}/start`, { record: true })
    contract.check('startBroadcast', started)
    assert.deepEqual([started.body.status, started.body.recorded], ['starting', true])
    await until(guest, 'broadcast-started', ({ broadcast }) => broadcast.recorded)
    await until(guest, 'broadcast-updated', ({ broadcast }) => broadcast.status === 'live')
    const { destination: sending } = await until(seat, 'destination', ({ destination }) => destination.id === good.id && destination.status.state === 'live')
    assert.deepEqual([sending.status.roundTripMs, sending.status.unacknowledgedBytes], [24.5, 1200])
    await until(seat, 'destination', ({ destination }) => destination.id === bad.id && destination.status.reason === 'key')
    const { destination: left } = await until(seat, 'destination', ({ destination }) => destination.id === untaken.id && destination.status.state === 'failed')
    assert.equal(left.status.message, 'There are too many outputs')
    const { onAir, recorded } = await new Client(daemon()).call<{ onAir: boolean; recorded: boolean }>('GET', `/api/rooms/${room.id}`)
    assert.deepEqual([onAir, recorded], [true, true])
    await host.refused(409, 'conflict', 'POST', `${path}/start`, {})
    await host.refused(409, 'conflict', 'DELETE', path)

    const late = await (await Client.guest(daemon())).join(room.id)
    assert.equal(late.joined?.broadcast?.status, 'live')
    assert.equal((await late.next('scene')).revision, 0)
    await host.moderate(room.id, guest.me, { gain: 0.5 })
    await host.call('PATCH', `${path}/scene`, { order: [{ participantId: guest.me, kind: 'camera' }] })
    assert.equal((await guest.next('scene')).scene.order[0]?.participantId, guest.me)
    const now = await eventually('the program knows', async () => {
      const answer = await told(path)
      return answer.scene.order.length === 1 && answer
    })
    assert.deepEqual([now.settings.width, now.settings.height, now.settings.framesPerSecond], [1280, 720, 30])
    assert.deepEqual(now.people.find(({ participantId }) => participantId === guest.me), { participantId: guest.me, name: 'Olena', gain: 0.5, onStage: true, camera: false })
    assert.ok(now.outputs.some(({ kind, streamKey }) => kind === 'rtmp' && streamKey === key))

    const ended = await host.request<Broadcast>('POST', `${path}/end`)
    contract.check('endBroadcast', ended)
    assert.equal(ended.body.status, 'ended')
    await until(guest, 'room-updated', (message) => !message.room.onAir && !message.room.recorded)
    await until(guest, 'broadcast-ended', ({ broadcast }) => broadcast.status === 'ended')
    await host.refused(409, 'conflict', 'POST', `${path}/end`)
    await host.refused(409, 'conflict', 'POST', `${path}/start`, {})
    await eventually('the end is stored', async () => (await host.call<Broadcast>('GET', path)).endedAt !== null)
    for (const one of [late, guest, seat]) await one.leave()
  })

  test('Pictures of a scene reach the program as files, until they are deleted', async () => {
    const { path } = await plan()
    const { body } = await upload(host, form(png(64, 32, { alpha: true })))
    const logo = { picture: body.id, corner: 'top-left' }
    await host.call('PATCH', `${path}/scene`, { logo, overlay: { picture: body.id }, background: { picture: body.id } })
    await host.call('POST', `${path}/start`, {})
    await running(path)
    type Pictured = { path?: string | null } | null
    const pictures = async () => {
      const { scene } = await told(path) as unknown as { scene: { logo: Pictured; overlay: Pictured; background: Pictured } }
      return [scene.logo?.path, scene.overlay?.path, scene.background?.path]
    }
    const files = await pictures()
    for (const file of files) assert.equal(readFileSync(file ?? '').toString('latin1', 1, 4), 'PNG')
    await host.call('DELETE', `/api/pictures/${body.id}`)
    await host.call('PATCH', `${path}/scene`, { ticker: 'News' })
    await eventually('the files are gone from the scene', async () => (await pictures()).every((file) => file == null))
    await host.call('POST', `${path}/end`)
  })

  test('A recording is listed, downloaded in parts by a signed link, and deleted', async () => {
    const { path } = await plan()
    await host.call('POST', `${path}/start`, {})
    await running(path)
    const made = await host.call<Recording>('POST', `${path}/recordings`, { tracks: true })
    await host.refused(409, 'conflict', 'POST', `${path}/recordings`, {})
    await eventually('it is being written', async () => (await host.call<Recording>('GET', `/api/recordings/${made.id}`)).seconds > 0)
    await host.refused(409, 'conflict', 'DELETE', `/api/recordings/${made.id}`)
    assert.equal((await host.call<Recording>('POST', `/api/recordings/${made.id}/stop`)).state, 'finishing')
    const ready = await eventually('it is ready', async () => {
      const one = await host.request<Recording>('GET', `/api/recordings/${made.id}`)
      contract.check('getRecording', one)
      return one.body.state === 'ready' && one.body
    })
    await host.refused(409, 'conflict', 'POST', `/api/recordings/${made.id}/stop`)
    assert.deepEqual(ready.files.map(({ name, type }) => [name, type]), [['mix.mp4', 'video/mp4'], ['manifest.json', 'application/json']])
    assert.ok(ready.thumbnail)
    assert.ok((await host.call<List<Recording>>('GET', '/api/recordings')).items.some(({ id }) => id === made.id))

    const link = daemon().url + ready.files[0]?.url
    const whole = await fetch(link)
    assert.deepEqual([whole.status, whole.headers.get('accept-ranges'), await whole.text()], [200, 'bytes', 'not really a recording'])
    const rows: [string, number, string | null, string][] = [
      ['bytes=4-9', 206, 'bytes 4-9/22', 'really'],
      ['bytes=13-', 206, 'bytes 13-21/22', 'recording'],
      ['bytes=-9', 206, 'bytes 13-21/22', 'recording'],
      ['bytes=0-999', 206, 'bytes 0-21/22', 'not really a recording'],
      ['bytes=22-', 416, 'bytes */22', ''],
      ['bytes=0-1,4-5', 200, null, 'not really a recording'],
      ['pages=1-2', 200, null, 'not really a recording'],
    ]
    for (const [range, status, part, text] of rows) {
      const answer = await fetch(link, { headers: { range } })
      assert.deepEqual([answer.status, answer.headers.get('content-range'), await answer.text()], [status, part, text], range)
    }
    const signed = await host.request('GET', `/api/recordings/${made.id}/download?attachment=true`)
    assert.equal(signed.status, 303)
    const saved = await fetch(daemon().url + (signed.headers.get('location') ?? ''))
    assert.match(saved.headers.get('content-disposition') ?? '', /^attachment/)
    await saved.arrayBuffer()

    const stranger = new Client(daemon())
    await stranger.refused(401, 'unauthenticated', 'GET', `/api/recordings/${made.id}/download`)
    const forged = (ready.files[0]?.url ?? '').replace(/until=\d+/, 'until=4102444800')
    await stranger.refused(403, 'forbidden', 'GET', forged)
    await stranger.refused(403, 'forbidden', 'GET', (ready.files[0]?.url ?? '').replace('mix.mp4', '..%2F..%2Fvault.key'))
    await (await Client.register(daemon())).refused(403, 'forbidden', 'GET', `/api/recordings/${made.id}`)
    const second = await host.call<Recording>('POST', `${path}/recordings`, {})
    const [newest, older] = await Promise.all(
      [`limit=1`, `limit=1&after=${second.id}`].map((page) => host.call<List<Recording>>('GET', `${path}/recordings?${page}`)),
    )
    assert.deepEqual(newest?.items.map(({ id }) => id), [second.id])
    assert.equal(newest?.next, second.id)
    assert.deepEqual(older?.items.map(({ id }) => id), [made.id])
    await host.refused(400, 'invalid_input', 'GET', `${path}/recordings?limit=101`)
    await host.call('POST', `${path}/end`)
    await host.call('DELETE', path)
    const left = await host.call<Recording>('GET', `/api/recordings/${made.id}`)
    assert.equal(left.broadcastId, null)
    await host.call('DELETE', `/api/recordings/${made.id}`)
    await host.refused(404, 'not_found', 'GET', `/api/recordings/${made.id}`)
    assert.equal((await fetch(link)).status, 404)
  })

  test('A killed program process is back within five seconds, told everything again, and records another part', async () => {
    const { room, path } = await plan()
    await host.call('POST', `${path}/destinations`, { platform: 'custom', rtmpUrl: 'rtmp://127.0.0.1:1/live', streamKey: key })
    const seat = await host.join(room.id)
    await host.call('PATCH', `${path}/scene`, { layout: 'pip' })
    await host.call('POST', `${path}/start`, { record: true })
    await running(path)
    const before = await told(path)
    const killed = Date.now()
    process.kill(before.pid, 'SIGKILL')
    await until(seat, 'broadcast-updated', ({ broadcast }) => broadcast.status === 'recovering')
    await until(seat, 'broadcast-updated', ({ broadcast }) => broadcast.status === 'live')
    await until(seat, 'destination', ({ destination }) => destination.status.state === 'live')
    assert.ok(Date.now() - killed < 5000)
    const after = await told(path)
    assert.notEqual(after.pid, before.pid)
    assert.equal(after.scene.layout, 'pip')
    const parts = await eventually('both parts are there', async () => {
      const { items } = await host.call<List<Recording>>('GET', `${path}/recordings`)
      return items.length === 2 && items.some(({ state }) => state === 'ready') && items
    })
    assert.deepEqual(parts.map(({ part, state }) => [part, state]), [[2, 'recording'], [1, 'ready']])
    await host.call('POST', `${path}/end`)
    await seat.leave()
  })

  test('A test of a destination says what fails', async () => {
    const { path } = await plan()
    const listening = createServer((socket) => socket.on('error', () => {}).end('HTTP/1.1 400 Bad Request\r\n\r\n'))
    await new Promise<void>((done) => listening.listen(0, '127.0.0.1', done))
    const { port } = listening.address() as { port: number }
    const shut: Server = createServer()
    await new Promise<void>((done) => shut.listen(0, '127.0.0.1', done))
    const closed = (shut.address() as { port: number }).port
    await new Promise((done) => shut.close(done))
    const rows: [string, string][] = [
      ['rtmp://nobody.invalid/live', 'dns'],
      [`rtmp://127.0.0.1:${closed}/live`, 'refused'],
      [`rtmps://127.0.0.1:${port}/live`, 'tls'],
      [`rtmp://127.0.0.1:${port}/live`, 'refused'],
    ]
    for (const [rtmpUrl, reason] of rows) {
      const one = await host.call<Destination>('POST', `${path}/destinations`, { platform: 'custom', rtmpUrl, streamKey: key })
      const answer = await host.request<DestinationTest>('POST', `${path}/destinations/${one.id}/test`)
      contract.check('testDestination', answer)
      assert.deepEqual([answer.body.ok, answer.body.reason], [false, reason], rtmpUrl)
    }
    listening.close()
  })

  test('An operator starts, looks at and ends a show', async () => {
    const title = `Show of ${Math.random()}`
    const { path } = await plan({ title })
    await host.call('POST', `${path}/destinations`, { platform: 'custom', name: 'Ours', rtmpUrl: 'rtmp://127.0.0.1:1/live', streamKey: key })
    const run = async (...words: string[]) =>
      (await promisify(execFile)(join(build, 'src/ctl/greenroomctl'), ['--socket', join(daemon().folder, 'control.sock'), ...words])).stdout
    assert.match(await run('show', 'list', 'scheduled'), new RegExp(title))
    await assert.rejects(run('show', 'end', title), /not running/)
    await assert.rejects(run('show', 'start', 'Nothing of that name'), /no broadcast/)
    assert.match(await run('show', 'start', title, '--record'), /On air/)
    await running(path)
    await eventually('its destination is live', async () => /Ours +live +6.0/.test(await run('show', 'stats', title)).valueOf())
    const { settings: quality } = JSON.parse(await run('show', 'stats', title, '--json')) as Told
    assert.equal(quality.height, 1080)
    assert.ok(!(await run('show', 'stats', title)).split('\n').slice(0, 3).join().includes(key))
    assert.match(await run('show', 'graph', title), /^digraph programme/)
    assert.deepEqual(JSON.parse(await run('show', 'graph', title, '--json')), { dot: 'digraph programme { }\n' })
    await run('show', 'graph', title, '--svg').then(
      (svg) => assert.match(svg, /<svg/),
      (error: Error) => assert.match(error.message, /install the package graphviz/),
    )
    await run('show', 'end', title)
    await eventually('the end is stored', async () => (await host.call<Broadcast>('GET', path)).status === 'ended')
    await assert.rejects(run('show', 'stats', title), /no broadcast/)
  })

  test('Who stops the server while a show runs finds it ended, and its recording in order', async () => {
    const first = await Daemon.start({ settings, folder: mkdtempSync(join(tmpdir(), 'greenroom-again-')) })
    const ann = await Client.register(first, { email: 'ann@example.org' })
    const room = await ann.createRoom()
    const show = await ann.call<Broadcast>('POST', '/api/broadcasts', { title: 'Show', roomId: room.id })
    await ann.call('POST', `/api/broadcasts/${show.id}/start`, { record: true })
    await eventually('it is live', async () => (await ann.call<Broadcast>('GET', `/api/broadcasts/${show.id}`)).status === 'live')
    first.process.kill('SIGKILL')
    await first.stop().catch(() => {})
    const second = await Daemon.start({ settings, folder: first.folder })
    const again = await Client.login(second, 'ann@example.org', 'correct horse')
    assert.equal((await again.call<Broadcast>('GET', `/api/broadcasts/${show.id}`)).status, 'ended')
    const [kept] = await eventually('what was recorded is put in order', async () => {
      const { items } = await again.call<List<Recording>>('GET', '/api/recordings')
      assert.equal(items.length, 1)
      return items[0]?.state === 'ready' && items
    })
    assert.deepEqual(kept?.files.map(({ name }) => name), ['mix.mp4'])
    assert.match(kept?.message ?? '', /server stopped/)
    assert.ok(kept?.thumbnail)
    await second.stop()
    rmSync(first.folder, { recursive: true, force: true })
  })
})

test('Private addresses are refused unless the operator allows them', async () => {
  const daemon = await Daemon.start({ settings: { ...settings, 'outputs.allow-private': 'false' } })
  const host = await Client.register(daemon)
  const room = await host.createRoom()
  const show = await host.call<Broadcast>('POST', '/api/broadcasts', { title: 'Show', roomId: room.id })
  for (const place of ['127.0.0.1', 'localhost', '10.0.0.1', '169.254.169.254', '[::1]', '[::ffff:192.168.0.1]']) {
    const detail = await host.refused(400, 'invalid_input', 'POST', `/api/broadcasts/${show.id}/destinations`, {
      platform: 'custom', rtmpUrl: `rtmp://${place}/live`, streamKey: key,
    })
    assert.equal(detail.field, 'rtmpUrl')
  }
  await daemon.stop()
})
