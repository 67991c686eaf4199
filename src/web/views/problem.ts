/* SPDX-License-Identifier: LGPL-2.1-or-later */
import type { TFunction } from 'i18next'
import { notify } from '../state/notices'
import type { Outcome, Problem } from '../state/types'

/** What a problem means, in the language of the page; the server's own words where we have none. */
export function problemText(t: TFunction, problem: Problem): string {
  return t(`problem.${problem.code}`, { defaultValue: problem.message })
}

/** The text for one field of a form, if the problem is about that field. */
export function fieldProblem(t: TFunction, problem: Problem | null, field: string): string | null {
  return problem?.field === field ? problemText(t, problem) : null
}

/** For actions without a form: a failure becomes a toast. Answers whether it went well. */
export async function tell(action: Promise<Outcome<unknown>>): Promise<boolean> {
  const outcome = await action
  if (!outcome.ok) {
    const { code, message } = outcome.problem
    notify({ tone: 'bad', key: 'failed', values: { code, reason: message } })
  }
  return outcome.ok
}
