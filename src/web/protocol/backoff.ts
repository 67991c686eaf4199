/* SPDX-License-Identifier: LGPL-2.1-or-later */

/** How long to wait before the next try: the first almost at once, then doubling, each between half and all of its step so
    that a thousand clients of a restarted server do not come back in the same millisecond. */
export class Backoff {
  private tries = 0

  constructor(
    private readonly random: () => number = Math.random,
    private readonly base = 500,
    private readonly cap = 10_000,
  ) {}

  get attempts(): number {
    return this.tries
  }

  next(): number {
    const step = this.tries === 0 ? 100 : Math.min(this.cap, this.base * 2 ** (this.tries - 1))
    this.tries++
    return Math.round(step / 2 + (this.random() * step) / 2)
  }

  reset(): void {
    this.tries = 0
  }
}
