/* SPDX-License-Identifier: LGPL-2.1-or-later */
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { useRoom } from '../../../state/room'
import { toggleTheme } from '../../appearance'
import { Icon } from '../../parts/Icon'
import type { MenuEntry } from '../../parts/Menu'
import { Menu } from '../../parts/Menu'
import { toggleFullScreen } from '../fullScreen'
import type { Layout } from '../ui'
import { useRoomUi } from '../ui'

export const layoutIcons = { grid: 'grid', speaker: 'spotlight', sidebar: 'sidebar' } as const

const layouts: Layout[] = ['grid', 'speaker', 'sidebar']

/** In the studio without what is about the stage of the room. */
function useMoreEntries(studio: boolean): () => MenuEntry[] {
  const { t } = useTranslation()
  const navigate = useNavigate()
  return () => {
    const ui = useRoomUi.getState()
    const hosting = useRoom.getState().participants.find(({ me }) => me)?.role === 'host'
    const entries: MenuEntry[] = [
      { kind: 'item', icon: 'people', label: t('people'), keys: 'P', act: () => ui.togglePanel('people') },
      { kind: 'item', icon: 'stats', label: t('statistics'), keys: 'I', act: () => ui.togglePanel('stats') },
      { kind: 'item', icon: 'sliders', label: t('devices'), act: () => ui.open({ kind: 'devices' }) },
      { kind: 'item', icon: 'full', label: t('full-screen'), keys: 'F', act: toggleFullScreen },
      { kind: 'item', icon: 'moon', label: t('switch-theme'), act: toggleTheme },
      { kind: 'item', icon: 'keyboard', label: t('shortcuts'), keys: '?', act: () => ui.open({ kind: 'shortcuts' }) },
    ]
    if (!studio)
      entries.push(
        { kind: 'caption', label: t('layout') },
        ...layouts.map(
          (layout): MenuEntry => ({
            kind: 'item',
            icon: layoutIcons[layout],
            label: t(`layouts.${layout}`),
            checked: ui.layout === layout,
            act: () => ui.setLayout(layout),
          }),
        ),
      )
    if (!studio && useRoom.getState().show !== null)
      entries.push({
        kind: 'item',
        icon: 'eye',
        label: t('programme.watch'),
        checked: ui.watching,
        act: () => ui.watch(!ui.watching),
      })
    if (hosting) entries.push({ kind: 'rule' })
    if (hosting && !studio)
      entries.push({
        kind: 'item',
        icon: 'live',
        label: t('to-studio'),
        act: () => void navigate(`/r/${useRoom.getState().room?.slug ?? ''}/studio`),
      })
    if (hosting)
      entries.push(
        { kind: 'item', icon: 'link', label: t('invite'), act: () => ui.open({ kind: 'invite' }) },
        {
          kind: 'item',
          icon: 'gear',
          label: t('room-settings.menu'),
          act: () => ui.open({ kind: 'room-settings' }),
        },
        {
          kind: 'item',
          icon: 'exit',
          label: t('close-room.menu'),
          bad: true,
          act: () => ui.open({ kind: 'close-room' }),
        },
      )
    return entries
  }
}

export function MoreMenu({ studio = false }: { studio?: boolean }) {
  const { t } = useTranslation()
  const entries = useMoreEntries(studio)
  return (
    <span className="cw">
      <Menu label={t('more')} className="ctl" title={t('more')} button={<Icon name="more" />} entries={entries} />
    </span>
  )
}

/** The same, from the header. */
export function RoomMenu() {
  const { t } = useTranslation()
  const entries = useMoreEntries(false)
  return (
    <Menu label={t('room-menu')} className="btn quiet icon only-s" button={<Icon name="more" />} entries={entries} />
  )
}
