/* SPDX-License-Identifier: LGPL-2.1-or-later */
import { useTranslation } from 'react-i18next'
import { useSettings } from '../../state/settings'
import type { Theme } from '../../state/types'
import { Icon } from '../parts/Icon'

const themes: { theme: Theme; drawn: string }[] = [
  { theme: 'dark', drawn: 'd' },
  { theme: 'light', drawn: 'l' },
  { theme: 'system', drawn: 's' },
]

export function AppearanceCard() {
  const { t } = useTranslation()
  const chosen = useSettings((state) => state.theme)
  const change = useSettings((state) => state.change)
  return (
    <section className="card pad col g4">
      <h2>{t('settings.appearance')}</h2>
      <div className="thms" role="radiogroup" aria-label={t('settings.theme')}>
        {themes.map(({ theme, drawn }) => (
          <label key={theme} className={`thm ${drawn} ${theme === chosen ? 'on' : ''}`}>
            <input
              type="radio"
              name="theme"
              className="sr"
              checked={theme === chosen}
              onChange={() => change({ theme })}
            />
            <span className="tp" aria-hidden="true">
              <i />
              <i />
              <i />
            </span>
            <span className="row">
              <span className={theme === chosen ? 'box round on' : 'box round'} aria-hidden="true">
                {theme === chosen && <Icon name="check" />}
              </span>
              {t(`themes.${theme}`)}
            </span>
          </label>
        ))}
      </div>
    </section>
  )
}
