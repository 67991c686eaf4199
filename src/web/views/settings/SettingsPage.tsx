/* SPDX-License-Identifier: LGPL-2.1-or-later */
import { useTranslation } from 'react-i18next'
import { useSession } from '../../state/session'
import { languages, useSettings } from '../../state/settings'
import { languageNames } from '../parts/Preferences'
import { Segments, SwitchRow } from '../parts/Switch'
import { ShortcutList } from '../room/ShortcutList'
import { Shell } from '../shell/Shell'
import { AccountCard } from './AccountCard'
import { AppearanceCard } from './AppearanceCard'
import { DevicesCard } from './DevicesCard'
import { SessionsCard } from './SessionsCard'

export default function SettingsPage() {
  const { t } = useTranslation()
  const account = useSession((state) => state.user !== null && !state.user.guest)
  const { language, letterKeys, change } = useSettings()

  return (
    <Shell title={t('settings.title')}>
      <h1>{t('settings.title')}</h1>
      <div className="setg">
        <div className="col g4">
          {account && <AccountCard />}
          <AppearanceCard />
          <section className="card pad col g4">
            <h2>{t('settings.language')}</h2>
            <Segments
              wide
              label={t('settings.language')}
              value={language}
              options={languages.map((value) => ({ value, label: languageNames[value], lang: value }))}
              onChange={(value) => change({ language: value })}
            />
          </section>
          {account && <SessionsCard />}
        </div>
        <div className="col g4">
          <DevicesCard />
          <section className="card pad col g4">
            <h2>{t('shortcuts')}</h2>
            <SwitchRow
              label={t('letter-keys')}
              hint={t('letter-keys-hint')}
              on={letterKeys}
              onChange={(on) => change({ letterKeys: on })}
            />
            <ShortcutList />
          </section>
        </div>
      </div>
    </Shell>
  )
}
