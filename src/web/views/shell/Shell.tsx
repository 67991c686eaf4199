/* SPDX-License-Identifier: LGPL-2.1-or-later */
import type { ReactNode } from 'react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, NavLink } from 'react-router'
import { useSession } from '../../state/session'
import { StartRoomDialog } from '../home/StartRoomDialog'
import { Brand } from '../parts/Brand'
import { Icon } from '../parts/Icon'
import { LanguageButton, ThemeButton } from '../parts/Preferences'
import { useTitle } from '../useTitle'
import { Side } from './Side'

interface ShellProps {
  title: string
  /** What stands at the left of the top bar, usually the field for a code. */
  lead?: ReactNode
  children: ReactNode
}

/** The frame of every page outside a room: side bar, sheet with its top bar, and the tab bar of phones. */
export function Shell({ title, lead, children }: ShellProps) {
  const { t } = useTranslation()
  const signedIn = useSession((state) => state.status === 'signed-in' && !state.user?.guest)
  const unknown = useSession((state) => state.status === 'unknown')
  const [starting, setStarting] = useState(false)
  useTitle(title)

  return (
    <div className="shell">
      <a className="skip btn" href="#page">
        {t('skip')}
      </a>
      <Side />
      <main className="sheet">
        <div className="top">
          <span className="only-s">
            <Brand flush />
          </span>
          {lead && <span className="hide-s top-lead">{lead}</span>}
          <span className="grow" />
          <ThemeButton />
          <LanguageButton />
          {signedIn && (
            <button type="button" className="btn primary hide-s" onClick={() => setStarting(true)}>
              <Icon name="plus" size="sm" />
              {t('start-room')}
            </button>
          )}
          {!signedIn && !unknown && (
            <Link className="btn primary" to="/signin">
              {t('sign-in')}
            </Link>
          )}
        </div>
        <div className="page" id="page" tabIndex={-1}>
          {children}
        </div>
      </main>
      <TabBar />
      {starting && <StartRoomDialog onClose={() => setStarting(false)} />}
    </div>
  )
}

function TabBar() {
  const { t } = useTranslation()
  return (
    <nav className="tabbar" aria-label="Greenroom">
      <NavLink to="/" end>
        <Icon name="home" />
        {t('home')}
      </NavLink>
      <NavLink to="/rooms">
        <Icon name="door" />
        {t('rooms')}
      </NavLink>
      <NavLink to="/shows">
        <Icon name="calendar" />
        {t('shows-title')}
      </NavLink>
      <NavLink to="/settings">
        <Icon name="user" />
        {t('you')}
      </NavLink>
    </nav>
  )
}
