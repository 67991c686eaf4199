/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A host's page while a show is prepared and runs. It lies in the same visit as the room's page. */
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { useRoom } from '../../state/room'
import { useStudio } from '../../state/studio'
import '../../styles/studio.css'
import { Empty } from '../parts/Empty'
import { Icon } from '../parts/Icon'
import { problemText } from '../problem'
import { PeoplePanel } from '../room/people/PeoplePanel'
import { Reconnecting } from '../room/Reconnecting'
import { RoomDialogs } from '../room/RoomDialogs'
import { Sounds } from '../room/stage/Sounds'
import { StatsPanel } from '../room/stats/StatsPanel'
import { useRoomUi } from '../room/ui'
import { useRoomNotices } from '../room/useRoomNotices'
import { useTitle } from '../useTitle'
import { BrandPanel } from './BrandPanel'
import { Destinations } from './Destinations'
import { GreenRoom } from './GreenRoom'
import { studioRows } from './keys'
import { LayoutStrip } from './LayoutStrip'
import { Programme } from './Programme'
import { StudioBar } from './StudioBar'
import { StudioChat } from './StudioChat'
import { StudioDialogs } from './StudioDialogs'
import { StudioHeader } from './StudioHeader'
import { useStudioUi } from './ui'
import { useStudioKeys } from './useStudioKeys'
import { useStudioNotices } from './useStudioNotices'
import { useStudioPictures } from './useStudioPictures'

export default function StudioPage() {
  const { t } = useTranslation()
  const room = useRoom((state) => state.room)
  const status = useStudio((state) => state.status)
  const title = useStudio((state) => state.show?.title)
  const drawer = useStudioUi((state) => state.drawer)
  const panel = useRoomUi((state) => state.panel)
  useTitle(t('studio.page', { title: title ?? room?.title ?? '' }))
  useStudioKeys()
  useRoomNotices()
  useStudioNotices()
  useStudioPictures()

  useEffect(() => {
    if (room) void useStudio.getState().open({ id: room.id, title: room.title })
  }, [room?.id])

  useEffect(() => {
    /* The room's panels float here, and only when asked for. */
    useRoomUi.getState().closePanel()
    return () => {
      useStudio.getState().close()
      useStudioUi.getState().reset()
    }
  }, [])

  return (
    <div className={['studio', panel && 'sheet-open', drawer && 'drawer-open'].filter(Boolean).join(' ')}>
      <StudioHeader />
      <BrandPanel />
      <main className="sp-c" tabIndex={-1} data-region aria-label={t('studio.programme')}>
        {status === 'failed' ? <Failed /> : <Programme />}
        <LayoutStrip />
        <GreenRoom />
      </main>
      <aside className="sp-r" tabIndex={-1} data-region aria-label={t('studio.outside')}>
        <Destinations />
        <StudioChat />
      </aside>
      <StudioBar />
      {panel === 'people' && <PeoplePanel />}
      {panel === 'stats' && <StatsPanel />}
      <Reconnecting />
      <Sounds />
      <RoomDialogs keys={studioRows} />
      <StudioDialogs />
    </div>
  )
}

function Failed() {
  const { t } = useTranslation()
  const problem = useStudio((state) => state.problem)
  const room = useRoom((state) => state.room)
  const again = () => {
    const { close, open } = useStudio.getState()
    close()
    if (room) void open({ id: room.id, title: room.title })
  }
  return (
    <div className="progw">
      <Empty icon="server" title={t('studio.failed')} text={problem ? problemText(t, problem) : undefined} heading="h2">
        <button type="button" className="btn" onClick={again}>
          <Icon name="refresh" size="sm" />
          {t('try-again')}
        </button>
      </Empty>
    </div>
  )
}
