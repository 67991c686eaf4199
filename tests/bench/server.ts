// SPDX-License-Identifier: LGPL-2.1-or-later
/** Benchmarks of the daemon without media: start, memory, API and chat, on SQLite and PostgreSQL, beside a small server on
 * Node in the same run. Prints one JSON line per figure. Measure alone on the machine.
 *   bash tests/bench/run.sh server */
import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from '../lib/client.ts'
import { build, Daemon } from '../lib/daemon.ts'
import { within } from '../lib/deadline.ts'
import { Postgres } from '../lib/postgres.ts'

const seconds = Number(process.env.BENCH_SECONDS ?? 5)
const median = (values: number[]) => values.sort((a, b) => a - b)[values.length >> 1]
const print = (name: string, value: number, unit: string, target?: number) =>
  console.log(JSON.stringify({ name, value: Math.round(value * 100) / 100, unit, ...(target === undefined ? {} : { target }) }))

const scratch = mkdtempSync(join(tmpdir(), 'greenroom-bench-'))

/** Requests per second that wrk counts; a Lua script makes what is not a plain GET. */
function wrk(url: string, headers: Record<string, string> = {}, body?: string) {
  const script = join(scratch, 'request.lua')
  writeFileSync(script, body === undefined ? '' : `wrk.method = "POST"\nwrk.body = [[${body}]]\n`)
  const output = execFileSync(
    'wrk',
    ['-t1', '-c32', `-d${seconds}s`, '-s', script, ...Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`]), url],
    { encoding: 'utf8' },
  )
  const failed = Number(/Non-2xx or 3xx responses: (\d+)/.exec(output)?.[1] ?? 0)
  if (failed > 0) throw new Error(`${failed} requests to ${url} failed\n${output}`)
  return Number(/Requests\/sec:\s+([\d.]+)/.exec(output)?.[1])
}

async function measureApi(store: string, daemon: Daemon) {
  const host = await Client.register(daemon)
  const room = (await host.request<{ id: string }>('POST', '/api/rooms', { title: 'Bench', visibility: 'public' })).body
  const signedIn = { authorization: `Bearer ${host.token}` }
  print(`${store}: read a room, signed in`, wrk(`${daemon.url}/api/rooms/${room.id}`, signedIn), 'requests/s', 3000)
  print(`${store}: list public rooms`, wrk(`${daemon.url}/api/rooms`), 'requests/s', 3000)
  print(
    `${store}: make a room`,
    wrk(`${daemon.url}/api/rooms`, { ...signedIn, 'content-type': 'application/json' }, '{"title":"Bench"}'),
    'requests/s',
    1000,
  )
}

async function measureChat(label: string, port: number, pid: number, rooms: string[], target?: number) {
  const output = execFileSync(
    join(build, 'tests/bench/bench-fanout'),
    ['--port', `${port}`, '--pid', `${pid}`, '--sockets', '500', '--label', label, ...(target ? ['--target', `${target}`] : []), ...rooms],
    { encoding: 'utf8' },
  )
  process.stdout.write(output)
}

async function measureGreenroom(store: string, settings: Record<string, string>) {
  const daemon = await Daemon.start({ settings: { ...settings, 'log.level': 'warning' }, watchdog: 300_000 })
  try {
    await measureApi(store, daemon)
    const host = await Client.register(daemon)
    const rooms = await Promise.all(
      ['One', 'Two'].map(async (title) =>
        (await host.request<{ slug: string }>('POST', '/api/rooms', { title, visibility: 'public', capacity: 500 })).body.slug),
    )
    await measureChat(`${store}, 1,000 sockets`, daemon.port, daemon.process.pid!, rooms, 50)
  } finally {
    await daemon.stop()
  }
}

async function measureStart() {
  const times: number[] = []
  const memory: number[] = []
  for (let i = 0; i < 5; i++) {
    const began = performance.now()
    const daemon = await Daemon.start({ settings: { 'log.level': 'warning' } })
    times.push(performance.now() - began)
    memory.push(daemon.figures().residentKilobytes / 1024)
    await daemon.stop()
  }
  print('start to ready, fresh data directory', median(times), 'ms', 1000)
  print('idle memory of the daemon', median(memory), 'MB', 30)
}

async function measurePeer() {
  const peer = spawn(process.execPath, [join(import.meta.dirname, 'peer.mjs')], {
    env: { ...process.env, PEER_BODY: JSON.stringify({ id: 'x'.repeat(36), title: 'Bench', description: '', padding: 'x'.repeat(300) }) },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  try {
    const port = await within(5_000, 'the peer listens', new Promise<number>((resolve) => peer.stdout.once('data', (text) => resolve(Number(text)))))
    print('peer (node:http, no store): the same JSON', wrk(`http://127.0.0.1:${port}/`), 'requests/s')
    await measureChat('peer (ws on Node, no store), 1,000 sockets', port, peer.pid!, ['one', 'two'])
  } finally {
    peer.kill()
  }
}

const postgres = Postgres.start()
try {
  await measureStart()
  await measureGreenroom('SQLite', {})
  await measureGreenroom('PostgreSQL', { 'store.url': postgres.url })
  await measurePeer()
} finally {
  postgres.stop()
  rmSync(scratch, { recursive: true, force: true })
}
