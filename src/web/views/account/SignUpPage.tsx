/* SPDX-License-Identifier: LGPL-2.1-or-later */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate, useSearchParams } from 'react-router'
import { useSession } from '../../state/session'
import { TextField } from '../parts/Field'
import { Icon } from '../parts/Icon'
import { fieldProblem, problemText } from '../problem'
import { AuthFrame, useAttempt } from './AuthFrame'
import { returnPath } from './returnPath'

const fields = ['name', 'email', 'password']

export function SignUpPage() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const [search] = useSearchParams()
  const setup = search.get('setup') ?? undefined
  const { signUp } = useSession()
  const [name, setName] = useState('')
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const { busy, problem, submit } = useAttempt(
    () => signUp({ name: name.trim(), email: email.trim(), password, setup }),
    () => navigate(returnPath(search)),
  )
  const general = problem && !fields.includes(problem.field ?? '') ? problemText(t, problem) : null

  return (
    <AuthFrame title={t('create-account')} onSubmit={submit}>
      {setup && (
        <div className="note ok">
          <Icon name="shield" size="sm" />
          <span>
            <b>{t('setup.title')}</b> {t('setup.text')}
          </span>
        </div>
      )}
      <TextField
        label={t('name')}
        hint={t('name-hint')}
        autoComplete="nickname"
        maxLength={40}
        autoFocus
        required
        value={name}
        error={fieldProblem(t, problem, 'name')}
        onChange={setName}
      />
      <TextField
        label={t('email')}
        type="email"
        autoComplete="email"
        maxLength={254}
        required
        value={email}
        error={fieldProblem(t, problem, 'email')}
        onChange={setEmail}
      />
      <TextField
        label={t('password')}
        hint={t('password-hint')}
        type="password"
        autoComplete="new-password"
        minLength={8}
        maxLength={256}
        required
        value={password}
        error={fieldProblem(t, problem, 'password')}
        onChange={setPassword}
      />
      {general && (
        <div className="note bad" role="alert">
          <Icon name="alert" size="sm" />
          <span>{general}</span>
        </div>
      )}
      <button
        className={`btn primary lg wide ${busy ? 'busy' : ''}`}
        disabled={!name.trim() || !email || password.length < 8}
      >
        {t('create-account')}
      </button>
      <p className="t2 t-sm text-center">
        {t('have-account')}{' '}
        <Link className="acc b tap" to={{ pathname: '/signin', search: search.toString() }}>
          {t('sign-in')}
        </Link>
      </p>
    </AuthFrame>
  )
}
