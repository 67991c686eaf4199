/* SPDX-License-Identifier: LGPL-2.1-or-later */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate, useSearchParams } from 'react-router'
import { useSession } from '../../state/session'
import { TextField } from '../parts/Field'
import { problemText } from '../problem'
import { AuthFrame, useAttempt } from './AuthFrame'
import { returnPath } from './returnPath'

export function SignInPage() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const [search] = useSearchParams()
  const { signIn, server } = useSession()
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const { busy, problem, submit } = useAttempt(
    () => signIn({ email: email.trim(), password }),
    () => navigate(returnPath(search)),
  )

  return (
    <AuthFrame title={t('sign-in')} onSubmit={submit}>
      <TextField
        label={t('email')}
        type="email"
        autoComplete="username"
        autoFocus
        required
        value={email}
        onChange={setEmail}
      />
      <TextField
        label={t('password')}
        type="password"
        autoComplete="current-password"
        required
        value={password}
        error={problem && problemText(t, problem)}
        onChange={setPassword}
      />
      <button className={`btn primary lg wide ${busy ? 'busy' : ''}`} disabled={!email || !password}>
        {t('sign-in')}
      </button>
      <p className="t2 t-sm text-center">
        {server?.registration !== false && (
          <>
            {t('new-here')}{' '}
            <Link className="acc b tap" to={{ pathname: '/signup', search: search.toString() }}>
              {t('create-account')}
            </Link>
            {' · '}
          </>
        )}
        <Link className="acc b tap" to="/">
          {t('join-as-guest')}
        </Link>
      </p>
    </AuthFrame>
  )
}
