/* SPDX-License-Identifier: LGPL-2.1-or-later */
import { useTranslation } from 'react-i18next'
import { useSettings } from '../../state/settings'
import { type ShortcutRow, shortcutRows } from './keys'

export function ShortcutList({ rows = shortcutRows }: { rows?: readonly ShortcutRow[] }) {
  const { t } = useTranslation()
  const letterKeys = useSettings((state) => state.letterKeys)
  return (
    <ul className="keys">
      {rows.map(({ name, keys, letter }) => (
        <li key={name} className={letter && !letterKeys ? 'row between resting' : 'row between'}>
          <span className="t2">{t(`shortcut.${name}`)}</span>
          <span className="row g1">
            {keys.map((key) => (
              <kbd key={key}>{key}</kbd>
            ))}
          </span>
        </li>
      ))}
    </ul>
  )
}
