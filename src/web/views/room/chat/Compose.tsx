/* SPDX-License-Identifier: LGPL-2.1-or-later */
import type { KeyboardEvent } from 'react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useRoom } from '../../../state/room'
import { Icon } from '../../parts/Icon'

const longest = 2000

export function Compose() {
  const { t } = useTranslation()
  const send = useRoom((state) => state.send)
  const away = useRoom((state) => state.phase !== 'joined')
  const [text, setText] = useState('')

  const submit = () => {
    const message = text.trim()
    if (!message || away) return
    setText('')
    void send(message)
  }

  const key = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return
    event.preventDefault()
    submit()
  }

  return (
    <form
      className="compose"
      onSubmit={(event) => {
        event.preventDefault()
        submit()
      }}
    >
      <textarea
        className="grow"
        rows={1}
        maxLength={longest}
        value={text}
        placeholder={t('message-room')}
        aria-label={t('message-room')}
        onKeyDown={key}
        onChange={(event) => setText(event.target.value)}
      />
      <button className="btn quiet icon sm" aria-label={t('send')} disabled={!text.trim() || away}>
        <Icon name="send" size="sm" />
      </button>
    </form>
  )
}
