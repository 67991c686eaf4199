/* SPDX-License-Identifier: LGPL-2.1-or-later */
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useRoom } from '../../../state/room'
import type { PictureFormat, PictureQuality } from '../../../state/types'
import { Icon } from '../../parts/Icon'
import { Video } from '../../parts/Video'
import { useRoomUi } from '../ui'
import type { StageItem } from './items'
import { screenName } from './Tile'

/** A shared screen, large, under its own bar: nothing ever covers it. */
export function ShareView({ item }: { item: StageItem }) {
  const { t } = useTranslation()
  const stopShare = useRoom((state) => state.stopShare)
  const frame = useRef<HTMLElement>(null)
  const [zoomed, setZoomed] = useState(false)
  const { participant: person, key } = item
  const name = screenName(t, person)

  const floatPicture = () => void frame.current?.querySelector('video')?.requestPictureInPicture().catch(() => {})
  const fillScreen = () => void frame.current?.requestFullscreen().catch(() => {})

  return (
    <article
      className="tile share"
      ref={frame}
      data-tile={key}
      data-participant={person.id}
      data-kind="screen"
      aria-label={name}
    >
      <div className="sharebar">
        <span className="acc row">
          <Icon name="screen" />
        </span>
        <b className="cut">{name}</b>
        {person.screenSound && <span className="t3 hide-s nowrap">{t('with-sound')}</span>}
        <span className="grow" />
        {person.me ? (
          <button type="button" className="btn sm" onClick={stopShare}>
            {t('stop-sharing')}
          </button>
        ) : (
          person.screenQuality && <QualityChip quality={person.screenQuality} />
        )}
        <button
          type="button"
          className="btn quiet icon sm hide-s"
          aria-label={t('zoom')}
          title={t('zoom')}
          aria-pressed={zoomed}
          onClick={() => setZoomed(!zoomed)}
        >
          <Icon name="search" size="sm" />
        </button>
        {document.pictureInPictureEnabled && (
          <button
            type="button"
            className="btn quiet icon sm hide-s"
            aria-label={t('picture-in-picture')}
            title={t('picture-in-picture')}
            onClick={floatPicture}
          >
            <Icon name="pip" size="sm" />
          </button>
        )}
        <button
          type="button"
          className="btn quiet icon sm"
          aria-label={t('full-screen')}
          title={t('full-screen')}
          onClick={fillScreen}
        >
          <Icon name="full" size="sm" />
        </button>
      </div>
      <div className={zoomed ? 'pic zoomed' : 'pic'} tabIndex={zoomed ? 0 : undefined}>
        {person.screenStream && (
          <Video stream={person.screenStream} whole volume={person.me ? undefined : person.volume} label={name} />
        )}
      </div>
    </article>
  )
}

/** "1440p60", "4K30". */
export function formatName({ height, fps }: PictureFormat): string {
  return `${height >= 2160 ? '4K' : `${height}p`}${Math.round(fps)}`
}

function QualityChip({ quality }: { quality: PictureQuality }) {
  const { t } = useTranslation()
  const showStats = useRoomUi((state) => state.togglePanel)
  const { sent, received, limit } = quality
  if (!received) return null

  return (
    <button
      type="button"
      className={limit ? 'qchip' : 'qchip ok'}
      title={t('show-stats')}
      onClick={() => showStats('stats')}
    >
      <span className="row g1 b num">
        {limit && sent && (
          <>
            {formatName(sent)} <span className="t3">→</span>
          </>
        )}
        {formatName(received)}
      </span>
      <span className="sepv" />
      {limit ? (
        <span className="row g1 lim">
          <Icon name="bolt" size="xs" />
          {t(`limit.${limit}`)}
        </span>
      ) : (
        <span className="acc">{t('limit.none')}</span>
      )}
    </button>
  )
}
