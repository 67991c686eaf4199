/* SPDX-License-Identifier: LGPL-2.1-or-later */
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { useStudio } from '../../state/studio'
import { clockText } from '../parts/Clock'
import { bytesText } from '../shows/format'

/** What is recorded of this show; the whole list is a page of its own. */
export function ShowRecordings() {
  const { t, i18n } = useTranslation()
  const recordings = useStudio((state) => state.recordings)
  return (
    <section aria-label={t('recordings.title')}>
      <span className="lbl">{t('recordings.title')}</span>
      {recordings.length === 0 && <p className="t-sm t3">{t('studio.no-recordings')}</p>}
      {recordings.map(({ id, title, part, state, message, seconds, bytes }) => (
        <div key={id} className={state === 'recording' ? 'ban on' : 'ban'}>
          <span className="grow cut">
            <b className="cut">{part > 1 ? t('recordings.part', { title, part }) : title}</b>
            <span className="t-sm t3 cut block num">
              {t(`recordings.state.${state}`)} · {clockText(seconds)} · {bytesText(bytes, i18n.language)}
            </span>
            {message && <span className="t-sm wrn block">{message}</span>}
          </span>
        </div>
      ))}
      <p className="mt-3">
        <Link className="acc t-sm b tap" to="/recordings" target="_blank">
          {t('recordings.all')}
        </Link>
      </p>
    </section>
  )
}
