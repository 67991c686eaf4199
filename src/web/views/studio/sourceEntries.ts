/* SPDX-License-Identifier: LGPL-2.1-or-later */
import { useTranslation } from 'react-i18next'
import { useRoom } from '../../state/room'
import { sameSource, type SeenSource, withFit } from '../../state/scene'
import { changeScene } from '../../state/studio'
import type { MenuEntry } from '../parts/Menu'
import { tell } from '../problem'
import { hide, placeAt, putOnStage, show, takeOffStage } from './staging'

const gains = [0.5, 1, 1.5, 2]

/** Everything the mouse does by dragging, and what it cannot. */
export function useSourceEntries(source: SeenSource, all: readonly SeenSource[]): () => MenuEntry[] {
  const { t } = useTranslation()

  return () => {
    const room = useRoom.getState()
    const person = room.participants.find(({ id }) => id === source.participantId)
    if (!person) return []
    const camera = source.kind === 'camera'
    if (person.stage !== 'stage')
      return [{ kind: 'item', icon: 'plus', label: t('to-stage'), act: () => void putOnStage(person.id) }, ...sound()]

    const place = all.findIndex((other) => sameSource(other, source))
    const seen = all.filter((other) => other.seen)
    const fit = source.fit ?? (camera ? 'crop' : 'fit')
    const entries: MenuEntry[] = []
    const item = (label: string, act: () => void) => entries.push({ kind: 'item', label, act })
    if (source.seen && place > 0) {
      item(t('studio.feature'), () => placeAt(source, 0))
      item(t('studio.earlier'), () => placeAt(source, place - 1))
    }
    if (source.seen && place < seen.length - 1) item(t('studio.later'), () => placeAt(source, place + 1))
    if (!source.seen) item(t('studio.show'), () => show(source))
    else if (seen.length > 1) item(t('studio.hide'), () => hide(source))
    if (source.seen) {
      entries.push({ kind: 'caption', label: t('studio.picture') })
      for (const value of ['crop', 'fit'] as const)
        entries.push({
          kind: 'item',
          label: t(`studio.${value}`),
          checked: fit === value,
          act: () => void changeScene({ order: withFit(all, source, value) }),
        })
    }
    if (camera) {
      entries.push(...sound(), { kind: 'rule' })
      entries.push({ kind: 'item', icon: 'door', label: t('to-green-room'), act: () => takeOffStage(source) })
    }
    return entries

    function sound(): MenuEntry[] {
      const { id, audio, me, gain } = person!
      const mute: MenuEntry[] = me
        ? []
        : audio
          ? [{ kind: 'item', icon: 'mic-off', label: t('mute'), act: () => void tell(room.mute(id)) }]
          : [{ kind: 'item', icon: 'mic', label: t('ask-unmute'), act: () => void tell(room.askToUnmute(id)) }]
      return [
        { kind: 'caption', label: t('studio.volume') },
        ...gains.map(
          (value): MenuEntry => ({
            kind: 'item',
            label: `${value * 100} %`,
            checked: gain === value,
            act: () => void tell(room.setGain(id, value)),
          }),
        ),
        ...mute,
      ]
    }
  }
}
