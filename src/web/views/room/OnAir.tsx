/* SPDX-License-Identifier: LGPL-2.1-or-later */
import { useTranslation } from 'react-i18next'
import { useRoom } from '../../state/room'
import { Icon } from '../parts/Icon'

/** Everybody is told that they are on air or recorded, for as long as it lasts. */
export function OnAir() {
  const { t } = useTranslation()
  const onAir = useRoom((state) => state.room?.onAir ?? false)
  const recorded = useRoom((state) => state.room?.recorded ?? false)
  return (
    <span className="row g1" role="status">
      {onAir && (
        <span className="badge live" title={t('on-air.text')}>
          {t('on-air.badge')}
        </span>
      )}
      {recorded && (
        <span className="badge bad" title={t('on-air.recorded')}>
          <Icon name="record" size="xs" />
          REC<span className="sr">: {t('on-air.recorded')}</span>
        </span>
      )}
    </span>
  )
}
