/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Carries the theme and the language from the settings to the document. */
import { setLanguage } from '../locales'
import { useSettings } from '../state/settings'
import type { Settings } from '../state/types'

const prefersLight = matchMedia('(prefers-color-scheme: light)')

function shownTheme(theme: Settings['theme']): 'dark' | 'light' {
  if (theme !== 'system') return theme
  return prefersLight.matches ? 'light' : 'dark'
}

function apply({ theme, language }: Settings) {
  document.documentElement.dataset.theme = shownTheme(theme)
  document.documentElement.lang = language
}

/** Resolves when the texts are there. */
export async function followSettings(): Promise<void> {
  const settings = useSettings.getState()
  apply(settings)
  prefersLight.addEventListener('change', () => apply(useSettings.getState()))
  useSettings.subscribe((now, before) => {
    apply(now)
    if (now.language !== before.language) void setLanguage(now.language)
  })
  await setLanguage(settings.language)
}

export function toggleTheme() {
  const { theme, change } = useSettings.getState()
  change({ theme: shownTheme(theme) === 'dark' ? 'light' : 'dark' })
}
