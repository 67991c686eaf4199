/* SPDX-License-Identifier: LGPL-2.1-or-later */
import { useTranslation } from 'react-i18next'
import { useRoom } from '../../../state/room'
import { Empty } from '../../parts/Empty'
import { Icon } from '../../parts/Icon'
import { useRoomUi } from '../ui'
import { useLastHeard, useShowing, useWatched } from './hooks'
import { focusItem, stageItems } from './items'
import { ProgrammeView } from './ProgrammeView'
import { Pack } from './Pack'
import { ShareView } from './ShareView'
import { Strip } from './Strip'
import { Tile } from './Tile'

export function Stage() {
  const { t } = useTranslation()
  const participants = useRoom((state) => state.participants)
  const pinned = useRoomUi((state) => state.pinned)
  const layout = useRoomUi((state) => state.layout)
  const { heard, speaker } = useLastHeard(participants)

  const watched = useWatched()
  const viewer = participants.find(({ me }) => me)?.role === 'viewer'
  const items = watched !== null && viewer ? [] : stageItems(participants)
  const focus = focusItem(items, pinned, layout, speaker)
  const others = items.filter((item) => item !== focus)
  const upright = layout === 'sidebar'
  const alone = watched === null && focus !== null && others.length === 0
  useShowing(alone ? [focus] : items.length === 0 ? [] : null)

  if (watched !== null)
    return (
      <main
        className={['stage shareview', items.length === 0 && 'only', upright && 'beside'].filter(Boolean).join(' ')}
        tabIndex={-1}
        data-region
        aria-label={t('stage')}
      >
        <ProgrammeView back={!viewer} />
        {items.length > 0 && <Strip large={null} items={items} heard={heard} upright={upright} />}
      </main>
    )

  if (!focus) {
    return (
      <main className="stage" tabIndex={-1} data-region aria-label={t('stage')}>
        {items.length === 0 ? (
          <div className="nobody">
            <Empty icon="people" title={t('stage-empty.title')} text={t('stage-empty.text')} heading="h2" bare />
          </div>
        ) : (
          <Pack items={items} heard={heard} invitation={participants.length === 1 ? <Invitation /> : undefined} />
        )}
      </main>
    )
  }

  const classes = ['stage shareview', others.length === 0 && 'only', upright && 'beside'].filter(Boolean).join(' ')
  return (
    <main className={classes} tabIndex={-1} data-region aria-label={t('stage')}>
      {focus.kind === 'screen' ? <ShareView key={focus.key} item={focus} /> : <Tile key={focus.key} item={focus} large />}
      {others.length > 0 && <Strip large={focus} items={others} heard={heard} upright={upright} />}
    </main>
  )
}

/** Alone in the room, the next step is to ask somebody in. */
function Invitation() {
  const { t } = useTranslation()
  const open = useRoomUi((state) => state.open)
  const mayInvite = useRoom((state) => state.participants.find(({ me }) => me)?.role === 'host')
  return (
    <div className="tile off invitation">
      <Empty icon="people" title={t('first.title')} text={t(mayInvite ? 'first.text' : 'first.wait')} heading="h2" bare>
        {mayInvite && (
          <button type="button" className="btn primary" onClick={() => open({ kind: 'invite' })}>
            <Icon name="link" size="sm" />
            {t('invite')}
          </button>
        )}
      </Empty>
    </div>
  )
}
