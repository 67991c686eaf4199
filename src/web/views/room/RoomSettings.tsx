/* SPDX-License-Identifier: LGPL-2.1-or-later */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useRoom } from '../../state/room'
import { useAttempt } from '../account/AuthFrame'
import { Dialog } from '../parts/Dialog'
import { Icon } from '../parts/Icon'
import { problemText } from '../problem'
import { DirectConnections } from './DirectConnections'

/** What a host may change about the room while people are in it. */
export function RoomSettings({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  const { room, setP2pMax } = useRoom()
  const [people, setPeople] = useState(room?.p2pMax ?? 0)
  const { busy, problem, submit } = useAttempt(() => setP2pMax(people), onClose)

  return (
    <Dialog
      title={t('room-settings.title')}
      text={t('room-settings.text')}
      onClose={onClose}
      onSubmit={() => void submit()}
      foot={
        <>
          <span className="grow" />
          <button type="button" className="btn quiet" onClick={onClose}>
            {t('cancel')}
          </button>
          <button type="submit" className={`btn primary ${busy ? 'busy' : ''}`}>
            {t('save')}
          </button>
        </>
      }
    >
      <div className="col g4">
        <DirectConnections people={people} onChange={setPeople} />
        {problem && (
          <div className="note bad" role="alert">
            <Icon name="alert" size="sm" />
            <span>{problemText(t, problem)}</span>
          </div>
        )}
      </div>
    </Dialog>
  )
}
