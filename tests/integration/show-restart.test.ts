// SPDX-License-Identifier: LGPL-2.1-or-later
/** What becomes of a show whose process or server goes, with the real program process; nobody is in it, so that its slate is on
 *  air. tests/web/show.test.ts has people. */
import assert from 'node:assert/strict'
import { execFile, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { tmpdir } from 'node:os'
import { test } from 'node:test'
import { promisify } from 'node:util'
import type { Broadcast, Destination, Recording } from '../../src/web/protocol/contract.ts'
import { Client } from '../lib/client.ts'
import { build, Daemon, freePort } from '../lib/daemon.ts'
import { eventually } from '../lib/deadline.ts'

const email = 'ann@example.org'

async function start(folder: string): Promise<Daemon> {
  const settings = {
    'media.program': `${build}/src/media/greenroom-media`,
    'media.listen': `127.0.0.1:${await freePort()}`,
    'drain.seconds': '15',
    'outputs.allow-private': 'true',
  }
  return Daemon.start({ settings, folder })
}

/** A show on air that has recorded so many seconds; the recording as it is then. */
async function record(host: Client, seconds: number, destination?: object): Promise<Recording> {
  const room = await host.createRoom()
  const show = await host.call<Broadcast>('POST', '/api/broadcasts', { title: 'Show', roomId: room.id, quality: '720p30' })
  if (destination !== undefined) await host.call('POST', `/api/broadcasts/${show.id}/destinations`, destination)
  await host.call('POST', `/api/broadcasts/${show.id}/start`, { record: true })
  return eventually(`${seconds} s are recorded`, async () => {
    const { items } = await host.call<{ items: Recording[] }>('GET', `/api/broadcasts/${show.id}/recordings`)
    return items[0] !== undefined && items[0].seconds >= seconds && items[0]
  }, 40_000)
}

/** From the first picture to the last one, and the longest step between two, in seconds. */
async function measure(file: string): Promise<{ length: number; gap: number }> {
  const words = ['-v', 'error', '-select_streams', 'v', '-show_entries', 'packet=pts_time', '-of', 'csv=p=0', file]
  const { stdout } = await promisify(execFile)('ffprobe', words)
  const times = stdout.trim().split('\n').map(Number).sort((a, b) => a - b)
  return {
    length: (times.at(-1) ?? 0) - (times[0] ?? 0),
    gap: Math.max(...times.slice(1).map((time, i) => time - (times[i] ?? 0))),
  }
}

test('A server that is killed leaves no process behind, and its next start puts the recording in order', { timeout: 110_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'greenroom-restart-'))
  const first = await start(folder)
  const made = await record(await Client.register(first, { email }), 5)
  const children = readFileSync(`/proc/${first.process.pid}/task/${first.process.pid}/children`, 'utf8').trim().split(' ')
  assert.ok(children.length >= 2)
  first.process.kill('SIGKILL')
  await first.kill()
  await eventually('the workers are gone, too', () => children.every((pid) => !existsSync(`/proc/${pid}`)))
  assert.ok(existsSync(join(folder, 'recordings', made.id, 'mix.mkv')))

  const second = await start(folder)
  const again = await Client.login(second, email, 'correct horse')
  const ready = await eventually('the recording is in order', async () => {
    const one = await again.call<Recording>('GET', `/api/recordings/${made.id}`)
    return one.state === 'ready' && one
  }, 30_000)
  assert.equal((await again.call<Broadcast>('GET', `/api/broadcasts/${made.broadcastId}`)).status, 'ended')
  assert.deepEqual(ready.files.map(({ name }) => name), ['mix.mp4'])
  assert.ok(ready.thumbnail)
  assert.match(ready.message ?? '', /server stopped/)
  const { length, gap } = await measure(join(folder, 'recordings', made.id, 'mix.mp4'))
  assert.ok(length >= made.seconds - 2, `${length} s of ${made.seconds} s are there`)
  assert.ok(Math.abs(ready.seconds - length) < 0.2, `it is said to be ${ready.seconds} s long, and is ${length} s`)
  assert.ok(gap <= 0.07, `a gap of ${gap} s`)
  await second.stop(30_000)
  rmSync(folder, { recursive: true, force: true })
})

