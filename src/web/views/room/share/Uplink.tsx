/* SPDX-License-Identifier: LGPL-2.1-or-later */
import { useTranslation } from 'react-i18next'
import { useRoom } from '../../../state/room'
import { overUplink } from './presets'

interface UplinkProps {
  mbit: number
  viewers: number
  copies: number
  uplinkMbit: number | null
}

/** How much of the line the choice takes. A line that was not measured is not drawn as if it were. */
export function Uplink({ mbit, viewers, copies, uplinkMbit }: UplinkProps) {
  const { t } = useTranslation()
  const path = useRoom((state) => state.path)
  const needed = mbit * copies
  const share = uplinkMbit ? Math.min(100, (needed / uplinkMbit) * 100) : 0
  const over = overUplink(mbit, copies, uplinkMbit)
  return (
    <div className="uplink">
      <span className="row between t-sm">
        <span className="t2">{t('share.uplink')}</span>
        {uplinkMbit === null ? (
          <span className="t3">{t('share.not-measured')}</span>
        ) : (
          <span className="num">
            <b>{needed}</b> {t('share.of-uplink', { mbit: Math.round(uplinkMbit) })}
          </span>
        )}
      </span>
      <span className={over ? 'meter warn' : 'meter'}>
        <i style={{ width: `${share}%` }} />
      </span>
      <span className="hint">{path === 'server' ? t('share.one-copy') : t('share.copies', { count: viewers })}</span>
    </div>
  )
}
