/* SPDX-License-Identifier: LGPL-2.1-or-later */
import { useTranslation } from 'react-i18next'
import { Link, useLocation } from 'react-router'
import { useLobby } from '../../state/lobby'
import type { LobbyStatus } from '../../state/types'
import { CodeField } from '../home/CodeField'
import { Empty } from '../parts/Empty'
import type { IconName } from '../parts/Icon'

const icons: Partial<Record<LobbyStatus, IconName>> = {
  full: 'people',
  locked: 'lock',
  banned: 'ban',
  'invite-needed': 'link',
  'invite-expired': 'clock',
  'not-found': 'search',
  'account-needed': 'user',
}

const worthTrying: LobbyStatus[] = ['full', 'locked', 'unreachable']

/** Why one cannot go in, and the way out. */
export function Refused({ slug, invite }: { slug: string; invite: string | null }) {
  const { t } = useTranslation()
  const location = useLocation()
  const { status, room, open } = useLobby()
  const signIn = `/signin?next=${encodeURIComponent(location.pathname + location.search)}`

  return (
    <Empty
      heading="h1"
      icon={icons[status] ?? 'wifi-weak'}
      title={t(`refused.${status}.title`)}
      text={t(`refused.${status}.text`, { inside: room?.inside, capacity: room?.capacity })}
    >
      {(status === 'invite-needed' || status === 'invite-expired') && <CodeField withButton primary />}
      {worthTrying.includes(status) && (
        <button type="button" className="btn primary" onClick={() => void open(slug, invite)}>
          {t('try-again')}
        </button>
      )}
      {(status === 'invite-needed' || status === 'account-needed') && (
        <Link className="btn" to={signIn}>
          {t('sign-in')}
        </Link>
      )}
      <Link className="btn quiet" to="/">
        {t('back-home')}
      </Link>
    </Empty>
  )
}
