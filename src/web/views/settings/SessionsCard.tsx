/* SPDX-License-Identifier: LGPL-2.1-or-later */
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { useSession } from '../../state/session'
import type { DeviceSession } from '../../state/types'
import { Icon } from '../parts/Icon'
import { tell } from '../problem'
import { ago } from './ago'

export function SessionsCard() {
  const { t } = useTranslation()
  const { sessions, loadSessions, revokeOtherSessions } = useSession()
  const others = sessions?.some((session) => !session.current)

  useEffect(() => {
    void loadSessions()
  }, [loadSessions])

  return (
    <section className="card">
      <div className="head">
        <h2>{t('settings.sessions')}</h2>
        <span className="grow" />
        {others && (
          <button type="button" className="btn sm danger" onClick={() => void tell(revokeOtherSessions())}>
            {t('sign-out-others')}
          </button>
        )}
      </div>
      <ul className="list">
        {sessions === null ? (
          <li aria-busy="true">
            <span className="skel kind" />
            <span className="skel h-3 w-2/5" />
          </li>
        ) : (
          sessions.map((session) => <SessionRow key={session.id} session={session} />)
        )}
      </ul>
    </section>
  )
}

function SessionRow({ session }: { session: DeviceSession }) {
  const { t, i18n } = useTranslation()
  const revoke = useSession((state) => state.revokeSession)
  const { id, device, phone, address, lastSeenAt, current } = session
  return (
    <li>
      <span className="kind">
        <Icon name={phone ? 'phone' : 'monitor'} />
      </span>
      <span className="grow">
        <b className="cut block">{device}</b>
        <span className="t-sm t3 cut block num">
          {address} · {ago(lastSeenAt, Date.now(), i18n.language)}
        </span>
      </span>
      {current ? (
        <span className="badge ok">{t('this-device')}</span>
      ) : (
        <button type="button" className="btn sm" onClick={() => void tell(revoke(id))}>
          {t('sign-out')}
          <span className="sr">: {device}</span>
        </button>
      )}
    </li>
  )
}
