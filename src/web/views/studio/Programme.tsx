/* SPDX-License-Identifier: LGPL-2.1-or-later */
import { useTranslation } from 'react-i18next'
import { isRunning } from '../../state/room-model'
import { useRoom } from '../../state/room'
import { arrange } from '../../state/scene'
import { useStudio } from '../../state/studio'
import type { Scene } from '../../state/types'
import { Avatar } from '../parts/Avatar'
import { Empty } from '../parts/Empty'
import { Video } from '../parts/Video'
import { sceneBoxes } from './boxes'
import { inkOn } from './ink'
import { usePictureAddress } from './pictures'

/** While the show runs, the show as it comes back; before, a sketch of what it will look like. */
export function Programme() {
  const { t, i18n } = useTranslation()
  const show = useStudio((state) => state.show)
  const scene = useStudio((state) => state.scene)
  const behind = useStudio((state) => state.behind)
  const live = useStudio((state) => state.destinations.reduce((most, { status }) => Math.max(most, status.bitsPerSecond), 0))
  const programme = useRoom((state) => state.programme)
  const running = show !== null && isRunning(show)
  const number = new Intl.NumberFormat(i18n.language, { maximumFractionDigits: 1 })

  return (
    <>
      <div className="progh t-sm hide-s">
        <b>{t(running ? 'studio.programme' : 'studio.preview')}</b>
        <span className="t3 cut">
          {!running
            ? t('studio.sketch')
            : behind === null
              ? t('studio.what-viewers-see')
              : t('studio.behind', { seconds: number.format(behind) })}
        </span>
        <span className="grow" />
        {running && live > 0 && (
          <span className="t3 num nowrap">
            {number.format(live / 1e6)} {t('unit.mbit')} · {show.quality.split('p')[1]} {t('unit.fps')}
          </span>
        )}
      </div>
      <div className="progw">
        <div className={running ? 'prog on' : 'prog'} data-programme={running ? 'live' : 'sketch'}>
          {running && programme ? (
            <Video stream={programme} whole label={t('studio.programme')} />
          ) : running ? (
            <Empty icon="live" title={t(show.status === 'live' ? 'studio.connecting' : `studio.is-${show.status}`)} bare heading="h2" />
          ) : (
            scene && <Sketch scene={scene} />
          )}
        </div>
      </div>
    </>
  )
}

/** The scene drawn by the page itself, from the pictures that are here anyway. */
function Sketch({ scene }: { scene: Scene }) {
  const { t } = useTranslation()
  const people = useRoom((state) => state.participants)
  const address = usePictureAddress()
  const shown = arrange(scene.order, people).filter(({ seen }) => seen)
  const boxes = sceneBoxes(
    scene.layout,
    shown.map(({ kind }) => ({ screen: kind === 'screen' })),
  )
  const ground = scene.background.picture
    ? { backgroundImage: `url("${address(scene.background.picture, 1280)}")` }
    : { backgroundColor: scene.background.colour }

  return (
    <div className="sketch" style={ground} role="img" aria-label={t('studio.sketch')}>
      {/* What is drawn here is a picture: its colours are the host's, its words stand in the panels. */}
      <div aria-hidden="true">
        {shown.map((source, index) => {
          const box = boxes[index]
          const person = people.find(({ id }) => id === source.participantId)
          if (!box || !person) return null
          const screen = source.kind === 'screen'
          const stream = screen ? person.screenStream : person.video ? person.cameraStream : null
          const place = { left: `${box.left}%`, top: `${box.top}%`, width: `${box.width}%`, height: `${box.height}%` }
          return (
            <span key={`${source.kind}${person.id}`} className="pv" style={place}>
              {stream ? (
                <Video stream={stream} whole={(source.fit ?? (screen ? 'fit' : 'crop')) === 'fit'} />
              ) : (
                <Avatar name={person.name} size={56} />
              )}
              {scene.nameTags && !screen && <em style={{ background: scene.colour, color: inkOn(scene.colour) }}>{person.name}</em>}
            </span>
          )
        })}
        {scene.overlay && <img className="poverlay" src={address(scene.overlay.picture, 1280)} alt="" />}
        {scene.logo && <img className={`plogo ${scene.logo.corner}`} src={address(scene.logo.picture, 320)} alt="" />}
        {scene.message ? (
          <span className="plow" style={{ borderColor: scene.colour }}>
            <b>{scene.message.name}</b>
            <span>{scene.message.text}</span>
          </span>
        ) : (
          scene.banner && (
            <span className="plow" style={{ borderColor: scene.colour }}>
              <b>{scene.banner.title}</b>
              {scene.banner.subtitle && <span>{scene.banner.subtitle}</span>}
            </span>
          )
        )}
        {scene.ticker && (
          <span className="pticker cut" style={{ background: scene.colour, color: inkOn(scene.colour) }}>
            {scene.ticker}
          </span>
        )}
      </div>
    </div>
  )
}
