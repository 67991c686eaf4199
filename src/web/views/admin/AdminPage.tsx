/* SPDX-License-Identifier: LGPL-2.1-or-later */
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useAdmin } from '../../state/admin'
import { useSession } from '../../state/session'
import type { AccountRole, AdminUser, RoomSummary } from '../../state/types'
import { RoomList, RoomListSkeleton } from '../home/RoomList'
import { NotFoundPage } from '../NotFoundPage'
import { Avatar } from '../parts/Avatar'
import { Confirm } from '../parts/Dialog'
import { Empty } from '../parts/Empty'
import { Icon } from '../parts/Icon'
import { problemText, tell } from '../problem'
import { Shell } from '../shell/Shell'

export default function AdminPage() {
  const { status, user } = useSession()
  if (status === 'unknown') return null
  return user?.role === 'admin' ? <Administration /> : <NotFoundPage />
}

function Administration() {
  const { t } = useTranslation()
  const { users, rooms, problem, load, closeRoom } = useAdmin()
  const [closing, setClosing] = useState<RoomSummary | null>(null)

  useEffect(() => {
    void load()
  }, [load])

  return (
    <Shell title={t('admin.title')}>
      <h1>{t('admin.title')}</h1>
      {problem && (
        <Empty icon="server" title={t('rooms-failed')} text={problemText(t, problem)}>
          <button type="button" className="btn" onClick={() => void load()}>
            {t('try-again')}
          </button>
        </Empty>
      )}
      <div className="two">
        <section>
          <div className="sec">
            <h2>{t('admin.users')}</h2>
          </div>
          <ul className="card list">
            {(users ?? []).map((user) => (
              <UserRow key={user.id} user={user} />
            ))}
          </ul>
        </section>
        <section>
          <div className="sec">
            <h2>{t('rooms')}</h2>
          </div>
          {rooms === null ? (
            <RoomListSkeleton />
          ) : rooms.length === 0 ? (
            <Empty icon="door" title={t('no-rooms')} />
          ) : (
            <RoomList
              rooms={rooms}
              more={(room) => (
                <button
                  type="button"
                  className="btn quiet icon sm"
                  aria-label={t('remove-room', { title: room.title })}
                  onClick={() => setClosing(room)}
                >
                  <Icon name="trash" size="sm" />
                </button>
              )}
            />
          )}
        </section>
      </div>
      {closing && (
        <Confirm
          title={t('remove-room', { title: closing.title })}
          text={t('remove-room-text')}
          action={t('remove')}
          onConfirm={() => void tell(closeRoom(closing.id))}
          onClose={() => setClosing(null)}
        />
      )}
    </Shell>
  )
}

const roles: AccountRole[] = ['user', 'moderator', 'admin']

function UserRow({ user }: { user: AdminUser }) {
  const { t } = useTranslation()
  const me = useSession((state) => state.user?.id === user.id)
  const setRole = useAdmin((state) => state.setRole)
  return (
    <li>
      <Avatar name={user.name} />
      <span className="grow">
        <b className="cut block">{user.name}</b>
        <span className="t-sm t3 cut block">{user.email}</span>
      </span>
      <span className="select soft role-select">
        <select
          aria-label={t('admin.role-of', { name: user.name })}
          value={user.role}
          disabled={me}
          onChange={(event) => void tell(setRole(user.id, event.target.value as AccountRole))}
        >
          {roles.map((role) => (
            <option key={role} value={role}>
              {t(`account-role.${role}`)}
            </option>
          ))}
        </select>
        <Icon name="down" size="sm" />
      </span>
    </li>
  )
}
