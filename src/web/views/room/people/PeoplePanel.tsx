/* SPDX-License-Identifier: LGPL-2.1-or-later */
import { useTranslation } from 'react-i18next'
import { useRoom } from '../../../state/room'
import type { ParticipantView } from '../../../state/types'
import { Icon } from '../../parts/Icon'
import { SwitchRow } from '../../parts/Switch'
import { tell } from '../../problem'
import { PanelFrame } from '../PanelFrame'
import { useRoomUi } from '../ui'
import { PersonRow } from './PersonRow'
import { Waiting } from './Waiting'

export function PeoplePanel() {
  const { t } = useTranslation()
  const { room, participants, muteAll, setLocked } = useRoom()
  const open = useRoomUi((state) => state.open)
  const hosting = participants.find(({ me }) => me)?.role === 'host'
  const onStage = participants.filter(({ stage }) => stage === 'stage')
  const backstage = participants.filter(({ stage, role }) => stage === 'backstage' && role !== 'viewer')
  const viewers = participants.filter(({ stage, role }) => stage === 'backstage' && role === 'viewer')

  return (
    <PanelFrame
      title={t('people')}
      note={room ? t('people-of', { count: participants.length, capacity: room.capacity }) : undefined}
      action={
        hosting && (
          <button type="button" className="btn quiet sm" onClick={() => void tell(muteAll())}>
            <Icon name="mic-off" size="sm" />
            {t('mute-all')}
          </button>
        )
      }
    >
      <div className="ppl">
        {hosting && <Waiting />}
        <ul className="list plist">
          {onStage.map((person) => (
            <PersonRow key={person.id} person={person} />
          ))}
        </ul>
        <Group caption={t('backstage')} people={backstage} />
        <Group caption={t('viewers')} people={viewers} />
      </div>
      {hosting && room && (
        <div className="pfoot">
          <SwitchRow
            label={
              <>
                <Icon name="lock" size="sm" />
                {t('lock-room')}
              </>
            }
            on={room.locked}
            onChange={(locked) => void tell(setLocked(locked))}
          />
          <button type="button" className="btn wide" onClick={() => open({ kind: 'invite' })}>
            <Icon name="link" size="sm" />
            {t('invite')}
          </button>
        </div>
      )}
    </PanelFrame>
  )
}

function Group({ caption, people }: { caption: string; people: ParticipantView[] }) {
  if (people.length === 0) return null
  return (
    <>
      <h3 className="lbl plist-cap">{caption}</h3>
      <ul className="list plist">
        {people.map((person) => (
          <PersonRow key={person.id} person={person} />
        ))}
      </ul>
    </>
  )
}
