/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What there is to look at, and which of it is large. Pure. */
import type { ParticipantView } from '../../../state/types'
import type { Layout } from '../ui'

export interface StageItem {
  key: string
  kind: 'person' | 'screen'
  participant: ParticipantView
}

/** Everybody on stage, and every shared screen. Viewers listen; they take no room unless they send. Who is in the green
    room is seen by those who are there, too, and by hosts. */
export function stageItems(participants: readonly ParticipantView[]): StageItem[] {
  const items: StageItem[] = []
  const me = participants.find((participant) => participant.me)
  const backstage = me !== undefined && me.role !== 'viewer' && (me.role === 'host' || me.stage === 'backstage')
  for (const participant of participants) {
    const sends = participant.role !== 'viewer' || participant.audio || participant.video
    const here = participant.stage === 'stage' || (backstage && participant.role !== 'viewer')
    if (here && sends)
      items.push({ key: participant.id, kind: 'person', participant })
    if (here && participant.screen)
      items.push({ key: `screen:${participant.id}`, kind: 'screen', participant })
  }
  return items
}

/** What is large: the pinned one, else somebody's screen (one's own would show itself in itself), else, where the
    layout wants somebody large, who spoke last. */
export function focusItem(
  items: readonly StageItem[],
  pinned: string | null,
  layout: Layout,
  lastSpeaker: string | null,
): StageItem | null {
  const find = (key: string | null) => items.find((item) => item.key === key) ?? null
  const screens = items.filter((item) => item.kind === 'screen' && !item.participant.me)
  const chosen = find(pinned) ?? screens.at(-1)
  if (chosen) return chosen
  if (layout === 'grid' || items.length < 2) return null
  return find(lastSpeaker) ?? items.find((item) => !item.participant.me) ?? null
}

/** Whose pictures these are, in this order. One's own need not travel. */
export function picturesOf(items: readonly StageItem[]): { participant: string; kind: 'camera' | 'screen' }[] {
  return items
    .filter(({ participant }) => !participant.me)
    .map(({ kind, participant }) => ({ participant: participant.id, kind: kind === 'screen' ? 'screen' : 'camera' }))
}
