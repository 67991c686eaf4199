/* SPDX-License-Identifier: LGPL-2.1-or-later */
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { useRooms } from '../../state/rooms'
import { Icon } from '../parts/Icon'
import { problemText } from '../problem'

interface CodeFieldProps {
  withButton?: boolean
  primary?: boolean
}

/** Takes an invite code, an invite link or a room's address. */
export function CodeField({ withButton, primary }: CodeFieldProps) {
  const { t } = useTranslation()
  const id = useId()
  const navigate = useNavigate()
  const find = useRooms((state) => state.find)
  const [text, setText] = useState('')
  const [error, setError] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)

  const go = async () => {
    if (!text.trim() || busy) return
    setBusy(true)
    const outcome = await find(text.trim())
    setBusy(false)
    if (!outcome.ok) {
      setError(outcome.problem.code === 'not_found' ? t('no-such-code') : problemText(t, outcome.problem))
      return
    }
    const { slug, invite } = outcome.value
    void navigate(`/r/${slug}${invite ? `?invite=${encodeURIComponent(invite)}` : ''}`)
  }

  return (
    <form
      className="code"
      onSubmit={(event) => {
        event.preventDefault()
        void go()
      }}
    >
      <span className="row">
        <label className={`input soft grow ${error ? 'err' : ''}`}>
          <span className="sr">{t('invite-link-or-code')}</span>
          <Icon name="link" size="sm" />
          <input
            value={text}
            placeholder={t('have-code.placeholder')}
            autoCapitalize="none"
            autoComplete="off"
            spellCheck={false}
            aria-invalid={error ? true : undefined}
            aria-describedby={error ? id : undefined}
            onChange={(event) => {
              setText(event.target.value)
              setError(null)
            }}
          />
        </label>
        {withButton && (
          <button className={`btn ${primary ? 'primary' : ''} ${busy ? 'busy' : ''}`}>{t('join')}</button>
        )}
      </span>
      {error && (
        <span id={id} className="hint err" role="alert">
          <Icon name="alert" size="xs" />
          {error}
        </span>
      )}
    </form>
  )
}
