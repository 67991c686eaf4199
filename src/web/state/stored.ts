/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Small things kept in this browser. Storage may be full, forbidden or hold what an older version wrote: then the default. */
import type { Store } from './services'

export function readStored<T extends object>(storage: () => Store, key: string, fallback: T): T {
  try {
    const value: unknown = JSON.parse(storage().getItem(key) ?? 'null')
    return typeof value === 'object' && value !== null ? { ...fallback, ...value } : fallback
  } catch {
    return fallback
  }
}

export function writeStored(storage: () => Store, key: string, value: object): void {
  try {
    storage().setItem(key, JSON.stringify(value))
  } catch {
    /* Nothing depends on it: next time it is asked again. */
  }
}
