/* SPDX-License-Identifier: LGPL-2.1-or-later */
import { useTranslation } from 'react-i18next'
import { useLobby } from '../../state/lobby'
import { Icon } from '../parts/Icon'

const bars = 32
const audible = 0.08

/** Follows the sound without easing. */
export function LevelMeter() {
  const { t } = useTranslation()
  const microphone = useLobby((state) => state.microphone)
  const lit = useLobby((state) => (state.microphone ? Math.round(state.level * bars) : 0))
  const heard = lit > bars * audible
  const words = !microphone ? 'level.muted' : heard ? 'level.heard' : 'level.speak'

  return (
    <div className="row g3 lvl">
      <span className={microphone ? 'acc row' : 'bad row'}>
        <Icon name={microphone ? 'mic' : 'mic-off'} size="sm" />
      </span>
      <span className="vu" role="img" aria-label={t('level.label')} data-level={lit}>
        {Array.from({ length: bars }, (_, bar) => (
          <i key={bar} className={bar < lit ? 'on' : undefined} />
        ))}
      </span>
      <span className="t-sm t2 level-words">{t(words)}</span>
    </div>
  )
}
