// SPDX-License-Identifier: LGPL-2.1-or-later
/** greenroomctl pipeline: what operators see of the chains, and what it says of their own ones. No daemon runs. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { tmpdir } from 'node:os'
import { after, test } from 'node:test'
import { build } from '../lib/daemon.ts'

const top = join(import.meta.dirname, '../..')

const shipped = readdirSync(join(top, 'pipelines'))
  .filter((name) => name.endsWith('.launch'))
  .map((name) => name.replace('.launch', ''))
  .sort()
const textOf = (name: string) => readFileSync(join(top, `pipelines/${name}.launch`), 'utf8')

const folder = mkdtempSync(join(tmpdir(), 'greenroom-pipelines-'))
after(() => rmSync(folder, { recursive: true }))
const own = (name: string, text: string) => writeFileSync(join(folder, `${name}.launch`), text)

interface Ended {
  code: number
  out: string
  err: string
}

function pipeline(words: string[], { mine = false, cwd = folder } = {}): Promise<Ended> {
  /* What GStreamer keeps for the life of a process is no leak of ours. */
  const environment = { ...process.env, ASAN_OPTIONS: 'detect_leaks=0', ...(mine && { GREENROOM_OUTPUTS_PIPELINES: folder }) }
  return new Promise((resolve) =>
    execFile(join(build, 'src/ctl/greenroomctl'), ['pipeline', ...words], { cwd, env: environment, timeout: 60_000 }, (error, out, err) =>
      resolve({ code: error === null ? 0 : Number(error.code), out, err }),
    ),
  )
}

const linesOf = (out: string) => out.trimEnd().split('\n').map((line) => line.split(/ {2,}/))

test('All that are shipped are listed with what they are for, shown as they are, and can be made', async () => {
  const listed = await pipeline(['list'])
  assert.equal(listed.code, 0, listed.err)
  assert.deepEqual(linesOf(listed.out).map(([name]) => name), shipped)
  for (const [name, whose, purpose] of linesOf(listed.out)) {
    assert.equal(whose, 'built in')
    assert.ok(purpose, name)
  }
  for (const name of shipped) assert.equal((await pipeline(['show', name])).out, textOf(name))
  const checked = await pipeline(['check'])
  assert.deepEqual([checked.code, checked.err], [0, ''])
  assert.deepEqual(linesOf(checked.out), shipped.map((name) => [name, 'ok']))
})

test("An operator's own chain wins, and only in its place", async () => {
  const text = `# SPDX-License-Identifier: CC0-1.0\n# Slower and finer. For large machines.\n${textOf('encode-h264')}`
  own('encode-h264', text)
  const listed = await pipeline(['list'], { mine: true })
  assert.deepEqual(
    linesOf(listed.out).filter(([, whose]) => whose === "operator's"),
    [['encode-h264', "operator's", 'Slower and finer.']],
  )
  assert.equal((await pipeline(['show', 'encode-h264'], { mine: true })).out, text)
  assert.equal((await pipeline(['show', 'encode-aac'], { mine: true })).out, textOf('encode-aac'))
  assert.equal((await pipeline(['check', 'encode-h264'], { mine: true })).code, 0)
})

test('A chain that is wrong is named with what is wrong, and the others are looked at all the same', async () => {
  const rows: [string, string, RegExp][] = [
    ['encode-aac', '# Sound.\navenc_aac bitrate={bits}\n', /encode-aac\.launch, line 2: \{bits\} is not declared/],
    ['encode-h264', '# Pictures.\nnosuchenc ! h264parse\n', /nosuchenc/],
    ['encode-opus', '# Sound.\nopusenc ! ! opusparse\n', /encode-opus/],
    ['output-rtmp', '# Out.\nrtmp2sink name=sink colour=blue\n', /colour/],
    ['thumbnail', '\xff', /no text|GStreamer cannot make/],
  ]
  for (const [name, text] of rows) own(name, text)
  const checked = await pipeline(['check'], { mine: true })
  assert.equal(checked.code, 1)
  for (const [name, , message] of rows) {
    const line = checked.err.split('\n').find((one) => one.startsWith(`${name}: `))
    assert.match(line ?? '', message)
    assert.equal((await pipeline(['check', name], { mine: true })).code, 1)
  }
  const good = shipped.filter((name) => !rows.some(([wrong]) => wrong === name))
  assert.deepEqual(linesOf(checked.out), good.map((name) => [name, 'ok']))
  for (const [name] of rows) rmSync(join(folder, `${name}.launch`))
})

test('The line in a comment runs as it is written', async () => {
  const ran = await pipeline(['run', 'encode-aac'])
  assert.equal(ran.code, 0, ran.err)
  assert.match(ran.out, /^gst-launch-1\.0 /)
  const [product] = /location=\S+/.exec(ran.out) ?? []
  assert.ok(readFileSync(join(folder, (product ?? '').replace('location=', ''))).length > 1000)

  own('encode-aac', '# Mine.\n#\n# gst-launch-1.0 audiotestsrc num-buffers=3 !\n#   filesink location=mine.raw\nidentity\n')
  const mine = await pipeline(['run', 'encode-aac'], { mine: true })
  assert.deepEqual([mine.code, mine.out], [0, 'gst-launch-1.0 audiotestsrc num-buffers=3 !   filesink location=mine.raw\n'])
  assert.ok(readFileSync(join(folder, 'mine.raw')).length > 0)

  own('encode-aac', '# Mine.\n# gst-launch-1.0 filesrc location=nowhere ! fakesink\nidentity\n')
  const failed = await pipeline(['run', 'encode-aac'], { mine: true })
  assert.equal(failed.code, 1)
  assert.match(failed.err, /nowhere.*\nencode-aac: /s)
  own('encode-aac', '# Mine.\nidentity\n')
  assert.match((await pipeline(['run', 'encode-aac'], { mine: true })).err, /no line for gst-launch/)
})

test('What is no pipeline is said to be none', async () => {
  for (const verb of ['show', 'check', 'run']) {
    const ended = await pipeline([verb, 'encode-smell'])
    assert.equal(ended.code, 1)
    assert.match(ended.err, /no pipeline called encode-smell/)
  }
  assert.notEqual((await pipeline(['show'])).code, 0)
  assert.notEqual((await pipeline(['draw', 'encode-aac'])).code, 0)
})