/** nginx-rtmp, which keeps what it is sent: a file for each time that somebody publishes. */
async function receive(folder: string): Promise<{ url: string; files: () => string[]; stop: () => Promise<void> }> {
  const port = await freePort()
  writeFileSync(join(folder, 'nginx.conf'), `load_module /usr/lib/nginx/modules/ngx_rtmp_module.so;
    user root; daemon off; master_process off; error_log ${folder}/nginx.log; pid ${folder}/nginx.pid;
    events { worker_connections 16; }
    rtmp { server { listen 127.0.0.1:${port}; application live { live on; record all; record_path ${folder}; record_suffix -%s.flv; } } }`)
  const server = spawn('nginx', ['-c', join(folder, 'nginx.conf'), '-p', folder], { stdio: 'ignore' })
  const ended = new Promise<void>((resolve) => server.once('close', () => resolve()))
  process.once('exit', () => server.kill('SIGKILL'))
  return {
    url: `rtmp://127.0.0.1:${port}/live`,
    files: () => readdirSync(folder).filter((name) => name.endsWith('.flv')).map((name) => join(folder, name)).sort(),
    stop: () => (server.kill('SIGTERM'), ended),
  }
}

test('A program process that is killed is back in five seconds, and so are the destination and the recording', { timeout: 110_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'greenroom-restart-'))
  const receiver = await receive(folder)
  const daemon = await start(folder)
  const host = await Client.register(daemon, { email })
  const made = await record(host, 5, { platform: 'custom', rtmpUrl: receiver.url, streamKey: 'show' })
  const path = `/api/broadcasts/${made.broadcastId}`
  const live = async () => {
    const { items } = await host.call<{ items: Destination[] }>('GET', `${path}/destinations`)
    return (await host.call<Broadcast>('GET', path)).status === 'live' && items[0]?.status.state === 'live'
  }
  await eventually('the destination is live', live)
  const children = readFileSync(`/proc/${daemon.process.pid}/task/${daemon.process.pid}/children`, 'utf8').trim().split(' ')
  const pid = children.find((child) => readFileSync(`/proc/${child}/cmdline`, 'utf8').split('\0')[1] === 'program')

  process.kill(Number(pid), 'SIGKILL')
  const killed = Date.now()
  await eventually('it is seen', async () => (await host.call<Broadcast>('GET', path)).status === 'recovering')
  await eventually('the show is back', live)
  const away = Date.now() - killed
  const parts = await eventually('both parts are there, and the second one has grown', async () => {
    const { items } = await host.call<{ items: Recording[] }>('GET', `${path}/recordings`)
    return items.length === 2 && items.some(({ part, seconds }) => part === 2 && seconds >= 3) && items
  }, 30_000)
  await host.call('POST', `${path}/end`)
  for (const { id, part } of parts) {
    const ready = await eventually(`part ${part} is in order`, async () => {
      const one = await host.call<Recording>('GET', `/api/recordings/${id}`)
      return one.state === 'ready' && one
    }, 30_000)
    const { length, gap } = await measure(join(folder, 'recordings', id, 'mix.mp4'))
    assert.ok(Math.abs(ready.seconds - length) < 0.2)
    assert.ok(length >= (part === 1 ? made.seconds - 2 : 3), `${length} s of part ${part}`)
    assert.ok(gap <= 0.07, `a gap of ${gap} s in part ${part}`)
  }
  await daemon.stop(30_000)
  await receiver.stop()
  const sent = await Promise.all(receiver.files().map(measure))
  assert.equal(sent.length, 2)
  for (const { length, gap } of sent) assert.ok(length >= 2 && gap <= 0.07, `${length} s were received, with a gap of ${gap} s`)
  assert.ok(away < 5000, `it was away for ${away} ms`)
  rmSync(folder, { recursive: true, force: true })
})

test('A server that is asked to stop ends its shows first, though people are there', { timeout: 110_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'greenroom-restart-'))
  const daemon = await start(folder)
  const host = await Client.register(daemon, { email })
  const made = await record(host, 3)
  const { room } = await host.call<Broadcast>('GET', `/api/broadcasts/${made.broadcastId}`)
  await host.join(room.id)
  await daemon.stop(30_000)
  assert.ok(existsSync(join(folder, 'recordings', made.id, 'mix.mp4')))
  assert.ok(!existsSync(join(folder, 'recordings', made.id, 'mix.mkv')))

  const next = await start(folder)
  const again = await Client.login(next, email, 'correct horse')
  const kept = await again.call<Recording>('GET', `/api/recordings/${made.id}`)
  assert.deepEqual([kept.state, kept.message, kept.files.map(({ name }) => name)], ['ready', null, ['mix.mp4']])
  assert.equal((await again.call<Broadcast>('GET', `/api/broadcasts/${made.broadcastId}`)).status, 'ended')
  await next.stop(30_000)
  rmSync(folder, { recursive: true, force: true })
})
