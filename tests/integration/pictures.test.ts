// SPDX-License-Identifier: LGPL-2.1-or-later
/** Pictures that people upload: what becomes of good ones, what bad ones get to hear, and what a dead worker costs. */
import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { PictureList, UploadedPicture } from '../../src/web/protocol/contract.ts'
import { Client } from '../lib/client.ts'
import { Contract } from '../lib/contract.ts'
import { build } from '../lib/daemon.ts'
import { eventually } from '../lib/deadline.ts'
import { bomb, form, photo, png, upload, webp } from '../lib/pictures.ts'
import { RawSocket } from '../lib/raw.ts'
import { onBothStores, withDaemon } from '../lib/stores.ts'

const program = join(build, 'src/image/greenroom-image')

/** Noise, which takes a decoder and an encoder their time. */
function noise(width: number, height: number): Buffer {
  const pixels = Buffer.alloc((width * 3 + 1) * height)
  let state = 1
  for (let at = 0; at < pixels.length; at++) {
    state = Math.imul(state, 1664525) + 1013904223
    pixels[at] = at % (width * 3 + 1) === 0 ? 0 : state >>> 24
  }
  return png(width, height, { pixels })
}

const half = (bytes: Buffer) => bytes.subarray(0, bytes.length / 2)

async function bytesOf(url: string): Promise<Buffer> {
  return Buffer.from(await (await fetch(url)).arrayBuffer())
}

