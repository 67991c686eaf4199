/* SPDX-License-Identifier: LGPL-2.1-or-later */
import type { ReactNode } from 'react'
import { useState } from 'react'
import { Brand } from '../parts/Brand'
import { LanguageButton, ThemeButton } from '../parts/Preferences'
import type { Outcome, Problem } from '../../state/types'
import { useTitle } from '../useTitle'

interface AuthFrameProps {
  title: string
  children: ReactNode
  onSubmit: () => void
}

export function AuthFrame({ title, children, onSubmit }: AuthFrameProps) {
  useTitle(title)
  return (
    <main className="auth">
      <form
        className="authbox"
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          onSubmit()
        }}
      >
        <div className="row">
          <Brand flush />
          <span className="grow" />
          <ThemeButton />
          <LanguageButton />
        </div>
        <h1>{title}</h1>
        {children}
      </form>
    </main>
  )
}

/** One attempt at a time: while it runs the button is busy, afterwards the problem is shown or `done` is called. */
export function useAttempt(attempt: () => Promise<Outcome<unknown>>, done: () => void) {
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem | null>(null)

  const submit = async () => {
    if (busy) return
    setBusy(true)
    setProblem(null)
    const outcome = await attempt()
    setBusy(false)
    if (outcome.ok) done()
    else setProblem(outcome.problem)
  }

  return { busy, problem, submit }
}
