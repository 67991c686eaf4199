// SPDX-License-Identifier: LGPL-2.1-or-later
/** Benchmarks of the hub beside Janus (Debian's, videoroom, one event loop): packets forwarded per CPU-second of the server, delay,
 * memory and threads per person, in three rooms. Both get the same load from tests/bench/hubload, in turns, over the loopback
 * interface of a network namespace of its own: Janus takes no address of the loopback interface for its candidates. Prints one JSON
 * line per figure, the median of the rounds. Measure alone on the machine.
 *   bash tests/bench/run.sh hub */
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { build } from '../lib/daemon.ts'

type Figures = Record<
  'idleMemory' | 'memory' | 'furtherMemory' | 'threads' | 'perCpuSecond' | 'cpu' | 'arrived' | 'gaps' | 'repaired' | 'delayMedian' | 'delay99',
  number
>

const rounds = Number(process.env.BENCH_ROUNDS ?? 3)
const seconds = process.env.BENCH_SECONDS ?? '4'
const rooms: [string, string[]][] = [
  ['video 1→50', ['--publishers', '1', '--subscribers', '50']],
  ['video 1→200', ['--publishers', '1', '--subscribers', '200']],
  ['video 1→200, packets evenly', ['--publishers', '1', '--subscribers', '200', '--even']],
  ['voice 20×19', ['--publishers', '20', '--subscribers', '0', '--voice']],
]
const address = '198.51.100.1'
const namespace = `ip link set lo up && ip link add load0 type veth peer name load1 && ip address add ${address}/24 dev load0 &&
  ip link set load0 up && ip link set load1 up && exec "$@"`

/** One server, one room, from start to end. */
function measure(room: string[], server: string[]): Figures {
  const load = [join(build, 'tests/bench/bench-hubload'), '--address', address, '--seconds', seconds, ...server, ...room]
  const output = execFileSync('unshare', ['--map-root-user', '--net', 'sh', '-c', namespace, 'sh', ...load], {
    encoding: 'utf8',
    timeout: 60_000,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  return JSON.parse(output) as Figures
}

const median = (values: number[]) => values.toSorted((a, b) => a - b)[values.length >> 1]!
const rounded = (value: number) => Number(value.toPrecision(value < 1 ? 2 : 4))

for (const [label, room] of rooms.filter(([label]) => label.includes(process.env.BENCH_ROOM ?? ''))) {
  const ours: Figures[] = []
  const theirs: Figures[] = []
  for (let round = 0; round < rounds; round++) {
    ours.push(measure(room, ['--server', join(build, 'src/media/greenroom-media')]))
    theirs.push(measure(room, ['--janus']))
  }
  const repaired = Math.min(...ours.map((figures) => figures.repaired))
  if (repaired < 0.9) throw new Error(`${label}: only ${repaired} of what was asked for came again`)

  const print = (figure: string, name: keyof Figures, unit: string, target?: Record<string, number>) => {
    const value = median(ours.map((figures) => figures[name]))
    const peer = median(theirs.map((figures) => figures[name]))
    const ratio = peer === 0 ? {} : { ratio: rounded(value / peer) }
    console.log(JSON.stringify({ name: `${label}: ${figure}`, value: rounded(value), unit, peer: rounded(peer), ...ratio, ...target }))
  }
  print('packets forwarded per CPU-second', 'perCpuSecond', 'packets/s', { targetRatio: 3 })
  print('cores in use', 'cpu', 'cores')
  print('packets that arrived', 'arrived', 'of 1')
  print('gaps in what arrived', 'gaps', 'gaps', { target: 0 })
  print('forwarding delay, p50', 'delayMedian', 'ms')
  print('forwarding delay, p99', 'delay99', 'ms', { target: 2 })
  print('memory per person', 'memory', 'MB', { target: 0.6 })
  print('memory per further person, what the first one loads aside', 'furtherMemory', 'MB', { target: 0.6 })
  print('threads per person', 'threads', 'threads', { target: 4 })
  print('idle memory', 'idleMemory', 'MB')
}
