/* SPDX-License-Identifier: LGPL-2.1-or-later */
import { useEffect } from 'react'
import { notify } from '../../state/notices'
import { useStudio } from '../../state/studio'
import type { StudioState } from '../../state/types'

const broken = ['refused', 'failed']

function tellWhatChanged(now: StudioState, before: StudioState) {
  if (now.show === null || now.show.id !== before.show?.id) return
  if (now.show.status === 'recovering' && before.show.status !== 'recovering') notify({ tone: 'warn', key: 'show-recovering' })
  if (now.show.status === 'live' && before.show.status === 'recovering') notify({ tone: 'ok', key: 'show-back' })
  for (const { id, name, status } of now.destinations) {
    const earlier = before.destinations.find((other) => other.id === id)
    if (earlier && broken.includes(status.state) && !broken.includes(earlier.status.state))
      notify({ tone: 'bad', key: 'destination-failed', values: { name } })
  }
  for (const { id, message, state } of now.recordings) {
    const earlier = before.recordings.find((other) => other.id === id)
    if (earlier && message !== null && message !== earlier.message)
      notify({ tone: state === 'failed' ? 'bad' : 'warn', key: 'recording-message', values: { message } })
  }
}

/** Tells what happens to the show and is easily missed. */
export function useStudioNotices() {
  useEffect(() => useStudio.subscribe(tellWhatChanged), [])
}
