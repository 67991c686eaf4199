// SPDX-License-Identifier: LGPL-2.1-or-later
/** Servers that shows are sent to, of other makes than ours, and what they received. */
import assert from 'node:assert/strict'
import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from './daemon.ts'
import { eventually } from './deadline.ts'

const children = new Set<ChildProcess>()
process.on('exit', () => children.forEach((child) => child.kill('SIGKILL')))

function run(program: string, words: string[], folder: string): ChildProcess {
  const child = spawn(program, words, { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] })
  children.add(child)
  child.once('close', () => children.delete(child))
  return child
}

const over = (child: ChildProcess) => child.exitCode !== null || child.signalCode !== null

async function end(child: ChildProcess, signal: NodeJS.Signals) {
  if (over(child)) return
  const closed = new Promise((resolve) => child.once('close', resolve))
  child.kill(signal)
  await closed
}

/** What it looks like in /proc/net/tcp, so that nobody has to connect: ffmpeg takes the first who comes for its publisher. */
const listens = (port: number) =>
  eventually(`port ${port} listens`, () =>
    readFileSync('/proc/net/tcp', 'utf8').includes(`0100007F:${port.toString(16).toUpperCase().padStart(4, '0')} 00000000:0000 0A`))

/** A folder and a port, and a file for each time that somebody published. */
abstract class Receiver {
  readonly folder = mkdtempSync(join(tmpdir(), 'greenroom-receiver-'))
  readonly port: number
  protected process: ChildProcess | null = null

  protected constructor(port: number) {
    this.port = port
  }

  /** What a destination has as its rtmpUrl; its stream key is `key`. */
  get url() {
    return `rtmp://127.0.0.1:${this.port}/live`
  }

  /** The files, in the order in which they were begun. */
  get pieces(): string[] {
    return readdirSync(this.folder)
      .filter((name) => name.endsWith('.flv'))
      .map((name) => join(this.folder, name))
      .sort((one, other) => statSync(one).birthtimeMs - statSync(other).birthtimeMs)
  }

  abstract start(): Promise<void>

  /** kill -9; `start` begins again at the same port. */
  async kill() {
    const child = this.process
    this.process = null
    if (child !== null) await end(child, 'SIGKILL')
  }

  async close() {
    await this.kill()
    rmSync(this.folder, { recursive: true, force: true })
  }
}

export class Nginx extends Receiver {
  static async open(): Promise<Nginx> {
    const nginx = new Nginx(await freePort())
    await nginx.start()
    return nginx
  }

  async start() {
    const { folder, port } = this
    writeFileSync(join(folder, 'nginx.conf'), `
      load_module /usr/lib/nginx/modules/ngx_rtmp_module.so;
      user root; daemon off; master_process off; error_log nginx.log; pid nginx.pid;
      events { worker_connections 64; }
      rtmp { server { listen 127.0.0.1:${port}; chunk_size 4096;
        application live { live on; wait_key on; wait_video on; record all; record_unique on; record_path ${folder}; } } }`)
    this.process = run('nginx', ['-e', 'nginx.log', '-c', join(folder, 'nginx.conf'), '-p', folder], folder)
    await listens(port)
  }
}

/** ffmpeg takes one publisher and ends with it; then another one takes its place. */
export class Ffmpeg extends Receiver {
  private started = 0

  static async open(): Promise<Ffmpeg> {
    const ffmpeg = new Ffmpeg(await freePort())
    await ffmpeg.start()
    return ffmpeg
  }

  async start() {
    const child = run('ffmpeg', ['-nostdin', '-loglevel', 'fatal', '-listen', '1', '-i', `${this.url}/key`, '-c', 'copy', '-f', 'flv', `${++this.started}.flv`], this.folder)
    this.process = child
    child.once('close', () => {
      if (this.process === child) void this.start().catch(() => {})
    })
    await listens(this.port)
  }
}

/** One picture, red, green, blue, red … */
export interface Frame {
  width: number
  height: number
  points: Buffer
}

const frameWidth = 1280
const frameHeight = 720
const frameBytes = frameWidth * frameHeight * 3

/** Hands on each picture that @child writes. */
function readFrames(child: ChildProcess, take: (frame: Frame) => void) {
  let points = Buffer.alloc(frameBytes)
  let filled = 0
  child.stdout!.on('data', (bytes: Buffer) => {
    for (let at = 0; at < bytes.length; ) {
      const copied = bytes.copy(points, filled, at)
      at += copied
      filled += copied
      if (filled < frameBytes) continue
      take({ width: frameWidth, height: frameHeight, points })
      points = Buffer.alloc(frameBytes)
      filled = 0
    }
  })
}

