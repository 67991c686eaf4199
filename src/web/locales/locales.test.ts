/* SPDX-License-Identifier: LGPL-2.1-or-later */
import { describe, expect, test } from 'vitest'
import enEverywhere from './en'
import enStudio from './en-studio'
import ruEverywhere from './ru'
import ruStudio from './ru-studio'
import ukEverywhere from './uk'
import ukStudio from './uk-studio'

const sources = import.meta.glob<string>(['../views/**/*.{ts,tsx}', '!../views/gallery/**', '!../**/*.test.ts'], {
  query: '?raw',
  import: 'default',
  eager: true,
})

type Texts = { [key: string]: string | Texts }

/* Languages have different plurals, so their endings are left out of the comparison. */
const plural = /_(zero|one|few|many|other)$/

function flat(texts: Texts, path = ''): Map<string, string> {
  const all = new Map<string, string>()
  for (const [key, value] of Object.entries(texts)) {
    if (typeof value === 'string') all.set(path + key, value)
    else for (const [inner, text] of flat(value, `${path}${key}.`)) all.set(inner, text)
  }
  return all
}

const names = (texts: Texts) => [...new Set([...flat(texts).keys()].map((key) => key.replace(plural, '')))].sort()
const slots = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1]).sort()

const en = { ...enEverywhere, ...enStudio }
const uk = { ...ukEverywhere, ...ukStudio }
const ru = { ...ruEverywhere, ...ruStudio }

describe.each([
  ['uk', uk],
  ['ru', ru],
])('%s', (_, texts) => {
  test('says everything that English says', () => {
    expect(names(texts)).toEqual(names(en))
  })

  test('fills in the same values', () => {
    const english = flat(en)
    for (const [key, text] of flat(texts)) {
      const original = english.get(key) ?? english.get(key.replace(plural, '_other'))
      if (!key.endsWith('_zero')) expect(slots(text), key).toEqual(slots(original!))
    }
  })

  test('has all four Slavic plurals', () => {
    const keys = flat(texts)
    for (const key of keys.keys())
      if (plural.test(key))
        for (const ending of ['one', 'few', 'many', 'other'])
          expect(keys.has(key.replace(plural, `_${ending}`)), key).toBe(true)
  })
})

test('every text that a page asks for is there', () => {
  const known = new Set(names(en))
  const missing: string[] = []
  for (const [path, source] of Object.entries(sources))
    for (const match of source.matchAll(/\bt\(\s*'([^']+)'/g))
      if (!known.has(match[1]!)) missing.push(`${path}: ${match[1]}`)
  expect(missing).toEqual([])
})

test('texts of the studio are asked for only by pages that bring them', () => {
  const brought = Object.keys(enStudio).map((group) => `'${group}.`)
  const strangers = Object.entries(sources).filter(
    ([path, source]) => !/\/(studio|shows)\//.test(path) && brought.some((group) => source.includes(group)),
  )
  expect(strangers.map(([path]) => path)).toEqual([])
})
