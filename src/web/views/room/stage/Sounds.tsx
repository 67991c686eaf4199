/* SPDX-License-Identifier: LGPL-2.1-or-later */
import { useDevices } from '../../../state/devices'
import { useRoom } from '../../../state/room'
import { Sound } from '../../parts/Sound'

/** Every voice in the room. The sound of a screen comes from its picture, so that the two stay together. A programme has
    all of it in its own. */
export function Sounds() {
  const participants = useRoom((state) => state.participants)
  const speaker = useDevices((state) => state.speaker)
  const viewer = participants.find(({ me }) => me)?.role === 'viewer'
  const programme = useRoom((state) => state.programme)
  if (viewer && programme) return <Sound stream={programme} volume={1} speaker={speaker} />
  return participants.map(
    ({ id, audioStream, volume }) =>
      audioStream && <Sound key={id} stream={audioStream} volume={volume} speaker={speaker} />,
  )
}
