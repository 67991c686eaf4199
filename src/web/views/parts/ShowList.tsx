/* SPDX-License-Identifier: LGPL-2.1-or-later */
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { isRunning } from '../../state/room-model'
import type { Show } from '../../state/types'
import { Icon } from './Icon'
import { whenText } from '../shows/format'

/** What is on air and what comes next. */
export function ShowList({ shows, more }: { shows: Show[]; more?: (show: Show) => ReactNode }) {
  const { t, i18n } = useTranslation()
  return (
    <ul className="card list">
      {shows.map((show) => {
        const live = isRunning(show)
        return (
          <li key={show.id} data-show={show.id}>
            <span className="kind">
              <Icon name={live ? 'live' : 'calendar'} />
            </span>
            <span className="grow">
              <b className="cut block">{show.title}</b>
              <span className="t-sm t3 cut block num">
                {show.owner.name} · {live || show.startTime === null ? show.room.title : whenText(show.startTime, i18n.language)}
              </span>
            </span>
            {live && <span className="badge live">{t('on-air.badge')}</span>}
            <Link className={live ? 'btn sm primary' : 'btn sm'} to={live ? `/r/${show.room.slug}` : `/shows/${show.id}`}>
              {t(live ? 'watch-show' : 'open')}
              <span className="sr">: {show.title}</span>
            </Link>
            {more?.(show)}
          </li>
        )
      })}
    </ul>
  )
}
