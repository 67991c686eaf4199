/* SPDX-License-Identifier: LGPL-2.1-or-later */
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useRecordings } from '../../state/recordings'
import { useSession } from '../../state/session'
import type { Recording } from '../../state/types'
import { Confirm, Dialog } from '../parts/Dialog'
import { clockText } from '../parts/Clock'
import { Empty } from '../parts/Empty'
import { Icon } from '../parts/Icon'
import { Menu } from '../parts/Menu'
import { RoomListSkeleton } from '../home/RoomList'
import { problemText, tell } from '../problem'
import { Shell } from '../shell/Shell'
import { bytesText, whenText } from './format'

/** What was recorded: played here, taken home, or deleted. */
export default function RecordingsPage() {
  const { t } = useTranslation()
  const status = useSession((state) => state.status)
  const { recordings, problem, hasMore, load, loadMore, remove } = useRecordings()
  const [playing, setPlaying] = useState<Recording | null>(null)
  const [removing, setRemoving] = useState<Recording | null>(null)

  useEffect(() => {
    if (status !== 'unknown') void load()
  }, [status, load])

  return (
    <Shell title={t('recordings.title')}>
      <h1>{t('recordings.title')}</h1>
      {problem ? (
        <Empty icon="server" title={t('recordings.failed')} text={problemText(t, problem)} heading="h2">
          <button type="button" className="btn" onClick={() => void load()}>
            {t('try-again')}
          </button>
        </Empty>
      ) : recordings === null ? (
        <RoomListSkeleton />
      ) : recordings.length === 0 ? (
        <Empty icon="film" title={t('recordings.none.title')} text={t('recordings.none.text')} heading="h2" />
      ) : (
        <ul className="card list">
          {recordings.map((recording) => (
            <RecordingRow
              key={recording.id}
              recording={recording}
              onPlay={() => setPlaying(recording)}
              onRemove={() => setRemoving(recording)}
            />
          ))}
        </ul>
      )}
      {hasMore && (
        <button type="button" className="btn mt-3" onClick={() => void loadMore()}>
          {t('recordings.more')}
        </button>
      )}
      {playing && <Player recording={playing} onClose={() => setPlaying(null)} />}
      {removing && (
        <Confirm
          title={t('recordings.remove-title', { title: removing.title })}
          text={t('recordings.remove-text')}
          action={t('remove')}
          onConfirm={() => void tell(remove(removing.id))}
          onClose={() => setRemoving(null)}
        />
      )}
    </Shell>
  )
}

interface RowProps {
  recording: Recording
  onPlay: () => void
  onRemove: () => void
}

function RecordingRow({ recording, onPlay, onRemove }: RowProps) {
  const { t, i18n } = useTranslation()
  const fresh = useRecordings((state) => state.fresh)
  const { id, title, part, state, seconds, bytes, startedAt, thumbnail, files, message } = recording
  const name = part > 1 ? t('recordings.part', { title, part }) : title
  const ready = state === 'ready'

  /* Links last five minutes, and the page longer. */
  const download = async (file: string) => {
    const outcome = await fresh(id)
    const found = outcome.ok ? outcome.value.files.find((other) => other.name === file) : undefined
    if (found) location.assign(`${found.url}${found.url.includes('?') ? '&' : '?'}attachment=true`)
    else await tell(Promise.resolve(outcome))
  }
  return (
    <li data-recording={id}>
      {thumbnail ? (
        <img className="thumb" src={thumbnail} alt="" loading="lazy" />
      ) : (
        <span className="kind">
          <Icon name="film" />
        </span>
      )}
      <span className="grow">
        <b className="cut block">{name}</b>
        <span className="t-sm t3 block num wraps">
          {whenText(startedAt, i18n.language)} · {clockText(seconds)} · {bytesText(bytes, i18n.language)}
        </span>
        {message && <span className="t-sm wrn block">{message}</span>}
      </span>
      {!ready && (
        <span className={state === 'failed' ? 'badge bad' : state === 'recording' ? 'badge live' : 'badge'}>
          {t(`recordings.state.${state}`)}
        </span>
      )}
      {ready && (
        <button type="button" className="btn sm" aria-label={t('recordings.play-name', { name })} onClick={onPlay}>
          <Icon name="play" size="sm" />
          <span className="hide-s">{t('recordings.play')}</span>
        </button>
      )}
      <Menu
        label={t('more-for', { name })}
        button={<Icon name="more" size="sm" />}
        entries={() => [
          ...(ready
            ? files.map((file) => ({
                kind: 'item' as const,
                icon: 'download' as const,
                label: t('recordings.download', { file: file.name, size: bytesText(file.bytes, i18n.language) }),
                act: () => void download(file.name),
              }))
            : []),
          ...(state === 'recording' || state === 'finishing'
            ? []
            : [{ kind: 'item' as const, icon: 'trash' as const, label: t('remove'), bad: true, act: onRemove }]),
        ]}
      />
    </li>
  )
}

function Player({ recording, onClose }: { recording: Recording; onClose: () => void }) {
  const { t } = useTranslation()
  const fresh = useRecordings((state) => state.fresh)
  const [address, setAddress] = useState<string | null>(null)

  useEffect(() => {
    let gone = false
    void fresh(recording.id).then((outcome) => {
      if (gone) return
      const file = outcome.ok ? outcome.value.files.find(({ type }) => type.startsWith('video/')) : undefined
      if (file) setAddress(file.url)
      else void tell(Promise.resolve(outcome))
    })
    return () => {
      gone = true
    }
  }, [fresh, recording.id])

  return (
    <Dialog title={recording.title} width={960} onClose={onClose}>
      <div className="player">
        {address ? <video src={address} controls autoPlay aria-label={recording.title} /> : <span className="skel" aria-label={t('loading')} />}
      </div>
    </Dialog>
  )
}
