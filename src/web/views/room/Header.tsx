/* SPDX-License-Identifier: LGPL-2.1-or-later */
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useRoom } from '../../state/room'
import { Logo } from '../parts/Brand'
import { Icon } from '../parts/Icon'
import { ThemeButton } from '../parts/Preferences'
import { Segments } from '../parts/Switch'
import { layoutIcons, RoomMenu } from './bar/MoreMenu'
import type { Layout } from './ui'
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

/** Time in the room: "24:08", "1:24:08". */
function Clock({ since }: { since: number | null }) {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000)
    return () => clearInterval(timer)
  }, [])
  const seconds = since === null ? 0 : Math.max(0, Math.floor((now - since) / 1000))
  const two = (value: number) => String(value).padStart(2, '0')
  const hours = Math.floor(seconds / 3600)
  const minutes = Math.floor(seconds / 60) % 60
  return <>{hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${two(minutes)}:${two(seconds % 60)}`}</>
}