onBothStores({}, (daemon) => {
  let ann: Client
  let contract: Contract

  before(async () => {
    contract = await Contract.read(daemon().url)
    ann = await Client.register(daemon())
  })

  test('A photo comes back upright, in WebP, and nobody learns where it was taken', async () => {
    const answer = await upload(ann, form(photo(), 'image/jpeg'))
    contract.check('uploadPicture', answer)
    assert.equal(answer.status, 201, JSON.stringify(answer.body))
    const { id, width, height, alpha, sizes, url } = answer.body
    assert.deepEqual({ width, height, alpha }, { width: 24, height: 32, alpha: false })
    assert.deepEqual(sizes.map((size) => [size.size, size.width, size.height]), [[320, 24, 32]])
    assert.equal(answer.headers.get('location'), `/api/pictures/${id}`)

    const bytes = await bytesOf(daemon().url + url)
    assert.equal(bytes.toString('latin1', 8, 12), 'WEBP')
    const folder = join(daemon().folder, 'files/pictures', id)
    const files = readdirSync(folder).map((name) => readFileSync(join(folder, name)))
    assert.deepEqual(readdirSync(folder).sort(), ['320.webp', 'studio.png'])
    for (const kept of [bytes, ...files]) {
      for (const trace of ['Exif', 'EXIF', 'eXIf', 'GPS', 'ICCP']) assert.ok(!kept.includes(trace), `${trace} is gone`)
    }
  })

  test('PNG and WebP come in all sizes that are not larger than they are, and keep what can be seen through', async () => {
    const large = await upload(ann, form(png(2000, 1500, { alpha: true })))
    assert.equal(large.status, 201, JSON.stringify(large.body))
    assert.deepEqual({ width: large.body.width, height: large.body.height, alpha: large.body.alpha }, { width: 2000, height: 1500, alpha: true })
    assert.deepEqual(large.body.sizes.map((size) => [size.width, size.height]), [[320, 240], [1280, 960], [1920, 1440]])

    const small = await upload(ann, form(webp(), 'image/webp'))
    assert.equal(small.status, 201, JSON.stringify(small.body))
    assert.deepEqual([small.body.width, small.body.height], [16, 12])

    const { status, body } = await ann.request<UploadedPicture>('GET', `/api/pictures/${small.body.id}`)
    assert.equal(status, 200)
    assert.deepEqual(body, small.body)
  })

  test('A picture is kept by browsers for good and asked for without a token', async () => {
    const { body } = await upload(ann, form(png(400, 300)))
    for (const size of [320, 1280, 1920]) {
      const response = await fetch(`${daemon().url}/api/pictures/${body.id}/${size}`)
      assert.equal(response.status, 200)
      assert.equal(response.headers.get('content-type'), 'image/webp')
      assert.equal(response.headers.get('cache-control'), 'public, max-age=31536000, immutable')
      assert.equal(response.headers.get('x-content-type-options'), 'nosniff')
      assert.ok((await response.arrayBuffer()).byteLength > 0)

      const etag = response.headers.get('etag') ?? ''
      const again = await fetch(response.url, { headers: { 'if-none-match': etag } })
      assert.equal(again.status, 304)
      assert.equal(again.headers.get('etag'), etag)
    }
    await ann.refused(400, 'invalid_input', 'GET', `/api/pictures/${body.id}/500`)
  })

  test('What is no such picture is refused in clear words, and nothing of it is kept', async () => {
    const files = () => readdirSync(join(daemon().folder, 'files/pictures')).length
    const kept = files()
    const cases: [string, Uint8Array, number, string, RegExp][] = [
      ['nothing', Buffer.alloc(0), 400, 'invalid_input', /empty/],
      ['a GIF', Buffer.from('GIF89a\x01\0\x01\0', 'latin1'), 415, 'unsupported_media_type', /GIF/],
      ['an SVG', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>'), 415, 'unsupported_media_type', /SVG/],
      ['an SVG with a prologue', Buffer.from('<?xml version="1.0"?><svg/>'), 415, 'unsupported_media_type', /SVG/],
      ['a page', Buffer.from('<!DOCTYPE html><script>alert(1)</script>'), 415, 'unsupported_media_type', /JPEG, PNG or WebP/],
      ['a wrong magic', Buffer.concat([Buffer.from('\x89PNX', 'latin1'), png(9, 9).subarray(4)]), 415, 'unsupported_media_type', /no picture/],
      ['a bomb', bomb(16383, 16383), 413, 'too_large', /16383 × 16383/],
      ['a bomb within bounds of size', bomb(7000, 7000), 400, 'invalid_input', /damaged or cut off/],
      ['half a PNG', half(noise(200, 200)), 400, 'invalid_input', /damaged or cut off/],
      ['half a JPEG', half(photo()), 400, 'invalid_input', /damaged|cut off/],
    ]
    for (const [kind, file, status, code, words] of cases) {
      const answer = await upload(ann, form(file))
      contract.check('uploadPicture', answer)
      assert.deepEqual([answer.status, answer.body.error?.code, answer.body.error?.field], [status, code, 'file'], `${kind}: ${JSON.stringify(answer.body)}`)
      assert.match(answer.body.error?.message ?? '', words, kind)
    }
    assert.equal(files(), kept)
  })

  test('What is no form with one file is refused', async () => {
    const two = form(png(4, 4))
    two.append('file', form(png(4, 4)).get('file') as File)
    for (const body of [two, form(png(4, 4), 'image/png', 'picture')]) {
      const { status, body: { error } } = await upload(ann, body)
      assert.deepEqual([status, error?.code, error?.field], [400, 'invalid_input', 'file'])
    }
    const raw = await upload(ann, png(4, 4), { 'content-type': 'image/png' })
    assert.deepEqual([raw.status, raw.body.error?.code], [415, 'unsupported_media_type'])
    const broken = await upload(ann, Buffer.from('--x\r\n'), { 'content-type': 'multipart/form-data; boundary=x' })
    assert.deepEqual([broken.status, broken.body.error?.code], [400, 'malformed'])
  })

  test('A file past the limit is refused by its announcement', async () => {
    const raw = await RawSocket.open(daemon().port)
    raw.send('POST /api/upload HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=x\r\n' +
      `Authorization: Bearer ${ann.token}\r\nContent-Length: ${17 * 1024 * 1024}\r\n\r\n`)
    const answer = await raw.untilClosed()
    assert.match(answer, /^HTTP\/1\.1 413 /)
    assert.match(answer, /"too_large"/)
  })

  test('Pictures are listed to their owner, newest first, and removed by nobody else', async () => {
    const [mine, other] = [await Client.register(daemon()), await Client.register(daemon())]
    const made: string[] = []
    for (let i = 0; i < 3; i++) made.unshift((await upload(mine, form(png(20 + i, 10)))).body.id)
    const first = await mine.call<PictureList>('GET', '/api/pictures?limit=2')
    const second = await mine.call<PictureList>('GET', `/api/pictures?limit=2&after=${first.next}`)
    assert.deepEqual([...first.items, ...second.items].map(({ id }) => id), made)
    assert.equal((await other.call<PictureList>('GET', '/api/pictures')).items.length, 0)

    const [id = ''] = made
    await other.refused(403, 'forbidden', 'DELETE', `/api/pictures/${id}`)
    await mine.call('DELETE', `/api/pictures/${id}`)
    await mine.refused(404, 'not_found', 'GET', `/api/pictures/${id}/320`)
    await mine.refused(404, 'not_found', 'DELETE', `/api/pictures/${id}`)
    assert.ok(!existsSync(join(daemon().folder, 'files/pictures', id)), 'its files are gone')
  })

  test('Ten people who upload at once are all served, or told to come back', async () => {
    const picture = noise(400, 300)
    const answers = await Promise.all(Array.from({ length: 12 }, () => upload(ann, form(picture))))
    const served = answers.filter(({ status }) => status === 201)
    assert.ok(served.length >= 8, `${served.length} were served`)
    for (const { status, body } of answers) assert.ok(status === 201 || body.error?.code === 'busy', JSON.stringify(body))
    assert.equal(new Set(served.map(({ body }) => body.id)).size, served.length)
  })
})

describe('limits', () => {
  const daemon = withDaemon({ settings: { 'pictures.quota': '1', 'limits.uploads-per-hour': '4' } })

  test('An account keeps no more than its quota, even if it uploads all at once, and room comes back with what it removes', async () => {
    const ann = await Client.register(daemon())
    const picture = noise(420, 420)
    const answers = await Promise.all(Array.from({ length: 3 }, () => upload(ann, form(picture))))
    const kept = answers.filter(({ status }) => status === 201)
    const refused = answers.filter(({ status }) => status === 409)
    assert.equal(kept.length + refused.length, 3, JSON.stringify(answers.map(({ body }) => body)))
    assert.equal(kept.length, 1, JSON.stringify(answers.map(({ body }) => body.bytes ?? body.error)))
    assert.equal(refused[0]?.body.error?.code, 'quota_exceeded')
    await ann.call('DELETE', `/api/pictures/${kept[0]?.body.id}`)
    assert.equal((await upload(ann, form(picture))).status, 201)

    const { status, body } = await upload(ann, form(png(4, 4)))
    assert.deepEqual([status, body.error?.code], [429, 'rate_limited'])
  })
})

describe('a worker that comes to grief', () => {
  let folder: string
  const daemon = withDaemon(() => {
    folder = mkdtempSync(join(tmpdir(), 'greenroom-image-'))
    /* The first line of "act" is what the next worker does; without it, it is the real one. */
    writeFileSync(join(folder, 'worker'), `#!/bin/sh
if [ -e ${folder}/act ]; then act=$(cat ${folder}/act); rm ${folder}/act; eval "$act"; fi
exec ${program} "$@"
`, { mode: 0o755 })
    return { settings: { 'pictures.program': join(folder, 'worker'), 'pictures.seconds': '2' } }
  })
  after(() => rmSync(folder, { recursive: true, force: true }))

  /** The greenroom-image processes of this daemon. */
  const workers = () =>
    readdirSync('/proc').filter((pid) => {
      try {
        const [, name, parent] = /^\d+ \((.*)\) \S (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? []
        return name === 'greenroom-image' && Number(parent) === daemon().process.pid
      } catch {
        return false
      }
    })

  for (const [what, act] of Object.entries({
    'crashes at once': 'kill -SEGV $$',
    'says nothing sensible': 'echo nonsense >&3; exit 0',
    'hangs': 'exec sleep 60',
  })) {
    test(`One that ${what} costs its upload and no other`, async () => {
      const ann = await Client.register(daemon())
      writeFileSync(join(folder, 'act'), act)
      const started = performance.now()
      const { status, body, headers } = await upload(ann, form(png(40, 30)))
      assert.deepEqual([status, body.error?.code], [503, 'unavailable'], JSON.stringify(body))
      assert.match(body.error?.message ?? '', /try again/)
      assert.equal(headers.get('retry-after'), '2')
      assert.ok(performance.now() - started < 8_000, 'and is told so in time')
      assert.equal((await upload(ann, form(png(40, 30)))).status, 201)
      assert.equal((await ann.call<PictureList>('GET', '/api/pictures')).items.length, 1)
    })
  }

  test('One that is killed over a picture costs that one; it had given up all it could', async () => {
    const ann = await Client.register(daemon())
    const slow = upload(ann, form(noise(2200, 2200)))
    const [pid = ''] = await eventually('a worker is at it', () => {
      const found = workers().filter((one) => /^Seccomp:\s+2$/m.test(readFileSync(`/proc/${one}/status`, 'utf8')))
      return found.length > 0 ? found : undefined
    })
    assert.match(readFileSync(`/proc/${pid}/status`, 'utf8'), /^NoNewPrivs:\s+1$/m)
    assert.match(readFileSync(`/proc/${pid}/limits`, 'utf8'), /^Max address space\s+1073741824\s+1073741824/m)
    process.kill(Number(pid), 'SIGKILL')
    const { status, body } = await slow
    assert.deepEqual([status, body.error?.code], [503, 'unavailable'], JSON.stringify(body))
    assert.equal((await upload(ann, form(png(40, 30)))).status, 201)
    assert.equal(workers().length, 0, 'none stays behind')
  })
})
