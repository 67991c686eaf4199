/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Texts, one language at a time: only the language in use is downloaded. */
import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'
import type { Language } from '../state/types'

const texts: Record<Language, () => Promise<{ default: object }>> = {
  en: () => import('./en'),
  uk: () => import('./uk'),
  ru: () => import('./ru'),
}

const ready = i18next.use(initReactI18next).init({
  keySeparator: '.',
  interpolation: { escapeValue: false },
  react: { useSuspense: false },
  resources: {},
})

export async function setLanguage(language: Language): Promise<void> {
  await ready
  if (!i18next.hasResourceBundle(language, 'translation')) {
    const { default: bundle } = await texts[language]()
    i18next.addResourceBundle(language, 'translation', bundle)
  }
  await i18next.changeLanguage(language)
}
