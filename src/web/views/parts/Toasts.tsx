/* SPDX-License-Identifier: LGPL-2.1-or-later */
import type { TFunction } from 'i18next'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { useNotices } from '../../state/notices'
import type { Notice, NoticeTone } from '../../state/types'
import { Icon } from './Icon'
import type { IconName } from './Icon'

const icons: Record<NoticeTone, IconName> = {
  ok: 'check',
  warn: 'alert',
  bad: 'alert',
  info: 'info',
  hand: 'hand',
  door: 'door',
}

const tones: Record<NoticeTone, string> = { ok: 'acc', warn: 'wrn', bad: 'bad', info: 't2', hand: 'wrn', door: 'acc' }

/** Short messages over the page; they never move what lies under them. */
export function Toasts() {
  const { t } = useTranslation()
  const notices = useNotices((state) => state.notices)
  return (
    <section className="toasts" aria-label={t('notices')} aria-live="polite">
      {notices.map((notice) => (
        <Toast key={notice.id} notice={notice} />
      ))}
    </section>
  )
}

/* A reason from the server is said in the language of the page, if we have words for its code. */
function withReason(t: TFunction, values: Notice['values']): Notice['values'] {
  if (!values?.code) return values
  return { ...values, reason: t(`problem.${values.code}`, { defaultValue: String(values.reason ?? '') }) }
}

function Toast({ notice }: { notice: Notice }) {
  const { t } = useTranslation()
  const dismiss = useNotices((state) => state.dismiss)
  const { id, key, tone, act, milliseconds = 6000 } = notice
  const values = withReason(t, notice.values)

  useEffect(() => {
    if (milliseconds === 0) return
    const timer = setTimeout(() => dismiss(id), milliseconds)
    return () => clearTimeout(timer)
  }, [dismiss, id, milliseconds])

  const text = t(`notice.${key}.text`, { ...values, defaultValue: '' })
  return (
    <div className="toast glass" role="status">
      <span className={`row ${tones[tone]}`}>
        <Icon name={icons[tone]} />
      </span>
      <span className="grow">
        <b>{t(`notice.${key}.title`, values)}</b>
        {text && <span className="t-sm t2 toast-text">{text}</span>}
      </span>
      {act && (
        <button
          type="button"
          className="btn sm"
          onClick={() => {
            dismiss(id)
            act()
          }}
        >
          {t(`notice.${key}.action`)}
        </button>
      )}
      <button type="button" className="btn quiet icon sm" aria-label={t('dismiss')} onClick={() => dismiss(id)}>
        <Icon name="x" size="sm" />
      </button>
    </div>
  )
}
