// SPDX-License-Identifier: LGPL-2.1-or-later
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { build } from '../lib/daemon.ts'

/* Where the client is installed depends on the prefix of a build, and the licence line is the file's own. */
const comparable = (text: string) =>
  text
    .split('\n')
    .filter((line) => !line.startsWith('# SPDX') && !line.startsWith('#root='))
    .join('\n')

test('data/greenroom.conf is what the daemon says its settings are', () => {
  const said = execFileSync(join(build, 'src/greenroomd'), ['--help-config'], { encoding: 'utf8', timeout: 10_000 })
  const shipped = readFileSync(new URL('../../data/greenroom.conf', import.meta.url), 'utf8')
  assert.equal(comparable(shipped), comparable(said))
})
