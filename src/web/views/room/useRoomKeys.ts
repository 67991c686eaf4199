/* SPDX-License-Identifier: LGPL-2.1-or-later */
import { useEffect } from 'react'
import { useDevices } from '../../state/devices'
import { useRoom } from '../../state/room'
import { useSettings } from '../../state/settings'
import { toggleFullScreen } from './fullScreen'
import type { RoomAction } from './keys'
import { roomAction, typing } from './keys'
import { useRoomUi } from './ui'

/* From one part of the page to the next: stage, panel, control bar. */
function nextRegion() {
  const regions = [...document.querySelectorAll<HTMLElement>('[data-region]')].filter((region) => region.checkVisibility())
  const now = regions.findIndex((region) => region.contains(document.activeElement))
  regions[(now + 1) % regions.length]?.focus()
}

function share() {
  const { sharing, stopShare } = useRoom.getState()
  if (sharing) stopShare()
  else if (useDevices.getState().can.share) useRoomUi.getState().open({ kind: 'share' })
}

function pinTile(number: number) {
  const tile = document.querySelectorAll<HTMLElement>('[data-tile]')[number - 1]
  if (tile) useRoomUi.getState().pin(tile.dataset.tile!)
}

function perform(action: RoomAction) {
  const room = useRoom.getState()
  const ui = useRoomUi.getState()
  const sends = room.participants.find(({ me }) => me)?.role !== 'viewer'
  switch (action) {
    case 'mute':
      return sends && void room.setMicrophone(!room.microphone)
    case 'camera':
      return sends && void room.setCamera(!room.camera)
    case 'share':
      return sends && share()
    case 'hand':
      return room.setHand(!room.hand)
    case 'chat':
    case 'people':
    case 'stats':
      return ui.togglePanel(action)
    case 'layout':
      return ui.nextLayout()
    case 'full':
      return toggleFullScreen()
    case 'shortcuts':
      return ui.open({ kind: 'shortcuts' })
    case 'region':
      return nextRegion()
    default:
      return pinTile(Number(action.slice('pin-'.length)))
  }
}

const nothing = () => false

/** The keyboard map of the room, and Space to talk while it is held. What `taken` takes is not the room's; it has to stay the
    same function. */
export function useRoomKeys(taken: (event: KeyboardEvent) => boolean = nothing) {
  useEffect(() => {
    let talking = false

    const down = (event: KeyboardEvent) => {
      /* A dialog has the keys to itself: its Esc closes it alone, not the panel behind it, too. */
      if (event.repeat || (event.target as Element).closest?.('dialog')) return
      /* F6 writes nothing, so it leads out of a field, too. */
      if (typing(event.target) && event.key !== 'F6') return
      if (taken(event)) return
      const { microphone, setMicrophone, participants } = useRoom.getState()
      const onButton = event.target instanceof Element && event.target.closest('button, a') !== null
      if (event.code === 'Space' && !onButton) {
        event.preventDefault()
        if (microphone || participants.find(({ me }) => me)?.role === 'viewer') return
        talking = true
        void setMicrophone(true)
        return
      }
      if (event.key === 'Escape') return useRoomUi.getState().closePanel()
      const action = roomAction(event, useSettings.getState().letterKeys)
      if (!action) return
      event.preventDefault()
      perform(action)
    }

    const stop = () => {
      if (!talking) return
      talking = false
      void useRoom.getState().setMicrophone(false)
    }
    const up = (event: KeyboardEvent) => {
      if (event.code === 'Space') stop()
    }

    addEventListener('keydown', down)
    addEventListener('keyup', up)
    addEventListener('blur', stop)
    return () => {
      removeEventListener('keydown', down)
      removeEventListener('keyup', up)
      removeEventListener('blur', stop)
      stop()
    }
  }, [taken])
}
