/* SPDX-License-Identifier: LGPL-2.1-or-later */
import { useTranslation } from 'react-i18next'
import { useRoom } from '../../../state/room'
import type { ParticipantView } from '../../../state/types'
import { Avatar } from '../../parts/Avatar'
import { Icon } from '../../parts/Icon'
import { Menu } from '../../parts/Menu'
import { tell } from '../../problem'
import { usePersonEntries } from './personEntries'

export function PersonRow({ person }: { person: ParticipantView }) {
  const { t } = useTranslation()
  const entries = usePersonEntries(person)
  const hosting = useRoom((state) => state.participants.find(({ me }) => me)?.role === 'host')
  const about = [t(`role.${person.role}`), person.guest && t('no-account'), person.me && t('you-lower')]

  return (
    <li data-participant={person.id}>
      <Avatar name={person.name} speaking={person.speaking} />
      <span className="grow">
        <b className="cut m show">{person.name}</b>
        <span className="t-xs t3 cut block">{about.filter(Boolean).join(' · ')}</span>
      </span>
      {person.hand && (
        <span className="wrn row" title={t('hand-raised')}>
          <Icon name="hand" size="sm" />
          <span className="sr">{t('hand-raised')}</span>
        </span>
      )}
      <MicrophoneButton person={person} hosting={hosting} />
      <Menu label={t('more-for', { name: person.name })} button={<Icon name="more" size="sm" />} entries={entries} />
    </li>
  )
}

/** For hosts it mutes, or asks to unmute; only the person unmutes. For everyone else it just shows. */
function MicrophoneButton({ person, hosting }: { person: ParticipantView; hosting: boolean }) {
  const { t } = useTranslation()
  const { mute, askToUnmute, setMicrophone } = useRoom()
  const { id, name, audio, me } = person
  const icon = <Icon name={audio ? 'mic' : 'mic-off'} size="sm" />
  const state = t(audio ? 'microphone-on' : 'muted')

  if (!hosting && !me) {
    return (
      <span className={audio ? 't2 row mic-state' : 'isoff row mic-state'} title={state}>
        {icon}
        <span className="sr">{state}</span>
      </span>
    )
  }
  const act = () => {
    if (me) void setMicrophone(!audio)
    else void tell(audio ? mute(id) : askToUnmute(id))
  }
  return (
    <button
      type="button"
      className={audio ? 'btn quiet icon sm' : 'btn quiet icon sm isoff'}
      title={state}
      aria-label={t(audio ? 'mute-name' : me ? 'unmute-name' : 'ask-unmute-name', { name })}
      onClick={act}
    >
      {icon}
    </button>
  )
}
