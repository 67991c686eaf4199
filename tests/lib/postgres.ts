// SPDX-License-Identifier: LGPL-2.1-or-later
/** A private PostgreSQL on a UNIX socket; postgres.sh beside this file does the work. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, chmodSync } from 'node:fs'
import { join } from 'node:path'

const script = join(import.meta.dirname, 'postgres.sh')
const run = (verb: string, folder: string) =>
  execFileSync('bash', [script, verb, folder], { encoding: 'utf8', timeout: 60_000, stdio: ['ignore', 'pipe', 'inherit'] })

export class Postgres {
  private readonly parent = mkdtempSync('/tmp/gr-pg-')
  private readonly folder = join(this.parent, 'pg')
  readonly url: string

  private constructor() {
    chmodSync(this.parent, 0o755)
    this.url = run('start', this.folder).trim()
  }

  /** A server of its own with one empty database; about a second. */
  static start = () => new Postgres()

  /** Kills the server as an outage would; `resume` brings it back with its data. */
  pause = () => void run('pause', this.folder)
  resume = () => void run('resume', this.folder)

  stop() {
    run('stop', this.folder)
    rmSync(this.parent, { recursive: true, force: true })
  }
}
