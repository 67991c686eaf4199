/* SPDX-License-Identifier: LGPL-2.1-or-later */
import { useEffect } from 'react'
import { useRoom } from '../../state/room'
import { useTitle } from '../useTitle'
import { ControlBar } from './bar/ControlBar'
import { ChatPanel } from './chat/ChatPanel'
import { Header } from './Header'
import { PeoplePanel } from './people/PeoplePanel'
import { Reconnecting } from './Reconnecting'
import { RoomDialogs } from './RoomDialogs'
import { Sounds } from './stage/Sounds'
import { Stage } from './stage/Stage'
import { StatsPanel } from './stats/StatsPanel'
import { useRoomUi } from './ui'
import { useRoomKeys } from './useRoomKeys'
import { useRoomNotices } from './useRoomNotices'

const panels = { chat: ChatPanel, people: PeoplePanel, stats: StatsPanel }

export default function RoomPage() {
  const title = useRoom((state) => state.room?.title)
  const panel = useRoomUi((state) => state.panel)
  const Panel = panel && panels[panel]
  useTitle(title)
  useRoomKeys()
  useRoomNotices()

  useEffect(() => useRoomUi.getState().reset, [])

  return (
    <div className={panel ? 'room sheet-open' : 'room'}>
      <Header />
      <Stage />
      {Panel && <Panel />}
      <ControlBar />
      <Reconnecting />
      <Sounds />
      <RoomDialogs />
    </div>
  )
}
