/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* People and screens on and off stage, and their order in the picture. */
import { useRoom } from '../../state/room'
import { arrange, moveTo, sameSource, withoutSource } from '../../state/scene'
import { changeScene, useStudio } from '../../state/studio'
import type { SceneSource } from '../../state/types'
import { tell } from '../problem'

const order = () => useStudio.getState().scene?.order ?? []
const all = () => arrange(order(), useRoom.getState().participants)

let moved: string | null = null

/** Whether this page has just moved that person: their card appears anew on the other side, and the focus follows it. */
export function hasMoved(participantId: string): boolean {
  if (moved !== participantId) return false
  moved = null
  return true
}

/** Where an order was chosen, newcomers have to be put into it. */
export async function putOnStage(participantId: string, place: number | null = null): Promise<void> {
  const source: SceneSource = { participantId, kind: 'camera' }
  moved = participantId
  if (!(await tell(useRoom.getState().putOnStage(participantId, true)))) return
  const chosen = order()
  if (place === null && (chosen.length === 0 || chosen.some((other) => sameSource(other, source)))) return
  const others = all().filter((other) => !sameSource(other, source))
  await changeScene({ order: moveTo(others, source, place ?? others.length) })
}

/** A person goes to the green room; a screen only leaves the picture. */
export function takeOffStage({ participantId, kind }: SceneSource): void {
  if (kind === 'screen') return hide({ participantId, kind })
  moved = participantId
  void tell(useRoom.getState().putOnStage(participantId, false))
}

export const placeAt = (source: SceneSource, place: number): void => void changeScene({ order: moveTo(all(), source, place) })

export const show = (source: SceneSource): void => placeAt(source, all().length)

/** An empty order would mean everybody, so the last one stays. */
export function hide(source: SceneSource): void {
  const rest = withoutSource(all(), source)
  if (rest.length > 0) void changeScene({ order: rest })
}
