// SPDX-License-Identifier: LGPL-2.1-or-later
/** A real greenroomd with a folder, a port and a log of its own. */
import assert from 'node:assert/strict'
import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, readFileSync, readdirSync, rmSync, existsSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { eventually, within } from './deadline.ts'

const top = resolve(import.meta.dirname, '../..')
/** The build under test: build/, or build-asan/ when GREENROOM_TEST_BUILD says so. */
export const build = resolve(top, process.env.GREENROOM_TEST_BUILD ?? 'build')

/** Built with AddressSanitizer, which keeps freed memory for a while: figures of memory mean nothing then. */
export const sanitized = (
  JSON.parse(readFileSync(join(build, 'meson-info/intro-buildoptions.json'), 'utf8')) as { name: string; value: unknown }[]
).some(({ name, value }) => name === 'b_sanitize' && String(value).includes('address'))

export interface DaemonOptions {
  /** Settings as { 'rooms.capacity': '3' }; they override the quiet defaults below. */
  settings?: Record<string, string>
  environment?: Record<string, string>
  /** More of the command line, after the settings. */
  arguments?: string[]
  /** A program and its arguments that starts the daemon, given the daemon's port. */
  launcher?: (port: number) => string[]
  /** A data folder to use again, from an earlier daemon's `folder`; it is then not removed. */
  folder?: string
  /** Milliseconds until the daemon is killed, whatever the test does. */
  watchdog?: number
}

/** Nothing leaves the machine, no bus is needed, and no rate limit stands in a test's way unless it asks for one. */
const quiet: Record<string, string> = {
  'ice.servers': '',
  'media.program': '',
  'pictures.program': join(build, 'src/image/greenroom-image'),
  'limits.uploads-per-hour': '100000',
  'dbus.bus': 'none',
  'log.format': 'json',
  'log.level': 'debug',
  'drain.seconds': '2',
  'limits.login-per-minute': '100000',
  'limits.register-per-hour': '100000',
  'limits.requests-per-second': '100000',
  'limits.requests-burst': '100000',
  'limits.joins-per-second': '100000',
  'http.connections-per-address': '10000',
}

/** GStreamer 1.22 asks an answer of an ffmpeg that listens for RTMP for the type of a member that it has not. */
const knownOfOthers = /gst_amf_node_get_type: assertion 'node' failed/

