/* SPDX-License-Identifier: LGPL-2.1-or-later */
import { useTranslation } from 'react-i18next'
import { isRunning } from '../../state/room-model'
import { useSettings } from '../../state/settings'
import { useStudio } from '../../state/studio'
import { Icon } from '../parts/Icon'
import { Menu } from '../parts/Menu'
import { tell } from '../problem'
import { LeaveControl, ShareControl } from '../room/bar/ControlBar'
import { CameraControl, MicrophoneControl } from '../room/bar/MediaControls'
import { MoreMenu } from '../room/bar/MoreMenu'
import { useStudioUi } from './ui'

export function StudioBar() {
  const { t } = useTranslation()
  const letterKeys = useSettings((state) => state.letterKeys)
  return (
    <footer className="rbar sbar" tabIndex={-1} data-region>
      <span className="side-l t-sm t3 hide-s">
        {letterKeys && (
          <>
            <span className="row g1">
              <kbd>1</kbd>–<kbd>6</kbd>
            </span>
            {t('layout')} <kbd>B</kbd> {t('studio.banner')}
          </>
        )}
      </span>
      <div className="glass bar" role="toolbar">
        <MicrophoneControl />
        <CameraControl />
        <ShareControl />
        <MoreMenu studio />
        <span className="vr" />
        <LeaveControl />
      </div>
      <span className="side-r">
        <Record />
      </span>
    </footer>
  )
}

/** Before the show, whether it will be recorded; while it runs, the recording itself. */
function Record() {
  const { t } = useTranslation()
  const show = useStudio((state) => state.show)
  const recording = useStudio((state) => state.recordings.find(({ state }) => state === 'recording'))
  const { startRecording, stopRecording } = useStudio.getState()
  const { record, tracks, change } = useStudioUi()
  if (!show || show.status === 'ended') return null

  const running = isRunning(show)
  const label = running ? (recording ? 'studio.stop-recording' : 'studio.record') : 'studio.record-show'
  const act = () => {
    if (!running) change({ record: !record })
    else void tell(recording ? stopRecording() : startRecording(tracks))
  }
  return (
    <span className="row g1">
      <button type="button" className="btn rec" title={t(label)} aria-pressed={running ? undefined : record} onClick={act}>
        <span className={recording || (!running && record) ? 'bad row' : 't3 row'}>
          <Icon name="record" size="sm" />
        </span>
        <span className="cut label">{t(label)}</span>
        {!running && <span className="t2 label">{t(record ? 'studio.on' : 'studio.off')}</span>}
      </button>
      {!recording && (
        <Menu
          label={t('studio.what-is-recorded')}
          className="btn quiet icon"
          button={<Icon name="up" size="xs" />}
          entries={() => [
            { kind: 'caption', label: t('studio.what-is-recorded') },
            { kind: 'item', label: t('studio.only-programme'), checked: !tracks, act: () => change({ tracks: false }) },
            { kind: 'item', label: t('studio.each-apart'), checked: tracks, act: () => change({ tracks: true, record: true }) },
          ]}
        />
      )}
    </span>
  )
}
