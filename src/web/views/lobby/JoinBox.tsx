/* SPDX-License-Identifier: LGPL-2.1-or-later */
import { useTranslation } from 'react-i18next'
import { Link, useLocation } from 'react-router'
import { useLobby } from '../../state/lobby'
import { useRoom } from '../../state/room'
import { useSession } from '../../state/session'
import { useSettings } from '../../state/settings'
import { AvatarStack } from '../parts/Avatar'
import { TextField } from '../parts/Field'
import { Icon } from '../parts/Icon'
import { SwitchRow } from '../parts/Switch'

interface JoinBoxProps {
  slug: string
  invite: string | null
}

export function JoinBox({ slug, invite }: JoinBoxProps) {
  const { t } = useTranslation()
  const location = useLocation()
  const user = useSession((state) => state.user)
  const { room, status } = useLobby()
  const { guestName, mirror, change } = useSettings()
  const connecting = useRoom((state) => state.phase === 'connecting')
  const join = useRoom((state) => state.join)
  const account = user && !user.guest ? user : null
  const name = account ? account.name : guestName
  const ready = status === 'ready' && name.trim() !== '' && !connecting
  const enter = (watchOnly: boolean) => void join({ slug, invite, name: name.trim(), watchOnly })

  return (
    <form
      className="joinbox"
      onSubmit={(event) => {
        event.preventDefault()
        if (ready) enter(false)
      }}
    >
      {room ? (
        <div className="col g1">
          <h1>{room.title}</h1>
          <p className="t2">{t(`lobby-who.${room.visibility}`, { name: room.ownerName })}</p>
        </div>
      ) : (
        <div className="col" role="status">
          <h1 className="sr">{t('loading')}</h1>
          <span className="skel h-9 w-3/5" />
          <span className="skel h-5 w-4/5" />
        </div>
      )}
      <Inside />
      {account ? (
        <div className="row t-sm">
          <span className="t2 grow cut">{t('joining-as', { name: account.name })}</span>
        </div>
      ) : (
        <TextField
          label={t('your-name')}
          hint={t('your-name-hint')}
          maxLength={40}
          autoComplete="nickname"
          value={guestName}
          onChange={(value) => change({ guestName: value })}
        />
      )}
      <SwitchRow label={t('mirror')} on={mirror} onChange={(on) => change({ mirror: on })} />
      <div className="col">
        <button className={`btn primary lg wide ${connecting ? 'busy' : ''}`} disabled={!ready}>
          {t('join-room')}
        </button>
        <button type="button" className="btn quiet wide" disabled={!ready} onClick={() => enter(true)}>
          {t('watch-only')}
        </button>
      </div>
      {room && (room.onAir || room.recorded) && (
        <div className="note bad" role="status">
          <Icon name={room.onAir ? 'live' : 'record'} size="sm" />
          <span>
            <b>{t(room.onAir ? 'on-air.badge' : 'on-air.recorded-badge')}</b>{' '}
            {t(room.onAir ? (room.recorded ? 'on-air.lobby-both' : 'on-air.lobby') : 'on-air.lobby-recorded')}
          </span>
        </div>
      )}
      {room?.waitingRoom && !room.mine && (
        <div className="note">
          <Icon name="door" size="sm" />
          <span>{t('waiting-note')}</span>
        </div>
      )}
      {!account && (
        <p className="t-sm t2">
          {t('have-account')}{' '}
          <Link className="acc b tap" to={`/signin?next=${encodeURIComponent(location.pathname + location.search)}`}>
            {t('sign-in')}
          </Link>
        </p>
      )}
    </form>
  )
}

const firstName = (name: string) => name.split(' ')[0]!

/** Who is inside now; the place is kept while nobody is known to be. */
function Inside() {
  const { t } = useTranslation()
  const room = useLobby((state) => state.room)
  if (!room) return <span className="skel h-9 w-3/5" />
  if (room.inside === 0) return <p className="inside t2">{t('nobody-inside')}</p>

  const named = room.insideNames.slice(0, 2).map(firstName)
  const others = room.inside - named.length
  return (
    <div className="row g3 inside">
      <AvatarStack names={room.insideNames.slice(0, 5)} onSheet />
      <span className="col gap-0">
        <span className="t-sm t3">{t('inside-now')}</span>
        <span className="m">
          {others > 0 ? t('inside-more', { names: named.join(', '), count: others }) : named.join(', ')}
        </span>
      </span>
    </div>
  )
}
