/* SPDX-License-Identifier: LGPL-2.1-or-later */
import type { TFunction } from 'i18next'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useRoom } from '../../../state/room'
import { Avatar } from '../../parts/Avatar'
import { tell } from '../../problem'

/** Who knocks. Only hosts see it. */
export function Waiting() {
  const { t } = useTranslation()
  const { waiting, admit, deny, admitAll } = useRoom()
  const now = useNow(waiting.length > 0)
  if (waiting.length === 0) return null

  return (
    <section className="knock" aria-label={t('in-green-room')}>
      <span className="lbl row between">
        <span>
          {t('in-green-room')} <span className="num t3">{waiting.length}</span>
        </span>
        {waiting.length > 1 && (
          <button type="button" className="btn quiet sm" onClick={() => void tell(admitAll())}>
            {t('let-all-in')}
          </button>
        )}
      </span>
      {waiting.map(({ id, name, guest, since }, index) => (
        <div key={id} className="row kn" data-waiting={id}>
          <Avatar name={name} size={40} />
          <span className="grow">
            <b className="cut block">{name}</b>
            <span className="t-xs t3 num cut block">
              {t(guest ? 'no-account' : 'signed-in')} · {waited(t, now - since)}
            </span>
          </span>
          <button type="button" className="btn sm quiet" onClick={() => void tell(deny(id))}>
            {t('deny')}
            <span className="sr">: {name}</span>
          </button>
          <button
            type="button"
            className={index === 0 ? 'btn sm primary' : 'btn sm'}
            onClick={() => void tell(admit(id))}
          >
            {t('let-in')}
            <span className="sr">: {name}</span>
          </button>
        </div>
      ))}
    </section>
  )
}

function waited(t: TFunction, milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000))
  return seconds < 90
    ? t('waits-seconds', { seconds: Math.round(seconds / 5) * 5 })
    : t('waits-minutes', { minutes: Math.round(seconds / 60) })
}

function useNow(ticking: boolean): number {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    if (!ticking) return
    setNow(Date.now())
    const timer = setInterval(() => setNow(Date.now()), 5000)
    return () => clearInterval(timer)
  }, [ticking])
  return now
}
