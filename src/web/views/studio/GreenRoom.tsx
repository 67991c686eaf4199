/* SPDX-License-Identifier: LGPL-2.1-or-later */
import type { DragEvent, ReactNode } from 'react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useRoom } from '../../state/room'
import { arrange, type SeenSource } from '../../state/scene'
import { useStudio } from '../../state/studio'
import { readSource, sourceType } from './dragging'
import { SourceCard } from './SourceCard'
import { placeAt, putOnStage, takeOffStage } from './staging'

/** Who is seen, and beside it who waits for it. People travel by drag, by button and by menu. */
export function GreenRoom() {
  const { t } = useTranslation()
  const people = useRoom((state) => state.participants)
  const order = useStudio((state) => state.scene?.order)
  const onStage = arrange(order ?? [], people)
  const waiting = people.filter(({ stage, role }) => stage === 'backstage' && role !== 'viewer')

  const toStage = (id: string, kind: SeenSource['kind'], place: number | null) => {
    const person = people.find((other) => other.id === id)
    if (person?.stage === 'backstage') void putOnStage(id, place)
    else if (place !== null) placeAt({ participantId: id, kind }, place)
  }

  return (
    <div className="green card">
      <Side
        label={t('studio.on-stage')}
        count={onStage.length}
        onDropped={(event) => {
          const source = readSource(event)
          const card = (event.target as Element).closest<HTMLElement>('[data-place]')
          if (source) toStage(source.participantId, source.kind, card ? Number(card.dataset.place) : null)
        }}
      >
        {onStage.map((source, place) => (
          <SourceCard key={`${source.kind}${source.participantId}`} source={source} place={place} all={onStage} />
        ))}
        {onStage.length === 0 && <p className="t-sm t3 bsnone">{t('studio.nobody-on-stage')}</p>}
      </Side>
      <Side
        green
        label={t('studio.green-room')}
        count={waiting.length}
        note={t('studio.not-on-air')}
        onDropped={(event) => {
          const source = readSource(event)
          if (source) takeOffStage(source)
        }}
      >
        {waiting.map(({ id }) => (
          <SourceCard key={id} source={{ participantId: id, kind: 'camera', seen: false }} place={null} all={onStage} />
        ))}
        {waiting.length === 0 && <p className="t-sm t3 bsnone">{t('studio.nobody-backstage')}</p>}
      </Side>
    </div>
  )
}

interface SideProps {
  label: string
  count: number
  note?: string
  green?: boolean
  onDropped: (event: DragEvent) => void
  children: ReactNode
}

function Side({ label, count, note, green, onDropped, children }: SideProps) {
  const [over, setOver] = useState(false)
  const drag = (event: DragEvent) => {
    if (!event.dataTransfer.types.includes(sourceType)) return
    event.preventDefault()
    event.dataTransfer.dropEffect = 'move'
    setOver(true)
  }
  return (
    <section
      className={[green && 'g', over && 'over'].filter(Boolean).join(' ') || undefined}
      aria-label={label}
      data-side={green ? 'green-room' : 'stage'}
      onDragEnter={drag}
      onDragOver={drag}
      onDragLeave={(event) => !event.currentTarget.contains(event.relatedTarget as Node | null) && setOver(false)}
      onDrop={(event) => {
        event.preventDefault()
        setOver(false)
        onDropped(event)
      }}
    >
      <span className="lbl row">
        <span className="nowrap">{label}</span> <span className="num t3">{count}</span>
        {note && <span className="t-xs t3 hide-m cut">{note}</span>}
      </span>
      <div className="row bsrow">{children}</div>
    </section>
  )
}
