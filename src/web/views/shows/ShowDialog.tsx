/* SPDX-License-Identifier: LGPL-2.1-or-later */
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { NewShow, Outcome, Quality, RoomSummary, Show } from '../../state/types'
import { useAttempt } from '../account/AuthFrame'
import { Dialog } from '../parts/Dialog'
import { SelectField, TextField } from '../parts/Field'
import { Icon } from '../parts/Icon'
import { fieldProblem, problemText } from '../problem'
import { fieldTime } from './format'

const qualities: Quality[] = ['720p30', '720p60', '1080p30', '1080p60']
const fields = ['title', 'description', 'startTime', 'roomId']

interface ShowDialogProps {
  /** Left out: a new one. */
  show?: Show
  /** For a new one, where it may take place. */
  rooms?: RoomSummary[]
  /** Whether its time is asked for, too. */
  timed?: boolean
  onSave: (show: NewShow) => Promise<Outcome<unknown>>
  onClose: () => void
}

/** Plans a show, or changes what is known of one. */
export function ShowDialog({ show, rooms = [], timed, onSave, onClose }: ShowDialogProps) {
  const { t } = useTranslation()
  const [title, setTitle] = useState(show?.title ?? '')
  const [description, setDescription] = useState(show?.description ?? '')
  const [roomId, setRoom] = useState(show?.room.id ?? rooms[0]?.id ?? '')
  const [time, setTime] = useState(fieldTime(show?.startTime ?? null))
  const [quality, setQuality] = useState<Quality>(show?.quality ?? '720p30')
  const before = show === undefined || show.status === 'scheduled'
  const save = () =>
    onSave({
      title: title.trim(),
      description: description.trim(),
      roomId,
      startTime: time === '' ? null : new Date(time).toISOString(),
      quality,
    })
  const { busy, problem, submit } = useAttempt(save as () => Promise<Outcome>, onClose)

  return (
    <Dialog
      title={t(show ? 'shows.edit' : 'shows.plan')}
      text={show ? undefined : t('shows.plan-text')}
      onClose={onClose}
      onSubmit={() => title.trim() && void submit()}
      foot={
        <>
          <span className="grow" />
          <button type="button" className="btn quiet" onClick={onClose}>
            {t('cancel')}
          </button>
          <button
            type="submit"
            className={`btn primary ${busy ? 'busy' : ''}`}
            disabled={!title.trim() || !roomId || (timed && time === '')}
          >
            {t(show ? 'save' : 'shows.plan-it')}
          </button>
        </>
      }
    >
      <div className="col g4">
        <TextField
          label={t('room-title')}
          maxLength={120}
          autoFocus
          value={title}
          error={fieldProblem(t, problem, 'title')}
          onChange={setTitle}
        />
        <Description value={description} error={fieldProblem(t, problem, 'description')} onChange={setDescription} />
        {!show && (
          <SelectField
            label={t('shows.room')}
            value={roomId}
            options={rooms.map((room) => ({ value: room.id, label: room.title }))}
            onChange={setRoom}
          />
        )}
        {timed && before && (
          <TextField
            label={t('shows.starts')}
            type="datetime-local"
            value={time}
            error={fieldProblem(t, problem, 'startTime')}
            onChange={setTime}
          />
        )}
        {before && (
          <SelectField
            label={t('shows.quality')}
            value={quality}
            options={qualities.map((value) => ({ value, label: value }))}
            onChange={(value) => setQuality(value as Quality)}
          />
        )}
        {problem && !fields.includes(problem.field ?? '') && (
          <div className="note bad" role="alert">
            <Icon name="alert" size="sm" />
            <span>{problemText(t, problem)}</span>
          </div>
        )}
      </div>
    </Dialog>
  )
}

interface DescriptionProps {
  value: string
  error: string | null
  onChange: (value: string) => void
}

function Description({ value, error, onChange }: DescriptionProps) {
  const { t } = useTranslation()
  const id = useId()
  return (
    <div className="field">
      <label htmlFor={id}>{t('shows.description')}</label>
      <textarea
        id={id}
        className={error ? 'input err area' : 'input area'}
        rows={3}
        maxLength={5000}
        value={value}
        aria-invalid={error ? true : undefined}
        onChange={(event) => onChange(event.target.value)}
      />
      {error && (
        <span className="hint err" role="alert">
          {error}
        </span>
      )}
    </div>
  )
}
