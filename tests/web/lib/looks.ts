// SPDX-License-Identifier: LGPL-2.1-or-later
/** What every page owes: it fits its window, speaks one language, and axe-core finds nothing serious. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import type { Page } from 'playwright-core'
import everywhere from '../../../src/web/locales/en.ts'
import studio from '../../../src/web/locales/en-studio.ts'

declare const axe: { run(options: object): Promise<AxeResults> }

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

export const useTheme = (page: Page, theme: 'dark' | 'light') =>
  page.evaluate((theme) => void (document.documentElement.dataset.theme = theme), theme)

/** Until styles and layout of a new size or theme have been drawn. */
const drawn = (page: Page) =>
  page.evaluate(() => new Promise<void>((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve()))))

export async function resize(page: Page, width: number, height: number) {
  await page.setViewportSize({ width, height })
  await drawn(page)
}

/** What axe-core calls serious or critical. */
export async function barriers(page: Page): Promise<string[]> {
  await drawn(page)
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axeSource)
  const { violations } = await page.evaluate(() => axe.run({ resultTypes: ['violations'] }))
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.slice(0, 3).map(({ html, any }) => `${id}: ${html.slice(0, 160)} ${any[0]?.message ?? ''}`))
}

/** What is wider than the window, or was pushed out of it. */
export const outside = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const found: string[] = []
    const { scrollWidth } = document.documentElement
    if (scrollWidth > innerWidth) found.push(`the page is ${scrollWidth} px wide in a window of ${innerWidth} px`)
    const scrolls = (element: Element | null): boolean =>
      element !== null && (/auto|scroll/.test(getComputedStyle(element).overflowX) || scrolls(element.parentElement))
    for (const element of document.querySelectorAll<HTMLElement>('button, a, input, select, textarea, h1, h2, label')) {
      const { left, right, width } = element.getBoundingClientRect()
      const hidden = width <= 1 || !element.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true }) || element.matches('.skip, .sr')
      if (!hidden && (left < -1 || right > innerWidth + 1) && !scrolls(element.parentElement)) {
        found.push(`${Math.round(left)}–${Math.round(right)} of ${innerWidth} px: ${element.outerHTML.slice(0, 120)}`)
      }
    }
    return found
  })

const flatten = (texts: object, path = ''): [string, string][] =>
  Object.entries(texts).flatMap(([key, value]: [string, string | object]) =>
    typeof value === 'string' ? [[path + key, value] as [string, string]] : flatten(value, `${path}${key}.`))

const english = flatten({ ...everywhere, ...studio })
const keys = new Set(english.map(([key]) => key.replace(/_(zero|one|two|few|many|other)$/, '')))
/** English texts that are no text in any other language: of several words, without places. */
const sentences = new Set(english.map(([, text]) => text).filter((text) => text.includes(' ') && !text.includes('{{') && !/^\d/.test(text)))

/** Texts that are a key, still have places to fill, or, elsewhere, are English. */
export async function untranslated(page: Page, language: string): Promise<string[]> {
  const texts = await page.evaluate(() => {
    const texts = new Set([document.title])
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    while (walker.nextNode()) texts.add(walker.currentNode.textContent!.trim())
    for (const element of document.querySelectorAll('[aria-label], [title], [placeholder]')) {
      for (const name of ['aria-label', 'title', 'placeholder']) texts.add(element.getAttribute(name) ?? '')
    }
    return [...texts]
  })
  const values = new Set(english.map(([, text]) => text))
  return texts.filter(
    (text) => (keys.has(text) && !values.has(text)) || text.includes('{{') || (language !== 'en' && sentences.has(text)),
  )
}

/** The element that has the focus: its name, and whether one sees that it has it. */
export const focused = (page: Page) =>
  page.evaluate(() => {
    const element = document.activeElement as HTMLElement
    const labelled = element.getAttribute('aria-label') ?? (element as HTMLInputElement).labels?.[0]?.textContent ?? element.textContent
    const ringed = (candidate: Element | null) => {
      if (candidate === null) return false
      const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(candidate)
      return (outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2) || boxShadow !== 'none'
    }
    return {
      name: labelled?.trim() ?? '',
      visible: ringed(element) || ringed(element.closest('label, .input, .select, .compose')) || element === document.body,
    }
  })