const raw = ['-an', '-f', 'rawvideo', '-pix_fmt', 'rgb24', 'pipe:1']
const decode = (words: string[]) => {
  const child = spawn('ffmpeg', ['-nostdin', '-loglevel', 'fatal', ...words, ...raw], { stdio: ['ignore', 'pipe', 'inherit'] })
  children.add(child)
  child.once('close', () => children.delete(child))
  return child
}

/** Somebody who watches what a server receives, five pictures of each second. */
export class Viewer {
  private last: Frame | null = null
  private readonly process: ChildProcess

  constructor({ url }: Nginx) {
    this.process = decode(['-rtmp_live', 'live', '-analyzeduration', '1000000', '-fpsprobesize', '2', '-i', `${url}/key`, '-vf', `fps=5,scale=${frameWidth}:${frameHeight}`])
    readFrames(this.process, (frame) => (this.last = frame))
  }

  /** That a picture comes which @fits; it throws or says false for those that do not. */
  async sees(what: string, fits: (frame: Frame) => boolean, milliseconds = 15_000): Promise<Frame> {
    let seen: Frame | null = null
    return eventually(what, () => {
      if (this.last === null || this.last === seen) throw new Error(this.last === null ? 'no picture' : 'no other picture')
      seen = this.last
      return fits(seen) ? seen : undefined
    }, milliseconds).catch((error: unknown) => {
      if (seen !== null) error = new Error(`${String(error)}\n${save(seen)}`)
      throw error
    })
  }

  close = () => end(this.process, 'SIGKILL')
}

/** GREENROOM_TEST_PICTURES names a folder for pictures of what was not what it should be. */
let saved = 0
function save(frame: Frame): string {
  const folder = process.env.GREENROOM_TEST_PICTURES
  if (folder === undefined) return 'GREENROOM_TEST_PICTURES keeps the last picture'
  const path = join(folder, `frame-${++saved}.ppm`)
  writeFileSync(path, Buffer.concat([Buffer.from(`P6 ${frame.width} ${frame.height} 255\n`), frame.points]))
  return path
}

/** All pictures of a file, or of the part of it that @words of ffmpeg choose, one after the other. */
export async function framesOf(path: string, take: (frame: Frame, index: number) => void, words: string[] = []) {
  let index = 0
  const child = decode([...words, '-i', path, '-vsync', 'passthrough', '-vf', `scale=${frameWidth}:${frameHeight}`])
  readFrames(child, (frame) => take(frame, index++))
  await new Promise((resolve) => child.once('close', resolve))
  assert.equal(child.exitCode, 0, `${path} can be decoded`)
}

/** Its sound: one channel, @rate samples a second, −1…1. */
export async function soundOf(path: string, rate: number): Promise<Float32Array> {
  const bytes = await output('ffmpeg', ['-nostdin', '-loglevel', 'fatal', '-i', path, '-vn', '-ac', '1', '-ar', String(rate), '-f', 'f32le', 'pipe:1'])
  return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4)
}

async function output(program: string, words: string[]): Promise<Buffer> {
  const child = spawn(program, words, { stdio: ['ignore', 'pipe', 'inherit'] })
  const parts: Buffer[] = []
  child.stdout.on('data', (part: Buffer) => parts.push(part))
  const code = await new Promise((resolve) => child.once('close', resolve))
  assert.equal(code, 0, `${program} ${words.at(-1)}`)
  return Buffer.concat(parts)
}

export interface Stream {
  /** Seconds, of each packet in the order of the file. */
  times: number[]
  /** The end of the last packet. */
  end: number
  longestGap: number
}

/** The packets of a file as ffprobe tells them. Decoding times only ever grow, or this throws. */
export async function probe(path: string): Promise<{ video: Stream; audio: Stream }> {
  const text = (await output('ffprobe', ['-loglevel', 'fatal', '-show_entries', 'packet=codec_type,pts_time,dts_time,duration_time', '-of', 'csv=p=0', path])).toString()
  const streams: Record<string, Stream> = {}
  let before: Record<string, number> = {}
  for (const line of text.split('\n')) {
    const [kind = '', pts, dts, duration] = line.split(',')
    if (kind !== 'video' && kind !== 'audio') continue
    const stream = (streams[kind] ??= { times: [], end: 0, longestGap: 0 })
    assert.ok(before[kind] === undefined || Number(dts) > before[kind], `${path}: ${kind} goes back from ${before[kind]} to ${dts} s`)
    stream.longestGap = Math.max(stream.longestGap, before[kind] === undefined ? 0 : Number(dts) - before[kind])
    before = { ...before, [kind]: Number(dts) }
    stream.times.push(Number(pts))
    stream.end = Number(pts) + (Number(duration) || 0)
  }
  const { video, audio } = streams
  assert.ok(video !== undefined && audio !== undefined, `${path} has pictures and sound`)
  return { video, audio }
}
