/* SPDX-License-Identifier: LGPL-2.1-or-later */
import { useTranslation } from 'react-i18next'
import { useRoom } from '../../state/room'
import { Icon } from '../parts/Icon'

/** Lies over the stage, so that nothing moves. */
export function Reconnecting() {
  const { t } = useTranslation()
  const reconnecting = useRoom((state) => state.phase === 'reconnecting')
  return (
    <div className="rbanner" role="status">
      {reconnecting && (
        <div className="glass">
          <div className="note warn">
            <Icon name="refresh" size="sm" />
            <span>
              <b>{t('reconnecting.title')}</b> {t('reconnecting.text')}
            </span>
          </div>
        </div>
      )}
    </div>
  )
}
