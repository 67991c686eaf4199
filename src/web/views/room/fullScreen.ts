/* SPDX-License-Identifier: LGPL-2.1-or-later */

/** The whole room; a browser that refuses just stays as it is. */
export function toggleFullScreen() {
  const change = document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen()
  change.catch(() => {})
}
