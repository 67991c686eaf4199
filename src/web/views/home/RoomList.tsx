/* SPDX-License-Identifier: LGPL-2.1-or-later */
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { RoomSummary } from '../../state/types'
import { AvatarStack } from '../parts/Avatar'
import { Icon } from '../parts/Icon'

interface RoomListProps {
  rooms: RoomSummary[]
  /** Something more to do with each room. */
  more?: (room: RoomSummary) => ReactNode
  /** A last row, only where the top bar has no room for it. */
  foot?: ReactNode
}

export function RoomList({ rooms, more, foot }: RoomListProps) {
  const liveliest = rooms.find((room) => room.mine && room.inside > 0)
  return (
    <ul className="card list">
      {rooms.map((room) => (
        <RoomRow key={room.id} room={room} primary={room === liveliest} more={more?.(room)} />
      ))}
      {foot && <li className="list-foot only-s">{foot}</li>}
    </ul>
  )
}

function RoomRow({ room, primary, more }: { room: RoomSummary; primary: boolean; more?: ReactNode }) {
  const { t } = useTranslation()
  const busy = room.inside > 0
  return (
    <li>
      <span className="kind">
        <Icon name="chat" />
      </span>
      <span className="grow">
        <b className="cut block">{room.title}</b>
        <span className="t-sm t3 cut block">
          {!room.mine && `${room.ownerName} · `}
          {busy ? <span className="acc">{t('people-inside', { count: room.inside })}</span> : t('nobody-inside')}
        </span>
      </span>
      {busy && (
        <span className="hide-s">
          <AvatarStack names={room.insideNames.slice(0, 3)} size={24} />
        </span>
      )}
      <span className="t-sm t2 num nowrap hide-s" title={t('seats-taken')}>
        {room.inside} / {room.capacity}
      </span>
      {room.locked && (
        <span className="t3 row" title={t('locked')}>
          <Icon name="lock" size="sm" />
        </span>
      )}
      {room.mine && room.visibility === 'private' && <span className="badge hide-s">{t('visibility.private')}</span>}
      <Link className={primary ? 'btn sm primary' : 'btn sm'} to={`/r/${room.slug}`}>
        {room.mine ? t('open') : t('join')}
        <span className="sr">: {room.title}</span>
      </Link>
      {more}
    </li>
  )
}

/** As high as what will come. */
export function RoomListSkeleton() {
  const { t } = useTranslation()
  return (
    <ul className="card list" aria-busy="true" aria-label={t('loading')}>
      {[0, 1, 2].map((row) => (
        <li key={row}>
          <span className="skel kind" />
          <span className="col grow">
            <span className="skel h-3 w-2/5" />
            <span className="skel h-3 w-3/5" />
          </span>
          <span className="skel h-7 w-14" />
        </li>
      ))}
    </ul>
  )
}
