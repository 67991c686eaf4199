// SPDX-License-Identifier: LGPL-2.1-or-later
/** Benchmarks of the hub: packets forwarded per CPU-second, delay, memory and threads, in three rooms. Prints one JSON
 * line per figure. Measure alone on the machine.
 *   bash tests/bench/run.sh hub */
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { build } from '../lib/daemon.ts'

const rooms: [string, string[]][] = [
  ['video 1→50', ['--publishers', '1', '--subscribers', '50']],
  ['video 1→200', ['--publishers', '1', '--subscribers', '200']],
  ['voice 20×19, 16 slots each', ['--publishers', '20', '--subscribers', '0', '--voice']],
]

for (const [label, people] of rooms)
  execFileSync(
    join(build, 'tests/bench/bench-hubload'),
    ['--media', join(build, 'src/media/greenroom-media'), '--seconds', process.env.BENCH_SECONDS ?? '5', '--label', label, ...people],
    { stdio: 'inherit', timeout: 120_000 },
  )
