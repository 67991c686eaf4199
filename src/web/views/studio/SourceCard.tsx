/* SPDX-License-Identifier: LGPL-2.1-or-later */
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useRoom } from '../../state/room'
import type { SeenSource } from '../../state/scene'
import { useSettings } from '../../state/settings'
import { Avatar } from '../parts/Avatar'
import { Icon } from '../parts/Icon'
import { Menu } from '../parts/Menu'
import { Video } from '../parts/Video'
import { screenName } from '../room/stage/Tile'
import { writeSource } from './dragging'
import { Level } from './Level'
import { useSourceEntries } from './sourceEntries'
import { hasMoved, putOnStage, show, takeOffStage } from './staging'

interface SourceCardProps {
  source: SeenSource
  /** Among what is on stage; null in the green room. */
  place: number | null
  all: readonly SeenSource[]
}

/** A preview with its level, and what one does with it most. */
export function SourceCard({ source, place, all }: SourceCardProps) {
  const { t } = useTranslation()
  const person = useRoom((state) => state.participants.find(({ id }) => id === source.participantId))
  const mirror = useSettings((state) => state.mirror)
  const [dragged, setDragged] = useState(false)
  const entries = useSourceEntries(source, all)
  const button = useRef<HTMLButtonElement>(null)

  useEffect(() => {
    if (hasMoved(source.participantId) && document.activeElement === document.body) button.current?.focus()
  }, [source.participantId])

  if (!person) return null

  const onStage = place !== null
  const screen = source.kind === 'screen'
  const stream = screen ? person.screenStream : person.video ? person.cameraStream : null
  const name = screen ? screenName(t, person) : person.name
  const short = { ...person, name: person.name.split(' ')[0]! }
  const hidden = onStage && !source.seen
  const tile = ['tile', !stream && 'off', person.speaking && !screen && 'talk'].filter(Boolean).join(' ')
  const action = !onStage ? 'put-on' : hidden ? 'show' : 'take-off'
  const act = { 'put-on': () => void putOnStage(person.id), show: () => show(source), 'take-off': () => takeOffStage(source) }

  return (
    <article
      className={['bs', onStage && 'on', dragged && 'dragged', hidden && 'unseen'].filter(Boolean).join(' ')}
      aria-label={name}
      data-source={`${source.kind} ${person.id}`}
      data-place={place ?? undefined}
      draggable
      onDragStart={(event) => {
        writeSource(event, source)
        setDragged(true)
      }}
      onDragEnd={() => setDragged(false)}
    >
      <span className={tile}>
        {stream ? (
          <Video stream={stream} mirror={mirror && person.me && !screen} whole={screen} />
        ) : (
          <Avatar name={person.name} size={40} />
        )}
        <span className="tr">
          <Menu label={t('more-for', { name })} className="mini-ctl" button={<Icon name="more" size="sm" />} entries={entries} />
        </span>
        <span className="name">
          {screen && <Icon name="screen" size="xs" />}
          {!screen && !person.audio && (
            <span className="mut" title={t('muted')}>
              <Icon name="mic-off" size="xs" />
            </span>
          )}
          <span className="cut">{screen ? screenName(t, short) : short.name}</span>
        </span>
      </span>
      <span className="row g1">
        {screen ? <span className="grow" /> : <Level participantId={person.id} name={person.name} />}
        <button
          ref={button}
          type="button"
          className={action === 'take-off' ? 'btn sm quiet stage-b' : 'btn sm stage-b'}
          aria-label={t(`studio.${action}-name`, { name })}
          onClick={act[action]}
        >
          <Icon name={action === 'take-off' ? 'minus' : 'plus'} size="xs" />
          {t(`studio.${action}`)}
        </button>
      </span>
    </article>
  )
}
