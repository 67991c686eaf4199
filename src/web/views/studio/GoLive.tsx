/* SPDX-License-Identifier: LGPL-2.1-or-later */
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { isRunning } from '../../state/room-model'
import { useStudio } from '../../state/studio'
import { Icon } from '../parts/Icon'
import { tell } from '../problem'
import { useStudioUi } from './ui'

/** One button: go live, its countdown in the same place, end. */
export function GoLive() {
  const { t } = useTranslation()
  const show = useStudio((state) => state.show)
  const another = useStudio((state) => state.another)
  const { countdown, change, open } = useStudioUi()
  useCountdown()

  if (countdown !== null)
    return (
      <button type="button" className="btn live counting" onClick={() => change({ countdown: null })}>
        <b className="num" aria-live="assertive">
          {countdown}
        </b>{' '}
        {t('cancel')} <kbd>Esc</kbd>
      </button>
    )
  if (show && isRunning(show))
    return (
      <button type="button" className="btn live" onClick={() => open({ kind: 'end' })}>
        {t('studio.end')}
      </button>
    )
  if (show?.status === 'ended')
    return (
      <button type="button" className="btn primary" onClick={() => void another()}>
        <Icon name="plus" size="sm" />
        {t('studio.another')}
      </button>
    )
  return (
    <button type="button" className="btn live" disabled={!show} onClick={() => change({ countdown: 3 })}>
      <Icon name="live" size="sm" />
      {t('studio.go-live')}
    </button>
  )
}

function useCountdown() {
  const countdown = useStudioUi((state) => state.countdown)
  useEffect(() => {
    if (countdown === null) return
    const timer = setTimeout(() => {
      const { record, tracks, change } = useStudioUi.getState()
      if (countdown > 1) return change({ countdown: countdown - 1 })
      change({ countdown: null })
      void tell(useStudio.getState().start({ record, tracks: record && tracks }))
    }, 1000)
    return () => clearTimeout(timer)
  }, [countdown])
}
