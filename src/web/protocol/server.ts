/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where the server is. Usually the page comes from it; a client hosted elsewhere names it when it is built
   (VITE_SERVER) or in the page: <meta name="greenroom-server" content="https://rooms.example.org">. */

export interface ServerPlace {
  /** Origin and optional path, without a slash at the end. */
  readonly base: string
  /** The page was not served by it: cookies need `credentials: include`. */
  readonly foreign: boolean
}

export function findServer(page: { href: string; meta: string | null; built: string | undefined }): ServerPlace {
  const named = page.meta || page.built
  const own = new URL(page.href).origin
  if (!named) return { base: own, foreign: false }
  const url = new URL(named, page.href)
  return { base: (url.origin + url.pathname).replace(/\/+$/, ''), foreign: url.origin !== own }
}

export function serverOfPage(): ServerPlace {
  return findServer({
    href: location.href,
    meta: document.querySelector('meta[name="greenroom-server"]')?.getAttribute('content') ?? null,
    built: import.meta.env.VITE_SERVER as string | undefined,
  })
}

/** The WebSocket's address, from what /config says. A page that came by TLS never opens a plain socket. */
export function socketAddress(place: ServerPlace, signalingUrl: string | null): string {
  const url = new URL(signalingUrl || `${place.base}/ws`, `${place.base}/`)
  const secure = url.protocol === 'https:' || url.protocol === 'wss:' || place.base.startsWith('https:')
  url.protocol = secure ? 'wss:' : 'ws:'
  return url.href
}
