/* SPDX-License-Identifier: LGPL-2.1-or-later */
import { useEffect } from 'react'
import { notify } from '../../state/notices'
import { useRoom } from '../../state/room'
import type { RoomState } from '../../state/types'

const self = (room: RoomState) => room.participants.find(({ me }) => me)
const isHost = (room: RoomState) => self(room)?.role === 'host'
const onStage = (room: RoomState) => self(room)?.stage === 'stage' && self(room)?.role !== 'viewer'

function tellWhatChanged(now: RoomState, before: RoomState) {
  if (now.phase === 'joined' && before.phase === 'reconnecting') notify({ tone: 'ok', key: 'back-online' })

  if (now.room && before.room?.id === now.room.id) {
    if (now.room.onAir && !before.room.onAir) notify(onStage(now) ? { tone: 'warn', key: 'on-air' } : { tone: 'info', key: 'show-begins' })
    if (!now.room.onAir && before.room.onAir) notify({ tone: 'info', key: 'off-air' })
    if (now.room.recorded && !before.room.recorded && !now.room.onAir) notify({ tone: 'warn', key: 'recorded' })
  }

  if (isHost(now))
    for (const { id, name } of now.waiting)
      if (!before.waiting.some((other) => other.id === id))
        notify({ tone: 'door', key: 'waiting', values: { name }, act: () => void now.admit(id) })

  for (const { id, name, me, hand } of now.participants) {
    const earlier = before.participants.find((other) => other.id === id)
    if (!me && hand && earlier && !earlier.hand) notify({ tone: 'hand', key: 'hand', values: { name } })
  }
}

/** Tells what happens in the room and is easily missed. */
export function useRoomNotices() {
  useEffect(() => useRoom.subscribe(tellWhatChanged), [])
}
