/* SPDX-License-Identifier: LGPL-2.1-or-later */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useDevices } from '../../../state/devices'
import { useRoom } from '../../../state/room'
import { useAttempt } from '../../account/AuthFrame'
import { Dialog } from '../../parts/Dialog'
import { Icon } from '../../parts/Icon'
import { Check, Segments, SwitchRow } from '../../parts/Switch'
import { problemText } from '../../problem'
import { PresetGrid } from './PresetGrid'
import { copiesOf, firstChoice } from './presets'
import { Uplink } from './Uplink'

/** Comes before the browser's own dialog, which cannot be told what quality is wanted. */
export function SharePicker({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  const canSound = useDevices((state) => state.can.shareSound)
  const { rememberedShare, uplinkMbit, participants, path, startShare } = useRoom()
  const [choice, setChoice] = useState(() => firstChoice(rememberedShare, canSound))
  const [remember, setRemember] = useState(rememberedShare !== null)
  const { busy, problem, submit } = useAttempt(() => startShare(choice, remember), onClose)
  const viewers = participants.filter(({ me }) => !me).length
  const copies = copiesOf(viewers, path)

  return (
    <Dialog
      title={t('share.title')}
      text={t('share.text')}
      width={640}
      onClose={onClose}
      onSubmit={() => void submit()}
      foot={
        <>
          <Check label={t('share.remember')} on={remember} onChange={setRemember} />
          <span className="grow" />
          <button type="button" className="btn quiet" onClick={onClose}>
            {t('cancel')}
          </button>
          <button type="submit" className={`btn primary ${busy ? 'busy' : ''}`}>
            <Icon name="screen" size="sm" />
            {t('share.choose')}
          </button>
        </>
      }
    >
      <div className="col g4">
        <PresetGrid
          choice={choice}
          copies={copies}
          uplinkMbit={uplinkMbit}
          onChoose={(preset) => setChoice({ ...choice, ...preset })}
        />
        <Uplink mbit={choice.mbit} viewers={viewers} copies={copies} uplinkMbit={uplinkMbit} />
        <div className="two-s opts">
          <div className="field">
            <span className="lbl">{t('share.keep')}</span>
            <Segments
              wide
              label={t('share.keep')}
              value={choice.keep}
              options={[
                { value: 'sharpness', label: t('share.sharpness') },
                { value: 'frame-rate', label: t('share.frame-rate') },
              ]}
              onChange={(keep) => setChoice({ ...choice, keep })}
            />
          </div>
          {canSound && (
            <div className="field">
              <span className="lbl">{t('share.sound')}</span>
              <div className="share-sound">
                <SwitchRow
                  label={t('share.sound-of')}
                  on={choice.sound}
                  onChange={(sound) => setChoice({ ...choice, sound })}
                />
              </div>
            </div>
          )}
        </div>
        {problem && (
          <div className="note bad" role="alert">
            <Icon name="alert" size="sm" />
            <span>{problemText(t, problem)}</span>
          </div>
        )}
      </div>
    </Dialog>
  )
}
