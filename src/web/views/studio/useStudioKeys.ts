/* SPDX-License-Identifier: LGPL-2.1-or-later */
import { useSettings } from '../../state/settings'
import { changeScene, useStudio } from '../../state/studio'
import { tell } from '../problem'
import { useRoomKeys } from '../room/useRoomKeys'
import { studioAction } from './keys'
import { useStudioUi } from './ui'

/** Shows the first banner, or takes away the one that is shown. */
export function toggleBanner() {
  const { scene, banners } = useStudio.getState()
  if (scene?.banner) return void changeScene({ banner: null })
  const first = banners.find(({ kind }) => kind === 'banner')
  if (first) void changeScene({ banner: { title: first.title, subtitle: first.subtitle } })
  else useStudioUi.getState().open({ kind: 'banner', id: null })
}

function takeKey(event: KeyboardEvent): boolean {
  const ui = useStudioUi.getState()
  if (event.key === 'Escape' && (ui.countdown !== null || ui.drawer)) {
    ui.change(ui.countdown === null ? { drawer: false } : { countdown: null })
    return true
  }
  const action = studioAction(event, useSettings.getState().letterKeys)
  if (action === null) return false
  event.preventDefault()
  if (action === 'rest') return true
  const { scene, canUndo, undo } = useStudio.getState()
  if (action.kind === 'layout' && scene?.layout !== action.layout) void changeScene({ layout: action.layout })
  if (action.kind === 'banner') toggleBanner()
  if (action.kind === 'undo' && canUndo) void tell(undo())
  return true
}

/** The room's keys, and before them the studio's. */
export const useStudioKeys = () => useRoomKeys(takeKey)
