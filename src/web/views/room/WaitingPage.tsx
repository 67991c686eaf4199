/* SPDX-License-Identifier: LGPL-2.1-or-later */
import { useTranslation } from 'react-i18next'
import { useRoom } from '../../state/room'
import { PlainPage } from '../shell/PlainPage'

export function WaitingPage() {
  const { t } = useTranslation()
  const title = useRoom((state) => state.room?.title)
  const leave = useRoom((state) => state.leave)
  return (
    <PlainPage icon="door" title={title ?? t('waiting.title')} text={t('waiting.text')}>
      <p className="t-sm t3 w-full" role="status">
        {t('waiting.stay')}
      </p>
      <button type="button" className="btn lg" onClick={leave}>
        {t('leave')}
      </button>
    </PlainPage>
  )
}
