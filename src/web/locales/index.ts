/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Texts, one language at a time: only the language in use is downloaded, and what few pages say only with them. */
import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'
import type { Language } from '../state/types'

type Part = 'everywhere' | 'studio'
type Texts = () => Promise<{ default: object }>

const texts: Record<Part, Record<Language, Texts>> = {
  everywhere: { en: () => import('./en'), uk: () => import('./uk'), ru: () => import('./ru') },
  studio: { en: () => import('./en-studio'), uk: () => import('./uk-studio'), ru: () => import('./ru-studio') },
}

const ready = i18next.use(initReactI18next).init({
  keySeparator: '.',
  interpolation: { escapeValue: false },
  react: { useSuspense: false },
  resources: {},
})

const needed = new Set<Part>(['everywhere'])
const loaded = new Set<Texts>()
let chosen: Language = 'en'

async function load(part: Part) {
  const language = chosen
  const source = texts[part][language]
  if (loaded.has(source)) return
  const { default: bundle } = await source()
  i18next.addResourceBundle(language, 'translation', bundle, true)
  loaded.add(source)
}

export async function setLanguage(language: Language): Promise<void> {
  chosen = language
  await ready
  await Promise.all([...needed].map(load))
  if (chosen === language) await i18next.changeLanguage(language)
}

/** A page that is downloaded, together with the texts that only it and its neighbours need. */
export async function withTexts<Page>(part: Part, page: Promise<Page>): Promise<Page> {
  needed.add(part)
  await load(part)
  return page
}
