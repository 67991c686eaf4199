/* SPDX-License-Identifier: LGPL-2.1-or-later */
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { useDevices } from '../../state/devices'
import { useSettings } from '../../state/settings'
import { DevicePickers } from '../lobby/DevicePickers'
import { SwitchRow } from '../parts/Switch'

export function DevicesCard() {
  const { t } = useTranslation()
  const refresh = useDevices((state) => state.refresh)
  const { mirror, change } = useSettings()

  useEffect(() => {
    void refresh()
  }, [refresh])

  return (
    <section className="card pad col g4 devices-card">
      <h2>{t('settings.devices')}</h2>
      <DevicePickers />
      <SwitchRow label={t('mirror')} hint={t('mirror-hint')} on={mirror} onChange={(on) => change({ mirror: on })} />
    </section>
  )
}
