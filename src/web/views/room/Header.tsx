/* SPDX-License-Identifier: LGPL-2.1-or-later */
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { useRoom } from '../../state/room'
import { Logo } from '../parts/Brand'
import { Clock } from '../parts/Clock'
import { Icon } from '../parts/Icon'
import { ThemeButton } from '../parts/Preferences'
import { Segments } from '../parts/Switch'
import { layoutIcons, RoomMenu } from './bar/MoreMenu'
import type { Layout } from './ui'
import { OnAir, WatchButton } from './OnAir'
import { useRoomUi } from './ui'

const layouts: Layout[] = ['grid', 'speaker', 'sidebar']

export function Header() {
  const { t } = useTranslation()
  const { room, participants, joinedAt } = useRoom()
  const { layout, setLayout, open } = useRoomUi()
  const hosting = participants.find(({ me }) => me)?.role === 'host'

  return (
    <header className="rtop">
      <span className="btn quiet icon logo">
        <Logo size={22} />
      </span>
      <span className="col gap-0">
        <h1 className="row g1">
          <span className="cut">{room?.title}</span>
          {(room?.locked || room?.visibility === 'private') && (
            <span className="t3 row" title={t(room.locked ? 'locked' : 'visibility.private')}>
              <Icon name="lock" size="xs" />
            </span>
          )}
        </h1>
        <span className="t-xs t3 num nowrap">
          {t('people-count', { count: participants.length })} · <Clock since={joinedAt} />
        </span>
      </span>
      <OnAir />
      <WatchButton />
      <span className="grow" />
      <span className="hide-s">
        <Segments
          small
          label={t('layout')}
          value={layout}
          options={layouts.map((value) => ({
            value,
            name: t(`layouts.${value}`),
            label: <Icon name={layoutIcons[value]} size="sm" />,
          }))}
          onChange={setLayout}
        />
      </span>
      {hosting && room && (
        <Link className="btn hide-s" to={`/r/${room.slug}/studio`}>
          <Icon name="live" size="sm" />
          {t('studio-title')}
        </Link>
      )}
      {hosting && (
        <button type="button" className="btn hide-s" onClick={() => open({ kind: 'invite' })}>
          <Icon name="link" size="sm" />
          {t('invite')}
        </button>
      )}
      <ThemeButton className="hide-s" />
      <RoomMenu />
    </header>
  )
}
