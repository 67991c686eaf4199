/* SPDX-License-Identifier: LGPL-2.1-or-later */
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { useDevices } from '../../state/devices'
import { useLobby } from '../../state/lobby'
import { useSession } from '../../state/session'
import { Brand } from '../parts/Brand'
import { Icon } from '../parts/Icon'
import { LanguageButton, ThemeButton } from '../parts/Preferences'
import { useTitle } from '../useTitle'
import { DevicePickers } from './DevicePickers'
import { JoinBox } from './JoinBox'
import { LevelMeter } from './LevelMeter'
import { Preview } from './Preview'
import { Refused } from './Refused'

interface LobbyPageProps {
  slug: string
  invite: string | null
}

export function LobbyPage({ slug, invite }: LobbyPageProps) {
  const { t } = useTranslation()
  const known = useSession((state) => state.status !== 'unknown')
  const account = useSession((state) => state.user?.id)
  const { status, room, open, close } = useLobby()
  useTitle(room?.title ?? t('lobby'))

  useEffect(() => {
    if (!known) return
    void open(slug, invite)
    void useDevices.getState().refresh()
    return close
  }, [known, account, slug, invite, open, close])

  const refused = status !== 'ready' && status !== 'loading'
  return (
    <div className="lobby">
      <header className="row">
        <Link className="btn quiet icon" to="/" aria-label={t('back')}>
          <Icon name="left" />
        </Link>
        <Brand flush />
        <span className="grow" />
        <ThemeButton />
        <LanguageButton />
      </header>
      {refused ? (
        <main className="refused">
          <Refused slug={slug} invite={invite} />
        </main>
      ) : (
        <main>
          <section className="preview" aria-label={t('preview')}>
            <Preview />
            <LevelMeter />
            <DevicePickers />
          </section>
          <JoinBox slug={slug} invite={invite} />
        </main>
      )}
    </div>
  )
}
