/* SPDX-License-Identifier: LGPL-2.1-or-later */
import type { DragEvent } from 'react'
import type { SceneSource } from '../../state/types'

/** What travels with a card; other drags, such as of files, are none of ours. */
export const sourceType = 'application/x-greenroom-source'

export function writeSource(event: DragEvent, { participantId, kind }: SceneSource): void {
  event.dataTransfer.setData(sourceType, `${kind} ${participantId}`)
  event.dataTransfer.effectAllowed = 'move'
}

export function readSource(event: DragEvent): SceneSource | null {
  const [kind, participantId] = event.dataTransfer.getData(sourceType).split(' ')
  if (participantId === undefined || (kind !== 'camera' && kind !== 'screen')) return null
  return { participantId, kind }
}
