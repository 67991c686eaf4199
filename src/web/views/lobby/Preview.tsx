/* SPDX-License-Identifier: LGPL-2.1-or-later */
import { useTranslation } from 'react-i18next'
import { useDevices } from '../../state/devices'
import { useLobby } from '../../state/lobby'
import { useSession } from '../../state/session'
import { useSettings } from '../../state/settings'
import { Avatar } from '../parts/Avatar'
import { Icon } from '../parts/Icon'
import { Video } from '../parts/Video'

/** What others will see, and the two switches that matter before going in. */
export function Preview() {
  const { t } = useTranslation()
  const { preview, previewFormat, microphone, camera, setMicrophone, setCamera } = useLobby()
  const { cameraProblem, microphoneProblem } = useDevices()
  const account = useSession((state) => state.user?.name)
  const { mirror, guestName } = useSettings()
  const name = account || guestName || t('you')

  return (
    <>
      <div className={preview ? 'tile' : 'tile off'}>
        {preview ? <Video stream={preview} mirror={mirror} /> : <Avatar name={name} size={80} />}
        <span className="name">{name}</span>
        {previewFormat && preview && (
          <span className="tl">
            <span className="badge over num">{previewFormat}</span>
          </span>
        )}
        <div className="pbar">
          <button
            type="button"
            className="ctl"
            aria-pressed={microphone}
            aria-label={t('microphone')}
            title={t(microphone ? 'mute-microphone' : 'unmute-microphone')}
            onClick={() => void setMicrophone(!microphone)}
          >
            <Icon name={microphone ? 'mic' : 'mic-off'} />
          </button>
          <button
            type="button"
            className="ctl"
            aria-pressed={camera}
            aria-label={t('camera')}
            title={t(camera ? 'turn-camera-off' : 'turn-camera-on')}
            onClick={() => void setCamera(!camera)}
          >
            <Icon name={camera ? 'cam' : 'cam-off'} />
          </button>
        </div>
      </div>
      {cameraProblem && (
        <div className="note bad mt-3" role="status">
          <Icon name="cam-off" size="sm" />
          <span>
            <b>{t(`camera-problem.${cameraProblem}.title`)}</b> {t(`camera-problem.${cameraProblem}.text`)}
          </span>
        </div>
      )}
      {microphoneProblem && (
        <div className="note bad mt-3" role="status">
          <Icon name="mic-off" size="sm" />
          <span>
            <b>{t(`microphone-problem.${microphoneProblem}.title`)}</b>{' '}
            {t(`microphone-problem.${microphoneProblem}.text`)}
          </span>
        </div>
      )}
    </>
  )
}
