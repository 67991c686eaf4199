// SPDX-License-Identifier: LGPL-2.1-or-later
/** A daemon for the tests of one describe; and the same tests on both engines. */
import { after, before, describe } from 'node:test'
import { Daemon, type DaemonOptions } from './daemon.ts'
import { Postgres } from './postgres.ts'

/** Starts a daemon before the tests around it, and insists on a clean end after them. */
export function withDaemon(options: DaemonOptions | (() => DaemonOptions) = {}): () => Daemon {
  let daemon: Daemon
  before(async () => void (daemon = await Daemon.start(typeof options === 'function' ? options() : options)))
  after(() => daemon?.stop())
  return () => daemon
}

/** @tests run twice: with SQLite, and with a PostgreSQL of their own. They share one daemon. */
export function onBothStores(options: DaemonOptions, tests: (daemon: () => Daemon) => void) {
  describe('on SQLite', () => tests(withDaemon(options)))
  describe('on PostgreSQL', () => {
    let postgres: Postgres
    before(() => void (postgres = Postgres.start()))
    tests(withDaemon(() => ({ ...options, settings: { ...options.settings, 'store.url': postgres.url } })))
    after(() => postgres?.stop())
  })
}
