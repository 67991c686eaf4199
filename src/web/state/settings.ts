/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a person chose about how Greenroom looks and behaves. Kept in this browser, never sent. */
import { create } from 'zustand'
import { persist } from 'zustand/middleware'
import type { Language, Settings, SettingsState } from './types'

export const languages: readonly Language[] = ['en', 'uk', 'ru']

/** The first language of the browser that the client speaks. */
export function preferredLanguage(preferences: readonly string[]): Language {
  for (const preference of preferences) {
    const language = languages.find((candidate) => candidate === preference.slice(0, 2).toLowerCase())
    if (language) return language
  }
  return 'en'
}

const defaults = (): Settings => ({
  theme: 'system',
  language: preferredLanguage(navigator.languages),
  letterKeys: true,
  mirror: true,
  guestName: '',
})

export const useSettings = create<SettingsState>()(
  persist(
    (set) => ({
      ...defaults(),
      change: (patch) => set(patch),
    }),
    {
      name: 'greenroom.settings',
      version: 1,
      partialize: ({ theme, language, letterKeys, mirror, guestName }) => ({
        theme,
        language,
        letterKeys,
        mirror,
        guestName,
      }),
    },
  ),
)
