/* SPDX-License-Identifier: LGPL-2.1-or-later */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useDevices } from '../../../state/devices'
import { useRoom } from '../../../state/room'
import { Icon } from '../../parts/Icon'
import type { Panel } from '../ui'
import { useRoomUi } from '../ui'
import { CameraControl, MicrophoneControl } from './MediaControls'
import { MoreMenu } from './MoreMenu'

/** The order is fixed: microphone, camera, share, hand, …, leave last. */
export function ControlBar() {
  const viewer = useRoom((state) => state.participants.find(({ me }) => me)?.role === 'viewer')
  return (
    <footer className="rbar" tabIndex={-1} data-region>
      <Code />
      <div className="glass bar" role="toolbar">
        {!viewer && <MicrophoneControl />}
        {!viewer && <CameraControl />}
        {!viewer && <ShareControl />}
        <HandControl />
        <ChatControl />
        <MoreMenu />
        <span className="vr" />
        <LeaveControl />
      </div>
      <span className="side-r hide-s">
        <PanelButton panel="chat" icon="chat" />
        <PanelButton panel="people" icon="people" />
        <PanelButton panel="stats" icon="stats" />
      </span>
    </footer>
  )
}

function Code() {
  const { t } = useTranslation()
  const code = useRoom((state) => state.room?.code)
  const [copied, setCopied] = useState(false)
  const copy = async () => {
    await navigator.clipboard.writeText(code ?? '')
    setCopied(true)
    setTimeout(() => setCopied(false), 2000)
  }
  return (
    <span className="side-l t-sm t3 num hide-s">
      {code && (
        <button type="button" className="btn quiet sm mono" title={t('copy-code')} onClick={() => void copy()}>
          {code} <Icon name={copied ? 'check' : 'copy'} size="xs" />
        </button>
      )}
    </span>
  )
}

export function ShareControl() {
  const { t } = useTranslation()
  const canShare = useDevices((state) => state.can.share)
  const { sharing, stopShare } = useRoom()
  const open = useRoomUi((state) => state.open)
  if (!canShare) return null
  const label = t(sharing ? 'stop-sharing' : 'share-screen')
  return (
    <span className="cw hide-s">
      <button
        type="button"
        className={sharing ? 'ctl on' : 'ctl'}
        aria-label={label}
        title={`${label} (S)`}
        data-control="share"
        onClick={() => (sharing ? stopShare() : open({ kind: 'share' }))}
      >
        <Icon name={sharing ? 'screen-stop' : 'screen'} />
      </button>
    </span>
  )
}

function HandControl() {
  const { t } = useTranslation()
  const { hand, setHand } = useRoom()
  const label = t(hand ? 'lower-hand' : 'raise-hand')
  return (
    <span className="cw">
      <button
        type="button"
        className={hand ? 'ctl on' : 'ctl'}
        aria-label={label}
        title={`${label} (H)`}
        data-control="hand"
        onClick={() => setHand(!hand)}
      >
        <Icon name="hand" />
      </button>
    </span>
  )
}

function Count({ panel }: { panel: Panel }) {
  const unread = useRoom((state) => state.unread)
  const waiting = useRoom((state) => state.waiting.length)
  const count = panel === 'chat' ? unread : panel === 'people' ? waiting : 0
  return count > 0 ? <span className="cnt num">{Math.min(count, 99)}</span> : null
}

function usePanelLabel(panel: Panel): string {
  const { t } = useTranslation()
  const unread = useRoom((state) => state.unread)
  const label = t(panel === 'stats' ? 'statistics' : panel)
  return panel === 'chat' && unread > 0 ? `${label}, ${t('unread', { count: unread })}` : label
}

/* On phones, where the buttons at the side have no room. */
function ChatControl() {
  const label = usePanelLabel('chat')
  const { panel, togglePanel } = useRoomUi()
  return (
    <span className="cw only-s">
      <button
        type="button"
        className="ctl"
        aria-label={label}
        aria-expanded={panel === 'chat'}
        title={label}
        onClick={() => togglePanel('chat')}
      >
        <Icon name="chat" />
        <Count panel="chat" />
      </button>
    </span>
  )
}

function PanelButton({ panel, icon }: { panel: Panel; icon: 'chat' | 'people' | 'stats' }) {
  const label = usePanelLabel(panel)
  const { panel: shown, togglePanel } = useRoomUi()
  const on = shown === panel
  return (
    <button
      type="button"
      className={on ? 'btn quiet icon is-on' : 'btn quiet icon'}
      aria-label={label}
      aria-pressed={on}
      title={label}
      data-panel={panel}
      onClick={() => togglePanel(panel)}
    >
      <Icon name={icon} />
      <Count panel={panel} />
    </button>
  )
}

export function LeaveControl() {
  const { t } = useTranslation()
  const leave = useRoom((state) => state.leave)
  return (
    <span className="cw">
      <button
        type="button"
        className="ctl bye"
        aria-label={t('leave')}
        title={t('leave')}
        data-control="leave"
        onClick={leave}
      >
        <Icon name="leave" />
      </button>
    </span>
  )
}
