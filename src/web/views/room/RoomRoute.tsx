/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One address from the lobby to the goodbye: which page it shows depends only on the phase of the visit. */
import { lazy, Suspense, useEffect } from 'react'
import { useMatch, useParams, useSearchParams } from 'react-router'
import { withTexts } from '../../locales'
import { useRoom } from '../../state/room'
import type { RoomPhase } from '../../state/types'
import { LobbyPage } from '../lobby/LobbyPage'
import { EndedPage } from './EndedPage'
import { WaitingPage } from './WaitingPage'

const RoomPage = lazy(() => import('./RoomPage'))
const StudioPage = lazy(() => withTexts('studio', import('../studio/StudioPage')))

const inside: RoomPhase[] = ['joined', 'reconnecting']
const before: RoomPhase[] = ['idle', 'connecting']

export default function RoomRoute() {
  const { slug = '' } = useParams()
  const [search] = useSearchParams()
  const invite = search.get('invite')
  const studio = useMatch('/r/:slug/studio') !== null
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

  if (before.includes(phase)) return <LobbyPage key={slug} slug={slug} invite={invite} />
  if (phase === 'waiting') return <WaitingPage />
  if (!inside.includes(phase)) return <EndedPage />
  return (
    <Suspense fallback={null}>
      {studio && hosting ? <StudioPage /> : <RoomPage />}
    </Suspense>
  )
}
