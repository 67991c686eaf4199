/* SPDX-License-Identifier: LGPL-2.1-or-later */

/** Where `?next=` says to go after signing in; only ever a page of ours. */
export function returnPath(search: URLSearchParams): string {
  const next = search.get('next') ?? '/'
  return /^\/(?![/\\])/.test(next) ? next : '/'
}
