/* SPDX-License-Identifier: LGPL-2.1-or-later */
import { useTranslation } from 'react-i18next'
import type { TrackStats } from '../../../state/types'
import { codecName, megabits } from './format'

export function TrackTable({ tracks }: { tracks: TrackStats[] }) {
  const { t } = useTranslation()
  if (tracks.length === 0) return null
  return (
    <table className="st">
      <thead>
        <tr>
          <th>{t('track')}</th>
          <th>{t('size')}</th>
          <th>{t('unit.mbit')}</th>
          <th>{t('loss')}</th>
        </tr>
      </thead>
      <tbody>
        {tracks.map((track) => (
          <TrackRow key={track.id} track={track} />
        ))}
      </tbody>
    </table>
  )
}

function TrackRow({ track }: { track: TrackStats }) {
  const { t } = useTranslation()
  const { width, height, fps, kbit, lossPercent, codec, direction, limit } = track
  const size = width && height ? `${width}×${height}` : '–'
  return (
    <tr>
      <td>
        <span className="cut block" title={track.participantName}>
          {direction === 'up' ? '↑' : '↓'} {track.participantName}
        </span>
        <span className="t3 cut block">
          {t(`track-kind.${track.kind}`)}
          {codec && ` · ${codecName(codec)}`}
        </span>
      </td>
      <td className="num nowrap">
        <span className={limit ? 'wrn' : undefined}>{size}</span>
        {fps !== null && <span className="t3 block">{t('at-fps', { fps: Math.round(fps) })}</span>}
      </td>
      <td className="num">{megabits(kbit)}</td>
      <td className="num nowrap">{lossPercent === null ? '–' : `${lossPercent.toFixed(1)} %`}</td>
    </tr>
  )
}
