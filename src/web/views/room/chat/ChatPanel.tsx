/* SPDX-License-Identifier: LGPL-2.1-or-later */
import { useEffect, useLayoutEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useRoom } from '../../../state/room'
import { Empty } from '../../parts/Empty'
import { PanelFrame } from '../PanelFrame'
import { useBox } from '../stage/hooks'
import { type ChatExtra, ChatLineView } from './ChatLine'
import { Compose } from './Compose'
import { follows } from './grouping'

/* Nearer to the end than this, new messages pull the log along. */
const nearEnd = 80

export function ChatPanel() {
  const { t } = useTranslation()
  return (
    <PanelFrame title={t('chat')}>
      <Chat />
    </PanelFrame>
  )
}

/** The log and the field below it, wherever they stand. */
export function Chat({ extra }: { extra?: ChatExtra }) {
  const { t } = useTranslation()
  const { messages, hasOlderMessages, loadOlderMessages, lookAtChat } = useRoom()
  const log = useRef<HTMLDivElement>(null)
  const stick = useRef(true)
  const anchor = useRef({ first: '', height: 0 })
  const { height } = useBox(log)

  useEffect(() => {
    lookAtChat(true)
    return () => lookAtChat(false)
  }, [lookAtChat])

  useLayoutEffect(() => {
    const element = log.current!
    const first = messages[0]?.id ?? ''
    if (stick.current) element.scrollTop = element.scrollHeight
    else if (first !== anchor.current.first) element.scrollTop += element.scrollHeight - anchor.current.height
    anchor.current = { first, height: element.scrollHeight }
  }, [messages, height])

  const scrolled = () => {
    const { scrollTop, scrollHeight, clientHeight } = log.current!
    stick.current = scrollHeight - scrollTop - clientHeight < nearEnd
  }

  return (
    <div className="chat">
      <div className="log" ref={log} role="log" aria-label={t('messages')} tabIndex={0} onScroll={scrolled}>
        {hasOlderMessages && (
          <button type="button" className="btn quiet sm older" onClick={() => void loadOlderMessages()}>
            {t('older-messages')}
          </button>
        )}
        {messages.length === 0 && <Empty icon="chat" title={t('no-messages.title')} text={t('no-messages.text')} bare />}
        {messages.map((line, index) => (
          <ChatLineView key={line.id} line={line} next={follows(messages[index - 1], line)} extra={extra} />
        ))}
      </div>
      <Compose />
    </div>
  )
}
