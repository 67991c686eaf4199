/* SPDX-License-Identifier: LGPL-2.1-or-later */
import { useTranslation } from 'react-i18next'
import { NavLink } from 'react-router'
import { useRooms } from '../../state/rooms'
import { useSession } from '../../state/session'
import { Avatar } from '../parts/Avatar'
import { Brand } from '../parts/Brand'
import { Icon } from '../parts/Icon'
import type { IconName } from '../parts/Icon'

interface SideLinkProps {
  to: string
  icon: IconName
  label: string
}

function SideLink({ to, icon, label }: SideLinkProps) {
  return (
    <NavLink className="nav" to={to} end title={label}>
      <Icon name={icon} />
      <span className="cut">{label}</span>
    </NavLink>
  )
}

export function Side() {
  const { t } = useTranslation()
  const user = useSession((state) => state.user)
  const mine = useRooms((state) => state.mine)

  return (
    <nav className="side" aria-label="Greenroom">
      <Brand />
      <SideLink to="/" icon="home" label={t('home')} />
      <SideLink to="/rooms" icon="door" label={t('rooms')} />
      <SideLink to="/shows" icon="calendar" label={t('shows-title')} />
      <SideLink to="/settings" icon="gear" label={t('settings.title')} />
      {mine && mine.length > 0 && (
        <>
          <div className="cap">{t('my-rooms')}</div>
          {mine.slice(0, 8).map((room) => (
            <NavLink key={room.id} className="nav" to={`/r/${room.slug}`} title={room.title}>
              <Icon name="chat" />
              <span className="cut">{room.title}</span>
              {room.inside > 0 && <span className="badge ok num">{room.inside}</span>}
            </NavLink>
          ))}
        </>
      )}
      <span className="grow" />
      {user?.role === 'admin' && <SideLink to="/admin" icon="shield" label={t('admin.title')} />}
      {user && (
        <NavLink className="nav" to="/settings" title={user.name}>
          <Avatar name={user.name} size={24} />
          <span className="cut">{user.name}</span>
        </NavLink>
      )}
    </nav>
  )
}
