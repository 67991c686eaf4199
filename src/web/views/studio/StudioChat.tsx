/* SPDX-License-Identifier: LGPL-2.1-or-later */
import { useTranslation } from 'react-i18next'
import { changeScene, useStudio } from '../../state/studio'
import type { ChatLine } from '../../state/types'
import { Icon } from '../parts/Icon'
import { Chat } from '../room/chat/ChatPanel'

const longestName = 40
const longest = 500

export function StudioChat() {
  const { t } = useTranslation()
  return (
    <section className="card schat" aria-label={t('chat')}>
      <div className="head">
        <h2>{t('chat')}</h2>
        <span className="t-sm t3 cut">{t('studio.chat-of')}</span>
      </div>
      <hr className="rule" />
      <Chat extra={ShowMessage} />
    </section>
  )
}

/** A message goes on screen, and off again, from where it was written. */
function ShowMessage({ line }: { line: ChatLine }) {
  const { t } = useTranslation()
  const message = useStudio((state) => state.scene?.message)
  if (message === undefined) return null
  const mine = { name: line.name.slice(0, longestName), text: line.text.slice(0, longest) }
  const shown = message?.name === mine.name && message.text === mine.text
  return (
    <span className={shown ? 'row g1 on-screen on' : 'row g1 on-screen'}>
      <button type="button" className="btn sm" onClick={() => void changeScene({ message: shown ? null : mine })}>
        <Icon name="screen" size="xs" />
        {t(shown ? 'studio.take-off-screen' : 'studio.put-on-screen')}
      </button>
    </span>
  )
}
