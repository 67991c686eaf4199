/* SPDX-License-Identifier: LGPL-2.1-or-later */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { useRooms } from '../../state/rooms'
import { useSession } from '../../state/session'
import type { NewRoom, Visibility } from '../../state/types'
import { useAttempt } from '../account/AuthFrame'
import { Dialog } from '../parts/Dialog'
import { TextField } from '../parts/Field'
import { Icon } from '../parts/Icon'
import { Segments, SwitchRow } from '../parts/Switch'
import { fieldProblem, problemText } from '../problem'
import { DirectConnections } from '../room/DirectConnections'

const visibilities: Visibility[] = ['private', 'unlisted', 'public']

export function StartRoomDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const create = useRooms((state) => state.create)
  const server = useSession((state) => state.server)
  const [room, setRoom] = useState<NewRoom>({
    title: '',
    visibility: 'unlisted',
    capacity: server?.capacity ?? 15,
    waitingRoom: false,
    guests: true,
  })
  const change = (patch: Partial<NewRoom>) => setRoom({ ...room, ...patch })
  const { busy, problem, submit } = useAttempt(
    async () => {
      const outcome = await create({ ...room, title: room.title.trim() })
      if (outcome.ok) void navigate(`/r/${outcome.value.slug}`)
      return outcome
    },
    onClose,
  )

  return (
    <Dialog
      title={t('start-room')}
      text={t('start-room-text')}
      onClose={onClose}
      onSubmit={submit}
      foot={
        <>
          <span className="grow" />
          <button type="button" className="btn quiet" onClick={onClose}>
            {t('cancel')}
          </button>
          <button type="submit" className={`btn primary ${busy ? 'busy' : ''}`} disabled={!room.title.trim()}>
            {t('open-room')}
          </button>
        </>
      }
    >
      <div className="col g4">
        <TextField
          label={t('room-title')}
          placeholder={t('room-title-example')}
          maxLength={120}
          autoFocus
          value={room.title}
          error={fieldProblem(t, problem, 'title')}
          onChange={(title) => change({ title })}
        />
        <div className="field">
          <span className="lbl">{t('who-can-find')}</span>
          <Segments
            wide
            label={t('who-can-find')}
            value={room.visibility}
            options={visibilities.map((value) => ({ value, label: t(`visibility.${value}`) }))}
            onChange={(visibility) => change({ visibility })}
          />
          <span className="hint">{t(`visibility-hint.${room.visibility}`)}</span>
        </div>
        <TextField
          label={t('seats')}
          type="number"
          min={2}
          max={server?.capacityMax ?? 500}
          value={String(room.capacity || '')}
          error={fieldProblem(t, problem, 'capacity')}
          onChange={(seats) => change({ capacity: Number(seats) })}
        />
        <SwitchRow
          label={t('waiting-room')}
          hint={t('waiting-room-hint')}
          on={room.waitingRoom}
          onChange={(waitingRoom) => change({ waitingRoom })}
        />
        <SwitchRow
          label={t('allow-guests')}
          hint={t('allow-guests-hint')}
          on={room.guests}
          onChange={(guests) => change({ guests })}
        />
        <DirectConnections people={room.p2pMax ?? 0} onChange={(p2pMax) => change({ p2pMax })} />
        {problem && !['title', 'capacity'].includes(problem.field ?? '') && (
          <div className="note bad" role="alert">
            <Icon name="alert" size="sm" />
            <span>{problemText(t, problem)}</span>
          </div>
        )}
      </div>
    </Dialog>
  )
}
