/* SPDX-License-Identifier: LGPL-2.1-or-later */
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useRoom } from '../../../state/room'
import type { RoomStats } from '../../../state/types'
import { Icon } from '../../parts/Icon'
import { Segments } from '../../parts/Switch'
import { PanelFrame } from '../PanelFrame'
import { Figure } from './Figure'
import { megabits } from './format'
import { ServerTable } from './ServerTable'
import { TrackTable } from './TrackTable'

type Side = 'all' | 'me'

export function StatsPanel() {
  const { t } = useTranslation()
  const stats = useRoom((state) => state.stats)
  const lookAtStats = useRoom((state) => state.lookAtStats)
  const [side, setSide] = useState<Side>('all')

  useEffect(() => {
    lookAtStats(true)
    return () => lookAtStats(false)
  }, [lookAtStats])

  return (
    <PanelFrame title={t('statistics')} action={stats && <CopyStats stats={stats} />}>
      <div className="stats" tabIndex={0} role="group" aria-label={t('statistics')}>
        <LimitNote />
        <Segments
          small
          wide
          label={t('statistics-of')}
          value={side}
          options={[
            { value: 'all', label: t('everyone') },
            { value: 'me', label: t('me') },
          ]}
          onChange={setSide}
        />
        <Figures stats={stats} />
        <TrackTable tracks={(stats?.tracks ?? []).filter((track) => side === 'all' || track.direction === 'up')} />
        <ServerTable mine={side === 'me'} />
        <p className="hint num">
          {t('connections', { count: stats?.connections ?? 0 })}
          {stats?.path && ` · ${t(`path.${stats.path}`)}`}
        </p>
      </div>
    </PanelFrame>
  )
}

function Figures({ stats }: { stats: RoomStats | null }) {
  const { t } = useTranslation()
  const history = stats?.history ?? []
  const last = history.at(-1)
  return (
    <>
      <Figure
        tall
        label={t('received')}
        value={stats && megabits(stats.downKbit)}
        unit={t('unit.mbit')}
        points={history.map((sample) => sample.downKbit)}
      />
      <Figure
        tall
        label={t('sent')}
        value={stats && megabits(stats.upKbit)}
        unit={t('unit.mbit')}
        points={history.map((sample) => sample.upKbit)}
      />
      <div className="sp two-s">
        <Figure
          label={t('frames')}
          value={last ? String(Math.round(last.fps)) : null}
          unit={t('unit.fps')}
          points={history.map((sample) => sample.fps)}
        />
        <Figure
          tone="b"
          label={t('round-trip')}
          value={stats?.rttMs == null ? null : String(Math.round(stats.rttMs))}
          unit={t('unit.ms')}
          points={history.map((sample) => sample.rttMs)}
        />
      </div>
      <Figure
        tone="w"
        label={t('loss')}
        value={stats?.lossPercent == null ? null : stats.lossPercent.toFixed(1)}
        unit="%"
        points={history.map((sample) => sample.lossPercent)}
        least={2}
      />
    </>
  )
}

/** Names what limits the picture right now. */
function LimitNote() {
  const { t } = useTranslation()
  const limited = useRoom((state) =>
    state.participants.find(({ screenQuality }) => screenQuality?.limit && screenQuality.limit !== 'small'),
  )
  const suffering = useRoom((state) => state.serverTracks.find(({ limit }) => limit !== null))
  const limit = limited?.screenQuality?.limit ?? suffering?.limit
  if (!limit) return null
  const name = limited?.name ?? suffering?.participantName ?? ''
  return (
    <div className="note warn">
      <Icon name="bolt" size="sm" />
      <span>
        <b>{t(`limit.${limit}`)}.</b> {t(`limit-text.${limit}`, { name })}
      </span>
    </div>
  )
}

function CopyStats({ stats }: { stats: RoomStats }) {
  const { t } = useTranslation()
  const [copied, setCopied] = useState(false)
  const copy = async () => {
    await navigator.clipboard.writeText(JSON.stringify(stats, null, 2))
    setCopied(true)
  }
  return (
    <button type="button" className="btn quiet sm" onClick={() => void copy()}>
      <Icon name={copied ? 'check' : 'copy'} size="sm" />
      {t('copy')}
    </button>
  )
}
