/* SPDX-License-Identifier: LGPL-2.1-or-later */
import type { ReactNode } from 'react'
import { Icon } from './Icon'
import type { IconName } from './Icon'

interface EmptyProps {
  icon: IconName
  title: string
  text?: string
  bare?: boolean
  children?: ReactNode
}

/** What happened, what it means, one way out. */
export function Empty({ icon, title, text, bare, children }: EmptyProps) {
  return (
    <div className={bare ? 'empty' : 'card empty'}>
      <span className="mark">
        <Icon name={icon} />
      </span>
      <h3>{title}</h3>
      {text && <p>{text}</p>}
      {children && <div className="row">{children}</div>}
    </div>
  )
}
