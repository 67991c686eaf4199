/* SPDX-License-Identifier: LGPL-2.1-or-later */
import { expect, test } from 'vitest'
import { returnPath } from './returnPath'

test.each([
  ['', '/'],
  ['next=/r/design-table?invite=mill', '/r/design-table?invite=mill'],
  ['next=https://elsewhere.example/', '/'],
  ['next=//elsewhere.example/', '/'],
  ['next=/%5Celsewhere.example/', '/'],
])('after signing in with %o we go to %o', (search, path) => {
  expect(returnPath(new URLSearchParams(search))).toBe(path)
})
