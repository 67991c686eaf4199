/* SPDX-License-Identifier: LGPL-2.1-or-later */
import type { ComponentType } from 'react'
import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import { useRoom } from '../../../state/room'
import type { ChatLine } from '../../../state/types'
import { Avatar } from '../../parts/Avatar'
import { Icon } from '../../parts/Icon'
import type { IconName } from '../../parts/Icon'
import { tell } from '../../problem'
import { withLinks } from './grouping'

interface ChatLineProps {
  line: ChatLine
  /** Goes on under the name above it. */
  next: boolean
  extra?: ChatExtra
}

/** Something more to do with a message. */
export type ChatExtra = ComponentType<{ line: ChatLine }>

const icons: Record<Exclude<ChatLine['kind'], 'message'>, IconName> = { joined: 'door', left: 'exit', hand: 'hand' }

export const ChatLineView = memo(function ChatLineView({ line, next, extra: Extra }: ChatLineProps) {
  const { t, i18n } = useTranslation()
  const hosting = useRoom((state) => state.participants.find(({ me }) => me)?.role === 'host')
  const removeMessage = useRoom((state) => state.removeMessage)
  const sendAgain = useRoom((state) => state.sendAgain)
  const time = new Date(line.at).toLocaleTimeString(i18n.language, { timeStyle: 'short', hourCycle: 'h23' })

  if (line.kind !== 'message') {
    return (
      <div className="msg sys num">
        <Icon name={icons[line.kind]} size="xs" />
        {t(`chat-line.${line.kind}`, { name: line.name })} · {time}
      </div>
    )
  }
  return (
    <div className={next ? 'msg next' : 'msg'} data-message={line.id}>
      {!next && <Avatar name={line.name} size={28} />}
      {!next && (
        <span className="who">
          <span className="cut">{line.name}</span>
          <time dateTime={line.at}>{time}</time>
        </span>
      )}
      <span className={line.delivery === 'sending' ? 'txt t3' : 'txt'}>
        {withLinks(line.text).map((piece, index) =>
          piece.link ? (
            <a key={index} className="acc link" href={piece.text} target="_blank" rel="noopener noreferrer nofollow">
              {piece.text}
            </a>
          ) : (
            piece.text
          ),
        )}
        {line.delivery === 'failed' && (
          <span className="hint err">
            <Icon name="alert" size="xs" />
            {t('not-sent')}
            <button type="button" className="link" onClick={() => void sendAgain(line.id)}>
              {t('send-again')}
            </button>
          </span>
        )}
      </span>
      {Extra && line.delivery === 'sent' && <Extra line={line} />}
      {hosting && line.delivery === 'sent' && (
        <button
          type="button"
          className="btn quiet icon sm msg-remove"
          aria-label={t('remove-message', { name: line.name })}
          onClick={() => void tell(removeMessage(line.id))}
        >
          <Icon name="trash" size="xs" />
        </button>
      )}
    </div>
  )
})
