/* SPDX-License-Identifier: LGPL-2.1-or-later */
import { useTranslation } from 'react-i18next'
import { useDevices } from '../../../state/devices'
import { useRoom } from '../../../state/room'
import type { Device, DeviceKind } from '../../../state/types'
import { Icon } from '../../parts/Icon'
import type { MenuEntry } from '../../parts/Menu'
import { Menu } from '../../parts/Menu'

export function MicrophoneControl() {
  const { t } = useTranslation()
  const { microphone, setMicrophone } = useRoom()
  const label = t(microphone ? 'mute-microphone' : 'unmute-microphone')
  return (
    <span className="cw split">
      <button
        type="button"
        className="ctl"
        aria-pressed={microphone}
        aria-label={label}
        title={`${label} (M)`}
        data-control="microphone"
        onClick={() => void setMicrophone(!microphone)}
      >
        <Icon name={microphone ? 'mic' : 'mic-off'} />
      </button>
      <DeviceMenu kinds={['microphone', 'speaker']} label={t('choose-microphone')} />
    </span>
  )
}

export function CameraControl() {
  const { t } = useTranslation()
  const { camera, setCamera } = useRoom()
  const label = t(camera ? 'turn-camera-off' : 'turn-camera-on')
  return (
    <span className="cw split">
      <button
        type="button"
        className="ctl"
        aria-pressed={camera}
        aria-label={label}
        title={`${label} (V)`}
        data-control="camera"
        onClick={() => void setCamera(!camera)}
      >
        <Icon name={camera ? 'cam' : 'cam-off'} />
      </button>
      <DeviceMenu kinds={['camera']} label={t('choose-camera')} />
    </span>
  )
}

function DeviceMenu({ kinds, label }: { kinds: DeviceKind[]; label: string }) {
  const { t } = useTranslation()

  const entries = (): MenuEntry[] => {
    const { cameras, microphones, speakers, can, choose, ...chosen } = useDevices.getState()
    const lists: Record<DeviceKind, Device[]> = {
      camera: cameras,
      microphone: microphones,
      speaker: can.chooseSpeaker ? speakers : [],
    }
    return kinds.flatMap((kind): MenuEntry[] => {
      const devices = lists[kind]
      if (devices.length === 0) return kind === 'speaker' ? [] : [{ kind: 'caption', label: t('no-devices') }]
      return [
        { kind: 'caption', label: t(kind) },
        ...devices.map(
          (device, index): MenuEntry => ({
            kind: 'item',
            label: device.label || t('device-number', { kind: t(kind), number: index + 1 }),
            checked: device.id === chosen[kind],
            act: () => choose(kind, device.id),
          }),
        ),
      ]
    })
  }

  return <Menu label={label} className="ctl sub" button={<Icon name="up" size="xs" />} entries={entries} />
}
