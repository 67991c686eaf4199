// SPDX-License-Identifier: LGPL-2.1-or-later
// Before the first paint, so that a light page never flashes dark. The client takes over in views/appearance.ts.
;(() => {
  let theme = 'system'
  try {
    theme = JSON.parse(localStorage.getItem('greenroom.settings')).state.theme
  } catch {
    // Nothing kept yet, or storage is off: as the system says.
  }
  const light = theme === 'light' || (theme !== 'dark' && matchMedia('(prefers-color-scheme: light)').matches)
  document.documentElement.dataset.theme = light ? 'light' : 'dark'
})()
