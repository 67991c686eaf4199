/* SPDX-License-Identifier: LGPL-2.1-or-later */
import type { ReactNode } from 'react'
import { Icon } from './Icon'
import type { IconName } from './Icon'

interface EmptyProps {
  icon: IconName
  title: string
  text?: string
  bare?: boolean
  /** Where the headings of the page around it have got to. */
  heading?: 'h1' | 'h2' | 'h3'
  children?: ReactNode
}

/** What happened, what it means, one way out. */
export function Empty({ icon, title, text, bare, heading: Heading = 'h3', children }: EmptyProps) {
  return (
    <div className={bare ? 'empty' : 'card empty'}>
      <span className="mark">
        <Icon name={icon} />
      </span>
      <Heading>{title}</Heading>
      {text && <p>{text}</p>}
      {children && <div className="row">{children}</div>}
    </div>
  )
}
