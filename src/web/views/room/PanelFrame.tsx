/* SPDX-License-Identifier: LGPL-2.1-or-later */
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Icon } from '../parts/Icon'
import { useRoomUi } from './ui'

interface PanelFrameProps {
  title: string
  note?: string
  action?: ReactNode
  children: ReactNode
}

export function PanelFrame({ title, note, action, children }: PanelFrameProps) {
  const { t } = useTranslation()
  const close = useRoomUi((state) => state.closePanel)
  return (
    <aside className="rpanel card" aria-label={title} tabIndex={-1} data-region>
      <div className="head">
        <h2>{title}</h2>
        {note && <span className="t-sm t3 num nowrap">{note}</span>}
        <span className="grow" />
        {action}
        <button type="button" className="btn quiet icon sm" aria-label={t('close')} onClick={close}>
          <Icon name="x" size="sm" />
        </button>
      </div>
      <hr className="rule" />
      {children}
    </aside>
  )
}
