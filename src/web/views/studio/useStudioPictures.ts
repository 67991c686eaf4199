/* SPDX-License-Identifier: LGPL-2.1-or-later */
import { useEffect } from 'react'
import { useRoom } from '../../state/room'

/** The studio shows everybody, and the show itself while it runs. */
export function useStudioPictures() {
  const showPictures = useRoom((state) => state.showPictures)
  const participants = useRoom((state) => state.participants)
  const show = useRoom((state) => state.show?.id)
  const pictures = [
    ...(show === undefined ? [] : [{ participant: show, kind: 'programme' as const }]),
    ...participants.filter(({ me, screen }) => screen && !me).map(({ id }) => ({ participant: id, kind: 'screen' as const })),
    ...participants.filter(({ me, role }) => !me && role !== 'viewer').map(({ id }) => ({ participant: id, kind: 'camera' as const })),
  ]
  const text = JSON.stringify(pictures)
  useEffect(() => showPictures(JSON.parse(text)), [showPictures, text])
}
