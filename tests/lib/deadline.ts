// SPDX-License-Identifier: LGPL-2.1-or-later
/** Waiting with an end: what a test waits for comes, or the test learns what did not. */

export function within<T>(milliseconds: number, what: string, promise: Promise<T>): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`${what}: nothing for ${milliseconds} ms`)), milliseconds)
    promise.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}

/**
 * Asks again until the answer is neither undefined nor false; for what tells nobody when it changes (a file, /proc, a page's
 * state). An exception counts as "not yet" and is what the error shows at the deadline.
 */
export async function eventually<T>(
  what: string,
  ask: () => T | Promise<T>,
  milliseconds = 10_000,
): Promise<Exclude<T, undefined | false>> {
  const end = performance.now() + milliseconds
  let last: unknown
  for (;;) {
    try {
      const answer = await ask()
      if (answer !== undefined && answer !== false) return answer as Exclude<T, undefined | false>
      last = answer
    } catch (error) {
      last = error
    }
    if (performance.now() > end) throw new Error(`${what}: not within ${milliseconds} ms; last: ${String(last)}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
