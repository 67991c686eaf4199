/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One address from the lobby to the goodbye: which page it shows depends only on the phase of the visit. */
import { lazy, Suspense, useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { useMatch, useParams, useSearchParams } from 'react-router'
import { withTexts } from '../../locales'
import { useRoom } from '../../state/room'
import { useSession } from '../../state/session'
import { useSettings } from '../../state/settings'
import type { RoomPhase } from '../../state/types'
import { LobbyPage } from '../lobby/LobbyPage'
import { PlainPage } from '../shell/PlainPage'
import { EndedPage } from './EndedPage'
import { WaitingPage } from './WaitingPage'

const RoomPage = lazy(() => import('./RoomPage'))
const StudioPage = lazy(() => withTexts('studio', import('../studio/StudioPage')))

const inside: RoomPhase[] = ['joined', 'reconnecting']
const before: RoomPhase[] = ['idle', 'connecting']

export default function RoomRoute() {
  const { t } = useTranslation()
  const { slug = '' } = useParams()
  const [search] = useSearchParams()
  const invite = search.get('invite')
  const studio = useMatch('/r/:slug/studio') !== null
  const watch = search.get('watch') !== null
  const phase = useRoom((state) => state.phase)
  const hosting = useRoom((state) => state.participants.find(({ me }) => me)?.role === 'host')

  useEffect(() => {
    const { leave, reset } = useRoom.getState()
    reset()
    return () => {
      leave()
      reset()
    }
  }, [slug])

  useWatching(slug, invite, watch)

  if (before.includes(phase) && watch) return <PlainPage title={t('loading')} />
  if (before.includes(phase)) return <LobbyPage key={slug} slug={slug} invite={invite} />
  if (phase === 'waiting') return <WaitingPage />
  if (!inside.includes(phase)) return <EndedPage />
  return (
    <Suspense fallback={null}>
      {studio && hosting ? <StudioPage /> : <RoomPage />}
    </Suspense>
  )
}

/** The way in for an audience: nobody asks them for a camera, or for a name that they have not given before. */
function useWatching(slug: string, invite: string | null, watch: boolean) {
  const { t } = useTranslation()
  const known = useSession((state) => state.status !== 'unknown')
  const idle = useRoom((state) => state.phase === 'idle')

  useEffect(() => {
    if (!watch || !known || !idle) return
    const { user } = useSession.getState()
    const { guestName } = useSettings.getState()
    const name = user && !user.guest ? user.name : guestName.trim() || t('role.viewer')
    void useRoom.getState().join({ slug, invite, name, watchOnly: true })
  }, [watch, known, idle, slug, invite, t])
}
