/* SPDX-License-Identifier: LGPL-2.1-or-later */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { notify } from '../../state/notices'
import { useSession } from '../../state/session'
import { useAttempt } from '../account/AuthFrame'
import { Avatar } from '../parts/Avatar'
import { TextField } from '../parts/Field'
import { problemText } from '../problem'

export function AccountCard() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const { user, rename, signOut } = useSession()
  const [name, setName] = useState(user!.name)
  const { busy, problem, submit } = useAttempt(
    () => rename(name.trim()),
    () => notify({ tone: 'ok', key: 'saved' }),
  )
  const leave = async () => {
    await signOut()
    void navigate('/')
  }
  if (!user) return null

  return (
    <section className="card pad">
      <form
        className="col g4"
        onSubmit={(event) => {
          event.preventDefault()
          void submit()
        }}
      >
        <div className="row g4">
          <Avatar name={user.name} size={56} />
          <span className="grow">
            <h2 className="cut">{user.name}</h2>
            <p className="t-sm t2 cut">
              {user.email}
              {user.role !== 'user' && ` · ${t(`account-role.${user.role}`)}`}
            </p>
          </span>
          <button type="button" className="btn" onClick={() => void leave()}>
            {t('sign-out')}
          </button>
        </div>
        <TextField
          label={t('name')}
          hint={t('name-hint')}
          autoComplete="nickname"
          maxLength={40}
          value={name}
          error={problem && problemText(t, problem)}
          onChange={setName}
        />
        <button
          className={`btn primary self-start ${busy ? 'busy' : ''}`}
          disabled={!name.trim() || name.trim() === user.name}
        >
          {t('save')}
        </button>
      </form>
    </section>
  )
}
