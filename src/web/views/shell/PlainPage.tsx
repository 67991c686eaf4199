/* SPDX-License-Identifier: LGPL-2.1-or-later */
import type { ReactNode } from 'react'
import { useTitle } from '../useTitle'
import { Brand } from '../parts/Brand'
import { Icon } from '../parts/Icon'
import type { IconName } from '../parts/Icon'
import { LanguageButton, ThemeButton } from '../parts/Preferences'

interface PlainPageProps {
  icon?: IconName
  title: string
  text?: string
  /** Over the title. */
  badge?: { text: string; live: boolean }
  children?: ReactNode
}

/** One thing to say, in the middle of an empty page: waiting, removed, closed, not found. */
export function PlainPage({ icon, title, text, badge, children }: PlainPageProps) {
  useTitle(title)
  return (
    <div className="plain">
      <header className="row">
        <Brand flush />
        <span className="grow" />
        <ThemeButton />
        <LanguageButton />
      </header>
      <main className="waitc">
        {icon && (
          <span className="mark">
            <Icon name={icon} size="lg" />
          </span>
        )}
        {badge && <span className={badge.live ? 'badge live' : 'badge'}>{badge.text}</span>}
        <h1>{title}</h1>
        {text && <p className="t2">{text}</p>}
        {children && <div className="row wrap justify-center mt-2">{children}</div>}
      </main>
    </div>
  )
}
