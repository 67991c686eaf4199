/* SPDX-License-Identifier: LGPL-2.1-or-later */
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import { useRoom } from '../../../state/room'
import { useSettings } from '../../../state/settings'
import type { ParticipantView } from '../../../state/types'
import { Avatar } from '../../parts/Avatar'
import { Icon } from '../../parts/Icon'
import { Menu } from '../../parts/Menu'
import { Video } from '../../parts/Video'
import { usePersonEntries } from '../people/personEntries'
import { useRoomUi } from '../ui'
import type { StageItem } from './items'

interface TileProps {
  item: StageItem
  large?: boolean
}

/** One box for a person, or for a screen that is not the large one. */
export function Tile({ item, large }: TileProps) {
  const { t } = useTranslation()
  const mirror = useSettings((state) => state.mirror)
  const { participant: person, kind, key } = item
  const stream = kind === 'screen' ? person.screenStream : person.video ? person.cameraStream : null
  const gone = person.connection === 'reconnecting'
  const name =
    kind === 'screen' ? screenName(t, person) : person.me ? t('name-you', { name: person.name }) : person.name
  const talks = kind === 'person' && person.speaking
  const classes = ['tile', (!stream || gone) && 'off', talks && 'talk', large && 'large'].filter(Boolean).join(' ')

  return (
    <article className={classes} data-tile={key} data-participant={person.id} data-kind={kind} aria-label={name}>
      {gone ? (
        <span className="col items-center">
          <span className="wrn row">
            <Icon name="refresh" />
          </span>
          <span className="t-sm t2">{t('is-reconnecting', { name: person.name })}</span>
        </span>
      ) : stream ? (
        <Video
          stream={stream}
          mirror={mirror && person.me && kind === 'person'}
          whole={kind === 'screen'}
          volume={kind === 'screen' && !person.me ? person.volume : undefined}
        />
      ) : (
        <Avatar name={person.name} size={80} />
      )}
      {kind === 'person' && <Badges person={person} />}
      <Controls item={item} name={name} />
      <span className="name">
        {kind === 'person' && talks && <Talking />}
        {kind === 'person' && !talks && !person.audio && (
          <span className="mut" title={t('muted')}>
            <Icon name="mic-off" size="xs" />
          </span>
        )}
        {kind === 'screen' && <Icon name="screen" size="xs" />}
        <span className="cut">{name}</span>
        {kind === 'person' && person.role === 'host' && (
          <span className="row" title={t('role.host')}>
            <Icon name="crown" size="xs" />
          </span>
        )}
      </span>
    </article>
  )
}

export function screenName(t: TFunction, person: ParticipantView): string {
  return person.me ? t('your-screen') : t('screen-of', { name: person.name })
}

function Talking() {
  return (
    <span className="tk" aria-hidden="true">
      <i />
      <i />
      <i />
    </span>
  )
}

function Badges({ person }: { person: ParticipantView }) {
  const { t } = useTranslation()
  return (
    <span className="tl">
      {person.stage === 'backstage' && <span className="badge over">{t('backstage')}</span>}
      {person.hand && (
        <span className="badge warn solid num" title={t('hand-raised')}>
          <Icon name="hand" size="xs" />
          {person.handOrder || null}
        </span>
      )}
      {person.connection === 'connecting' && <span className="badge over">{t('connecting')}</span>}
      {person.connection === 'weak' && (
        <span className="badge over wk">
          <Icon name="wifi-weak" size="xs" />
          {t('weak-connection')}
        </span>
      )}
    </span>
  )
}

function Controls({ item, name }: { item: StageItem; name: string }) {
  const { t } = useTranslation()
  const pinned = useRoomUi((state) => state.pinned === item.key)
  const pin = useRoomUi((state) => state.pin)
  const setVolume = useRoom((state) => state.setVolume)
  const entries = usePersonEntries(item.participant, item.key)
  const { id, me, volume } = item.participant

  return (
    <span className="tr">
      <button
        type="button"
        className="mini-ctl"
        aria-pressed={pinned}
        aria-label={t(pinned ? 'unpin-name' : 'pin-name', { name })}
        onClick={() => pin(item.key)}
      >
        <Icon name="pin" size="sm" />
      </button>
      {!me && (
        <button
          type="button"
          className="mini-ctl"
          aria-pressed={volume === 0}
          aria-label={t(volume === 0 ? 'hear-name' : 'silence-name', { name })}
          onClick={() => setVolume(id, volume === 0 ? 1 : 0)}
        >
          <Icon name={volume === 0 ? 'volume-off' : 'volume'} size="sm" />
        </button>
      )}
      <Menu
        label={t('more-for', { name })}
        className="mini-ctl"
        button={<Icon name="more" size="sm" />}
        entries={entries}
      />
    </span>
  )
}
