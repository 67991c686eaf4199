/* SPDX-License-Identifier: LGPL-2.1-or-later */
import type { ReactNode } from 'react'
import { useId } from 'react'
import { Icon } from './Icon'

interface ChoiceProps {
  label: ReactNode
  hint?: string
  on: boolean
  disabled?: boolean
  onChange: (on: boolean) => void
}

/** A row: words on the left, the switch on the right. */
export function SwitchRow({ label, hint, on, disabled, onChange }: ChoiceProps) {
  const id = useId()
  return (
    <div className="row between">
      <span id={id}>
        <span className="row">{label}</span>
        {hint && <span className="t-sm t3">{hint}</span>}
      </span>
      <button
        type="button"
        className="switch"
        role="switch"
        aria-checked={on}
        aria-labelledby={id}
        disabled={disabled}
        onClick={() => onChange(!on)}
      />
    </div>
  )
}

export function Check({ label, on, onChange }: ChoiceProps) {
  return (
    <label className="check t-sm tap">
      <input type="checkbox" className="sr" checked={on} onChange={(event) => onChange(event.target.checked)} />
      <span className={on ? 'box on' : 'box'} aria-hidden="true">
        {on && <Icon name="check" />}
      </span>
      {label}
    </label>
  )
}

interface SegmentsProps<Value extends string> {
  label: string
  value: Value
  small?: boolean
  wide?: boolean
  options: { value: Value; label: ReactNode; name?: string; lang?: string }[]
  onChange: (value: Value) => void
}

/** A few exclusive choices side by side. */
export function Segments<Value extends string>({ label, value, small, wide, options, onChange }: SegmentsProps<Value>) {
  return (
    <div className={`seg${small ? ' sm' : ''}${wide ? ' wide' : ''}`} role="group" aria-label={label}>
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          className={wide ? 'grow' : undefined}
          lang={option.lang}
          title={option.name}
          aria-label={option.name}
          aria-pressed={option.value === value}
          onClick={() => onChange(option.value)}
        >
          {option.label}
        </button>
      ))}
    </div>
  )
}
