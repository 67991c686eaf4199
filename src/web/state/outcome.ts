/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Failures on their way to the page: as an Outcome where somebody waits for one, as a notice where nobody does. */
import { asApiError } from '../protocol/errors'
import { notify } from './notices'
import type { Outcome, Problem } from './types'

export function problemFrom(thrown: unknown): Problem {
  const { code, message, field } = asApiError(thrown)
  return field === undefined ? { code, message } : { code, message, field }
}

export async function attempt<T>(task: () => Promise<T>): Promise<Outcome<T>> {
  try {
    return { ok: true, value: await task() }
  } catch (thrown) {
    return { ok: false, problem: problemFrom(thrown) }
  }
}

export const done: Outcome = { ok: true, value: undefined }

/** Toasts say `code` in the language of the page, and `reason` where they have no words for it. */
export function tellProblem(problem: Problem): void {
  notify({ tone: 'bad', key: 'failed', values: { code: problem.code, reason: problem.message } })
}
