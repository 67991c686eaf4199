/* SPDX-License-Identifier: LGPL-2.1-or-later */
import { useTranslation } from 'react-i18next'
import { useDevices } from '../../state/devices'
import type { Device, DeviceKind } from '../../state/types'
import { SelectField } from '../parts/Field'
import type { IconName } from '../parts/Icon'

interface PickerProps {
  kind: DeviceKind
  icon: IconName
  devices: Device[]
  chosen: string
  extra?: React.ReactNode
}

function Picker({ kind, icon, devices, chosen, extra }: PickerProps) {
  const { t } = useTranslation()
  const choose = useDevices((state) => state.choose)
  const options = devices.map((device, index) => ({
    value: device.id,
    label: device.label || t('device-number', { kind: t(kind), number: index + 1 }),
  }))
  /* Before permission is given a browser names nothing; the default device is still there. */
  if (!options.some((option) => option.value === chosen)) options.unshift({ value: chosen, label: t('default-device') })
  return (
    <SelectField
      soft
      label={t(kind)}
      icon={icon}
      value={chosen}
      options={options}
      extra={extra}
      onChange={(id) => choose(kind, id)}
    />
  )
}

export function DevicePickers() {
  const { t } = useTranslation()
  const { cameras, microphones, speakers, camera, microphone, speaker, can, testSpeaker } = useDevices()
  return (
    <div className="devs">
      <Picker kind="camera" icon="cam" devices={cameras} chosen={camera} />
      <Picker kind="microphone" icon="mic" devices={microphones} chosen={microphone} />
      {can.chooseSpeaker && (
        <Picker
          kind="speaker"
          icon="headphones"
          devices={speakers}
          chosen={speaker}
          extra={
            <button type="button" className="link acc tap" onClick={testSpeaker}>
              {t('test')}
            </button>
          }
        />
      )}
    </div>
  )
}
