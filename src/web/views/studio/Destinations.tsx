/* SPDX-License-Identifier: LGPL-2.1-or-later */
import { type CSSProperties, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { isRunning } from '../../state/room-model'
import { useStudio } from '../../state/studio'
import type { Destination, Platform } from '../../state/types'
import { useNow } from '../parts/Clock'
import { Icon } from '../parts/Icon'
import { tell } from '../problem'
import { destinationWords } from './destinationWords'
import { useStudioUi } from './ui'

export const platformNames: Record<Exclude<Platform, 'custom'>, string> = {
  youtube: 'YouTube',
  facebook: 'Facebook',
  twitch: 'Twitch',
}
const hues: Record<Platform, number> = { youtube: 4, facebook: 215, twitch: 265, custom: 156 }

export function Destinations() {
  const { t } = useTranslation()
  const destinations = useStudio((state) => state.destinations)
  const show = useStudio((state) => state.show)
  const open = useStudioUi((state) => state.open)
  const running = show !== null && isRunning(show)
  const wanted = destinations.filter(({ enabled }) => enabled)
  const live = wanted.filter(({ status }) => status.state === 'live')

  return (
    <section className="card" aria-label={t('destination.title')}>
      <div className="head">
        <h2>{t('destination.title')}</h2>
        {running && wanted.length > 0 && (
          <span className={live.length === wanted.length ? 'badge ok num' : 'badge warn num'}>
            {t('destination.live-of', { live: live.length, count: wanted.length })}
          </span>
        )}
        <span className="grow" />
        <button
          type="button"
          className="btn quiet icon sm"
          aria-label={t('destination.add')}
          title={t('destination.add')}
          disabled={show === null}
          onClick={() => open({ kind: 'destination', id: null })}
        >
          <Icon name="plus" size="sm" />
        </button>
      </div>
      {destinations.length === 0 ? (
        <p className="t-sm t3 nodest">{t('destination.none')}</p>
      ) : (
        <ul className="dests">
          {destinations.map((destination) => (
            <DestinationRow key={destination.id} destination={destination} running={running} />
          ))}
        </ul>
      )}
    </section>
  )
}

function DestinationRow({ destination, running }: { destination: Destination; running: boolean }) {
  const { t, i18n } = useTranslation()
  const { id, name, platform, enabled, status } = destination
  const open = useStudioUi((state) => state.open)
  const { changeDestination, retryDestination } = useStudio.getState()
  const words = destinationWords(destination, running)
  const number = new Intl.NumberFormat(i18n.language, { maximumFractionDigits: 1 })

  const figures: string[] = []
  if (words.state === 'live') {
    figures.push(`${number.format(status.bitsPerSecond / 1e6)} ${t('unit.mbit')}`)
    figures.push(t('destination.dropped', { count: status.dropped }))
    if (status.roundTripMs !== null) figures.push(`${Math.round(status.roundTripMs)} ${t('unit.ms')}`)
  }
  const reason = words.reason && t(`destination.reason.${words.reason}`)

  return (
    <li className="dest" data-destination={id} data-state={status.state}>
      <span className="dico" style={{ '--h': hues[platform] } as CSSProperties} aria-hidden="true">
        {name.slice(0, 1).toUpperCase()}
      </span>
      <button type="button" className="grow about" title={t('destination.edit')} onClick={() => open({ kind: 'destination', id })}>
        <b className="cut block">{name}</b>
        <span className={words.reason === null ? 't-sm cut num block' : 't-sm num block'} title={status.message ?? undefined}>
          <span className={words.tone}>
            {t(`destination.state.${words.state}`)}
            {reason && words.tone === 'bad' && `: ${reason}`}
          </span>
          {(figures.length > 0 || (reason && words.tone === 'wrn')) && (
            <span className="t3"> · {[words.tone === 'wrn' ? reason : null, ...figures].filter(Boolean).join(' · ')}</span>
          )}
          {words.state === 'reconnecting' && <NextAttempt status={status} />}
        </span>
      </button>
      {words.action === 'switch' ? (
        <button
          type="button"
          className="switch"
          role="switch"
          aria-checked={enabled}
          aria-label={name}
          onClick={() => void tell(changeDestination(id, { enabled: !enabled }))}
        />
      ) : (
        <button
          type="button"
          className={words.tone === 'bad' ? 'btn sm danger' : 'btn sm'}
          onClick={() => {
            if (words.action === 'fix-key') open({ kind: 'destination', id, field: 'streamKey' })
            else if (words.action === 'fix-address') open({ kind: 'destination', id, field: 'rtmpUrl' })
            else void tell(retryDestination(id))
          }}
        >
          {t(`destination.${words.action}`)}
          <span className="sr">: {name}</span>
        </button>
      )}
    </li>
  )
}

/** Counts down from what was said when the last attempt failed. */
function NextAttempt({ status }: { status: Destination['status'] }) {
  const { t } = useTranslation()
  const since = useMemo(() => Date.now(), [status])
  const left = Math.max(0, status.retryInMs - Math.max(0, useNow() - since))
  return (
    <span className="t3">
      {' · '}
      {t('destination.attempt', { attempt: status.attempt, seconds: Math.ceil(left / 1000) })}
    </span>
  )
}
