/* SPDX-License-Identifier: LGPL-2.1-or-later */
import { useTranslation } from 'react-i18next'
import { useRoom } from '../../state/room'
import { Icon } from '../parts/Icon'
import { useRoomUi } from './ui'

/** Those on stage can look at what goes out; who came to watch sees nothing else. */
export function WatchButton() {
  const { t } = useTranslation()
  const running = useRoom((state) => state.show !== null && state.participants.find(({ me }) => me)?.role !== 'viewer')
  const { watching, watch } = useRoomUi()
  if (!running) return null
  return (
    <button type="button" className="btn quiet sm hide-s" aria-pressed={watching} onClick={() => watch(!watching)}>
      <Icon name="eye" size="sm" />
      {t('programme.watch')}
    </button>
  )
}

/** Everybody is told that they are on air or recorded, for as long as it lasts, and who is in the green room that they are not. */
export function OnAir() {
  const { t } = useTranslation()
  const onAir = useRoom((state) => state.room?.onAir ?? false)
  const recorded = useRoom((state) => state.room?.recorded ?? false)
  const backstage = useRoom((state) => state.participants.find(({ me }) => me)?.stage === 'backstage')
  return (
    <span className="row g1" role="status">
      {onAir && (
        <span className="badge live" title={t('on-air.text')}>
          {t('on-air.badge')}
        </span>
      )}
      {backstage && (
        <span className="badge ok" title={t('backstage')}>
          {t('waiting-room')}
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
