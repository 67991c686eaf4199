/* SPDX-License-Identifier: LGPL-2.1-or-later */
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { useRoom } from '../../state/room'
import type { RoomPhase } from '../../state/types'
import type { IconName } from '../parts/Icon'
import { problemText } from '../problem'
import { PlainPage } from '../shell/PlainPage'

const icons: Partial<Record<RoomPhase, IconName>> = {
  left: 'leave',
  denied: 'door',
  kicked: 'exit',
  banned: 'ban',
  closed: 'door',
  replaced: 'monitor',
  'signed-out': 'leave',
}

/* Whoever was banned, and a room that is gone, leave nothing to come back to. */
const final: RoomPhase[] = ['banned', 'closed']

export function EndedPage() {
  const { t } = useTranslation()
  const { phase, problem, reset } = useRoom()
  const text = phase === 'error' && problem ? problemText(t, problem) : t(`ended.${phase}.text`)
  const mayReturn = !final.includes(phase)

  return (
    <PlainPage icon={icons[phase] ?? 'wifi-weak'} title={t(`ended.${phase}.title`)} text={text}>
      {mayReturn && (
        <button type="button" className="btn primary lg" onClick={reset}>
          {t(phase === 'error' ? 'try-again' : 'come-back')}
        </button>
      )}
      <Link className={mayReturn ? 'btn lg' : 'btn primary lg'} to="/">
        {t('back-home')}
      </Link>
    </PlainPage>
  )
}
