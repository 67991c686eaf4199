/* SPDX-License-Identifier: LGPL-2.1-or-later */
import { useTranslation } from 'react-i18next'
import { useRoom } from '../../../state/room'
import type { ParticipantView, Role } from '../../../state/types'
import type { MenuEntry } from '../../parts/Menu'
import { tell } from '../../problem'
import { useRoomUi } from '../ui'

const roles: Role[] = ['host', 'guest', 'viewer']

/** What one may do with a participant: a little for everyone, moderation for hosts. */
export function usePersonEntries(person: ParticipantView, key: string = person.id): () => MenuEntry[] {
  const { t } = useTranslation()

  return () => {
    const room = useRoom.getState()
    const ui = useRoomUi.getState()
    const hosting = room.participants.find(({ me }) => me)?.role === 'host'
    const entries: MenuEntry[] = [
      { kind: 'caption', label: person.name },
      {
        kind: 'item',
        icon: 'pin',
        label: t(ui.pinned === key ? 'unpin' : 'pin-for-me'),
        act: () => ui.pin(key),
      },
    ]
    if (!hosting) return entries

    if (!person.me) {
      entries.push(
        person.audio
          ? { kind: 'item', icon: 'mic-off', label: t('mute'), act: () => void tell(room.mute(person.id)) }
          : { kind: 'item', icon: 'mic', label: t('ask-unmute'), act: () => void tell(room.askToUnmute(person.id)) },
      )
      if (person.hand)
        entries.push({
          kind: 'item',
          icon: 'hand',
          label: t('lower-hand'),
          act: () => void tell(room.lowerHand(person.id)),
        })
    }
    const onStage = person.stage === 'stage'
    entries.push({
      kind: 'item',
      icon: onStage ? 'door' : 'spotlight',
      label: t(onStage ? 'to-green-room' : 'to-stage'),
      act: () => void tell(room.putOnStage(person.id, !onStage)),
    })
    if (person.me) return entries

    entries.push({ kind: 'caption', label: t('role.title') })
    for (const role of roles)
      entries.push({
        kind: 'item',
        label: t(`role.${role}`),
        checked: person.role === role,
        act: () => void tell(room.setRole(person.id, role)),
      })
    const remove = (ban: boolean) => ui.open({ kind: 'remove', id: person.id, name: person.name, ban })
    entries.push(
      { kind: 'rule' },
      { kind: 'item', icon: 'exit', label: t('remove-from-room'), bad: true, act: () => remove(false) },
      { kind: 'item', icon: 'ban', label: t('ban-from-room'), bad: true, act: () => remove(true) },
    )
    return entries
  }
}
