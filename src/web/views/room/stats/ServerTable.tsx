/* SPDX-License-Identifier: LGPL-2.1-or-later */
import { useTranslation } from 'react-i18next'
import { useRoom } from '../../../state/room'
import type { ServerTrack } from '../../../state/types'

/** What the server counted, packet by packet; nothing where no server carries the room. */
export function ServerTable({ mine }: { mine: boolean }) {
  const { t } = useTranslation()
  const all = useRoom((state) => state.serverTracks)
  const tracks = all.filter(({ direction }) => !mine || direction === 'up')
  if (tracks.length === 0) return null
  return (
    <table className="st" aria-label={t('at-the-server')}>
      <caption className="lbl t3 at-server">{t('at-the-server')}</caption>
      <thead>
        <tr>
          <th>{t('track')}</th>
          <th>{t('packets')}</th>
          <th>{t('loss')}</th>
          <th>
            <abbr title={t('repaired-hint')}>{t('repaired')}</abbr>
          </th>
        </tr>
      </thead>
      <tbody>
        {tracks.map((track) => (
          <ServerRow key={track.id} track={track} />
        ))}
      </tbody>
    </table>
  )
}

function ServerRow({ track }: { track: ServerTrack }) {
  const { t } = useTranslation()
  const { direction, participantName, kind, packets, lossPercent, nacks, repaired, keyframes, jitterMs, limit } = track
  return (
    <tr>
      <td>
        <span className="cut block" title={participantName}>
          {direction === 'up' ? '↑' : '↓'} {participantName}
        </span>
        <span className="t3 cut block">{t(`track-kind.${kind}`)}</span>
      </td>
      <td className="num nowrap">
        {packets}
        <span className="t3 block">{t('jitter-ms', { ms: jitterMs.toFixed(1) })}</span>
      </td>
      <td className="num nowrap">
        <span className={limit ? 'wrn' : undefined}>{lossPercent === null ? '–' : `${lossPercent.toFixed(1)} %`}</span>
        {(kind === 'camera' || kind === 'screen') && (
          <span className="t3 block">{t('keyframes-asked', { n: keyframes })}</span>
        )}
      </td>
      <td className="num nowrap">
        {repaired} / {nacks}
      </td>
    </tr>
  )
}
