/* SPDX-License-Identifier: LGPL-2.1-or-later */
import { useTranslation } from 'react-i18next'
import { SelectField } from '../parts/Field'
import { SwitchRow } from '../parts/Switch'

interface DirectConnectionsProps {
  /** 0 is off. */
  people: number
  onChange: (people: number) => void
}

const usual = 4
const choices = [2, 3, 4, 5, 6, 8, 10, 12, 15]

/** The host's choice: browser to browser while there are few, or always through the server. */
export function DirectConnections({ people, onChange }: DirectConnectionsProps) {
  const { t } = useTranslation()
  const counts = choices.includes(people) ? choices : [...choices, people].sort((one, other) => one - other)
  return (
    <>
      <SwitchRow
        label={t('direct.label')}
        hint={t('direct.hint')}
        on={people > 0}
        onChange={(on) => onChange(on ? usual : 0)}
      />
      {people > 0 && (
        <SelectField
          label={t('direct.up-to')}
          value={String(people)}
          options={counts.map((count) => ({ value: String(count), label: t('direct.people', { count }) }))}
          onChange={(value) => onChange(Number(value))}
        />
      )}
    </>
  )
}