/** A port that was free a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })
}

const children = new Set<ChildProcess>()
process.on('exit', () => children.forEach((child) => child.kill('SIGKILL')))

export class Daemon {
  readonly port: number
  readonly folder: string
  readonly process: ChildProcess
  /** Everything it wrote, standard output and error together. */
  log = ''

  private readonly ended: Promise<{ code: number | null; signal: string | null }>
  private readonly watchdog: NodeJS.Timeout
  private readonly keepFolder: boolean
  private finished = false

  private constructor(port: number, options: DaemonOptions) {
    this.port = port
    this.keepFolder = options.folder !== undefined
    this.folder = options.folder ?? mkdtempSync(join(tmpdir(), 'greenroom-'))

    const settings = {
      ...quiet,
      'http.listen': `127.0.0.1:${port}`,
      'http.root': join(top, 'build/web'),
      'data.dir': this.folder,
      ...options.settings,
    }
    const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('GREENROOM_')))
    const [program = '', ...words] = [
      ...(options.launcher?.(port) ?? []),
      join(build, 'src/greenroomd'),
      ...Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`]),
      ...(options.arguments ?? []),
    ]
    this.process = spawn(
      program,
      words,
      { cwd: this.folder, env: { ...inherited, ...options.environment }, stdio: ['ignore', 'pipe', 'pipe'] },
    )
    children.add(this.process)
    for (const stream of [this.process.stdout, this.process.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => (this.log += text))
    }
    this.ended = new Promise((resolve, reject) => {
      this.process.once('error', reject)
      this.process.once('close', (code, signal) => {
        this.finished = true
        children.delete(this.process)
        clearTimeout(this.watchdog)
        resolve({ code, signal })
      })
    })
    this.ended.catch(() => (this.finished = true))
    this.watchdog = setTimeout(() => this.process.kill('SIGKILL'), options.watchdog ?? 120_000)
    this.watchdog.unref()
  }

  /** Resolves when /health answers. */
  static async start(options: DaemonOptions = {}, port?: number): Promise<Daemon> {
    const daemon = new Daemon(port ?? (await freePort()), options)
    try {
      await eventually('greenroomd is ready', async () => {
        if (daemon.finished) return true
        return (await fetch(`${daemon.url}/health`, { signal: AbortSignal.timeout(2_000) })).ok
      })
      assert.ok(!daemon.finished, 'greenroomd ended while starting')
    } catch (error) {
      daemon.process.kill('SIGKILL')
      throw new Error(`${String(error)}\n${daemon.log}`)
    }
    return daemon
  }

  /** Starts one that is expected to refuse; gives its exit status and what it said. */
  static async refused(options: DaemonOptions = {}): Promise<{ code: number | null; log: string }> {
    const daemon = new Daemon(await freePort(), options)
    try {
      const { code } = await within(10_000, 'greenroomd refuses', daemon.ended)
      return { code, log: daemon.log }
    } finally {
      await daemon.kill()
    }
  }

  get url() {
    return `http://127.0.0.1:${this.port}`
  }

  get socketUrl() {
    return `ws://127.0.0.1:${this.port}/ws`
  }

  /** The log's records, in order; lines that are no JSON (the greeting) are left out. */
  get records(): Record<string, unknown>[] {
    return this.log.split('\n').flatMap((line) => {
      try {
        return line.startsWith('{') ? [JSON.parse(line) as Record<string, unknown>] : []
      } catch {
        return []
      }
    })
  }

  /** The token of the one-time link that makes the first account an administrator. */
  setupToken(): Promise<string> {
    return eventually('the setup link is printed', () => /[?&#/]setup[=/]([\w-]+)/.exec(this.log)?.[1], 5_000)
  }

  /** Kilobytes of resident memory, open descriptors and threads, from /proc. */
  figures() {
    const status = readFileSync(`/proc/${this.process.pid}/status`, 'utf8')
    const number = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1])
    return {
      residentKilobytes: number('VmRSS'),
      threads: number('Threads'),
      descriptors: readdirSync(`/proc/${this.process.pid}/fd`).length,
    }
  }

  /** That it has not grown by more than so much since the figures @before. */
  assertGrewLess(kilobytes: number, before: { residentKilobytes: number }, why: string) {
    const grown = this.figures().residentKilobytes - before.residentKilobytes
    assert.ok(sanitized || grown < kilobytes, `${why}; it grew by ${grown} kB`)
  }

  /** Asks it to end, as systemd does; `stop` waits for that. */
  terminate = () => void this.process.kill('SIGTERM')

  /** Lets it drain, and insists on a clean end: exit 0 in time, and no report of a sanitizer. */
  async stop(deadline = 15_000) {
    try {
      if (!this.finished) this.process.kill('SIGTERM')
      const { code, signal } = await within(deadline, 'greenroomd stops', this.ended)
      assert.deepEqual({ code, signal }, { code: 0, signal: null }, `greenroomd did not end well:\n${this.tail()}`)
      assert.doesNotMatch(this.log, /ERROR: \w+Sanitizer|runtime error:/, this.tail())
      const log = this.log.split('\n').filter((line) => !knownOfOthers.test(line)).join('\n')
      assert.doesNotMatch(log, /-CRITICAL \*\*|assertion '.*' failed/, this.tail())
    } finally {
      await this.kill()
    }
  }

  /** kill -9, as a power cut; the folder stays when it was given. */
  async kill() {
    if (!this.finished) {
      this.process.kill('SIGKILL')
      await this.ended.catch(() => {})
    }
    clearTimeout(this.watchdog)
    if (!this.keepFolder && existsSync(this.folder)) rmSync(this.folder, { recursive: true, force: true })
  }

  private tail = () => this.log.split('\n').slice(-60).join('\n')
}
