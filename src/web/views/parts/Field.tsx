/* SPDX-License-Identifier: LGPL-2.1-or-later */
import type { InputHTMLAttributes, ReactNode } from 'react'
import { useId } from 'react'
import { Icon } from './Icon'
import type { IconName } from './Icon'

interface TextFieldProps extends Omit<InputHTMLAttributes<HTMLInputElement>, 'onChange'> {
  label: string
  value: string
  hint?: string
  error?: string | null
  onChange: (value: string) => void
}

export function TextField({ label, hint, error, onChange, ...input }: TextFieldProps) {
  const id = useId()
  const note = error || hint
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        {...input}
        id={id}
        className={error ? 'input err' : 'input'}
        aria-invalid={error ? true : undefined}
        aria-describedby={note ? `${id}-note` : undefined}
        onChange={(event) => onChange(event.target.value)}
      />
      {note && (
        <span id={`${id}-note`} className={error ? 'hint err' : 'hint'} role={error ? 'alert' : undefined}>
          {error && <Icon name="alert" size="xs" />}
          {note}
        </span>
      )}
    </div>
  )
}

interface SelectFieldProps {
  label: ReactNode
  icon?: IconName
  soft?: boolean
  value: string
  disabled?: boolean
  options: { value: string; label: string }[]
  extra?: ReactNode
  onChange: (value: string) => void
}

/** The browser's own list: it knows screen readers, phones and long lists better than we do. */
export function SelectField({ label, icon, soft, value, disabled, options, extra, onChange }: SelectFieldProps) {
  const id = useId()
  return (
    <div className="field">
      <span className="lbl row between">
        <label htmlFor={id}>{label}</label>
        {extra}
      </span>
      <span className={soft ? 'select soft' : 'select'}>
        {icon && <Icon name={icon} size="sm" />}
        <select id={id} value={value} disabled={disabled} onChange={(event) => onChange(event.target.value)}>
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
        <Icon name="down" size="sm" />
      </span>
    </div>
  )
}
