/* SPDX-License-Identifier: LGPL-2.1-or-later */
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { isRunning } from '../../state/room-model'
import { useRoom } from '../../state/room'
import { useStudio } from '../../state/studio'
import { Logo } from '../parts/Brand'
import { Clock } from '../parts/Clock'
import { Icon } from '../parts/Icon'
import { ThemeButton } from '../parts/Preferences'
import { useRoomUi } from '../room/ui'
import { bytesText } from '../shows/format'
import { GoLive } from './GoLive'
import { useStudioUi } from './ui'

export function StudioHeader() {
  const { t } = useTranslation()
  const slug = useRoom((state) => state.room?.slug)
  const show = useStudio((state) => state.show)
  const openRoom = useRoomUi((state) => state.open)
  const open = useStudioUi((state) => state.open)

  return (
    <header className="rtop">
      <Link className="btn quiet icon" to={`/r/${slug ?? ''}`} aria-label={t('studio.to-room')} title={t('studio.to-room')}>
        <Logo size={22} />
      </Link>
      <span className="col gap-0 show-title">
        <h1 className="row g1">
          <span className="cut">{show?.title}</span>
          <button
            type="button"
            className="btn quiet icon sm t3"
            aria-label={t('studio.edit-show')}
            title={t('studio.edit-show')}
            disabled={!show}
            onClick={() => open({ kind: 'show' })}
          >
            <Icon name="edit" size="xs" />
          </button>
        </h1>
        {show?.description && <span className="t-xs t3 cut">{show.description}</span>}
      </span>
      <Facts />
      <span className="grow" />
      <button
        type="button"
        className="btn hide-s invite"
        aria-label={t('studio.invite')}
        onClick={() => openRoom({ kind: 'invite' })}
      >
        <Icon name="link" size="sm" />
        <span className="hide-m">{t('studio.invite')}</span>
      </button>
      <ThemeButton className="hide-s" />
      <GoLive />
    </header>
  )
}

/** On air for how long, who watches, what is recorded, how it goes out. */
function Facts() {
  const { t, i18n } = useTranslation()
  const show = useStudio((state) => state.show)
  const recording = useStudio((state) => state.recordings.find(({ state }) => state === 'recording'))
  /* Who watches in the room or by WHEP has a seat like anybody; this says it at once. */
  const viewers = useRoom((state) => state.participants.filter(({ role }) => role === 'viewer').length)
  const dropped = useStudio((state) => state.destinations.reduce((sum, { status }) => sum + status.dropped, 0))
  if (!show || !isRunning(show)) return null

  return (
    <>
      <span className="onair num" role="timer">
        <i />
        {t(show.status === 'recovering' ? 'studio.recovering' : 'studio.on-air')}{' '}
        <b>
          <Clock since={show.startedAt === null ? null : Date.parse(show.startedAt)} />
        </b>
      </span>
      <span className="hl num hide-s" title={t('studio.watching-title')}>
        <Icon name="eye" size="sm" />
        <b>{viewers}</b> <span className="hide-m">{t('studio.watching', { count: viewers })}</span>
      </span>
      {recording && (
        <span className="hl num hide-s">
          <Icon name="record" size="sm" />
          <span className="bad">REC</span> <Clock since={Date.parse(recording.startedAt)} />
          <span className="hide-m">· {bytesText(recording.bytes, i18n.language)}</span>
        </span>
      )}
      <span className={dropped > 0 ? 'hl num hide-n' : 'hl num hide-n acc'}>
        <Icon name="wifi" size="sm" />
        {show.quality} · {t('studio.dropped', { count: dropped })}
      </span>
    </>
  )
}
