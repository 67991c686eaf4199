/* SPDX-License-Identifier: LGPL-2.1-or-later */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useRoom } from '../../state/room'
import { useSettings } from '../../state/settings'
import { DevicePickers } from '../lobby/DevicePickers'
import { Confirm, Dialog } from '../parts/Dialog'
import { Check, SwitchRow } from '../parts/Switch'
import { tell } from '../problem'
import { InviteDialog } from './InviteDialog'
import type { ShortcutRow } from './keys'
import { RoomSettings } from './RoomSettings'
import { SharePicker } from './share/SharePicker'
import { ShortcutList } from './ShortcutList'
import { useRoomUi } from './ui'

/** Whatever dialog is open over the room; a page with keys of its own says which. */
export function RoomDialogs({ keys }: { keys?: readonly ShortcutRow[] }) {
  const { t } = useTranslation()
  const { dialog, close } = useRoomUi()
  const { closeRoom, unmuteAsked, answerUnmute } = useRoom()

  if (unmuteAsked) {
    return (
      <Dialog
        title={t('unmute-asked.title', { name: unmuteAsked })}
        text={t('unmute-asked.text')}
        onClose={() => void answerUnmute(false)}
        onSubmit={() => void answerUnmute(true)}
        foot={
          <>
            <span className="grow" />
            <button type="button" className="btn quiet" onClick={() => void answerUnmute(false)}>
              {t('stay-muted')}
            </button>
            <button type="submit" className="btn primary">
              {t('unmute')}
            </button>
          </>
        }
      />
    )
  }
  switch (dialog?.kind) {
    case 'share':
      return <SharePicker onClose={close} />
    case 'invite':
      return <InviteDialog onClose={close} />
    case 'shortcuts':
      return <Shortcuts keys={keys} onClose={close} />
    case 'devices':
      return (
        <Dialog title={t('devices')} onClose={close}>
          <DevicePickers />
        </Dialog>
      )
    case 'room-settings':
      return <RoomSettings onClose={close} />
    case 'close-room':
      return (
        <Confirm
          title={t('close-room.title')}
          text={t('close-room.text')}
          action={t('close-room.action')}
          onConfirm={() => void tell(closeRoom())}
          onClose={close}
        />
      )
    case 'remove':
      return <RemovePerson key={dialog.id} {...dialog} onClose={close} />
    default:
      return null
  }
}

interface RemovePersonProps {
  id: string
  name: string
  ban: boolean
  onClose: () => void
}

function RemovePerson({ id, name, ban, onClose }: RemovePersonProps) {
  const { t } = useTranslation()
  const room = useRoom()
  const [banned, setBanned] = useState(ban)
  return (
    <Confirm
      title={t('remove-person.title', { name })}
      text={t('remove-person.text')}
      action={t('remove')}
      onConfirm={() => void tell(banned ? room.ban(id) : room.kick(id))}
      onClose={onClose}
    >
      <Check label={t('remove-person.ban')} on={banned} onChange={setBanned} />
    </Confirm>
  )
}

function Shortcuts({ keys, onClose }: { keys?: readonly ShortcutRow[]; onClose: () => void }) {
  const { t } = useTranslation()
  const { letterKeys, change } = useSettings()
  return (
    <Dialog title={t('shortcuts')} onClose={onClose}>
      <div className="col g4">
        <ShortcutList rows={keys} />
        <SwitchRow label={t('letter-keys')} on={letterKeys} onChange={(on) => change({ letterKeys: on })} />
      </div>
    </Dialog>
  )
}
