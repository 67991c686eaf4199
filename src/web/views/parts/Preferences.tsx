/* SPDX-License-Identifier: LGPL-2.1-or-later */
import { useTranslation } from 'react-i18next'
import { languages, useSettings } from '../../state/settings'
import { toggleTheme } from '../appearance'
import { Icon } from './Icon'
import { Menu } from './Menu'

export const languageNames = { en: 'English', uk: 'Українська', ru: 'Русский' } as const

export function ThemeButton({ className = '' }: { className?: string }) {
  const { t } = useTranslation()
  return (
    <button
      type="button"
      className={`btn quiet icon ${className}`}
      title={t('switch-theme')}
      aria-label={t('switch-theme')}
      onClick={toggleTheme}
    >
      <Icon name="moon" />
    </button>
  )
}

export function LanguageButton() {
  const { t } = useTranslation()
  const language = useSettings((state) => state.language)
  const change = useSettings((state) => state.change)
  return (
    <Menu
      label={`${language.toUpperCase()}, ${t('language-is', { language: languageNames[language] })}`}
      className="btn quiet"
      button={
        <>
          <Icon name="globe" size="sm" />
          {language.toUpperCase()}
        </>
      }
      entries={() =>
        languages.map((value) => ({
          kind: 'item',
          label: languageNames[value],
          checked: value === language,
          act: () => change({ language: value }),
        }))
      }
    />
  )
}
