/* SPDX-License-Identifier: LGPL-2.1-or-later */
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useRoom } from '../../state/room'
import type { Invite, Problem } from '../../state/types'
import { Dialog } from '../parts/Dialog'
import { SelectField } from '../parts/Field'
import { Icon } from '../parts/Icon'
import { problemText } from '../problem'

const lifetimes = [1, 24, 168, 720]

/** A link and the code in it. Another lifetime makes another invite. */
export function InviteDialog({ onClose }: { onClose: () => void }) {
  const { t, i18n } = useTranslation()
  const createInvite = useRoom((state) => state.createInvite)
  const [hours, setHours] = useState(168)
  const [invite, setInvite] = useState<Invite | null>(null)
  const [problem, setProblem] = useState<Problem | null>(null)

  useEffect(() => {
    let current = true
    setInvite(null)
    setProblem(null)
    void createInvite(hours).then((outcome) => {
      if (!current) return
      if (outcome.ok) setInvite(outcome.value)
      else setProblem(outcome.problem)
    })
    return () => {
      current = false
    }
  }, [createInvite, hours])

  return (
    <Dialog title={t('invite-dialog.title')} text={t('invite-dialog.text')} onClose={onClose}>
      <div className="col g4">
        <CopyField label={t('invite-dialog.link')} value={invite?.url} primary />
        <CopyField label={t('invite-dialog.code')} value={invite?.code} />
        <SelectField
          label={t('invite-dialog.works-for')}
          value={String(hours)}
          options={lifetimes.map((value) => ({ value: String(value), label: t(`lifetime.${value}`) }))}
          onChange={(value) => setHours(Number(value))}
        />
        {problem ? (
          <div className="note bad" role="alert">
            <Icon name="alert" size="sm" />
            <span>{problemText(t, problem)}</span>
          </div>
        ) : (
          <p className="hint">
            {invite
              ? t('invite-dialog.until', {
                  time: new Date(invite.expiresAt).toLocaleString(i18n.language, {
                    dateStyle: 'medium',
                    timeStyle: 'short',
                  }),
                })
              : t('loading')}
          </p>
        )}
      </div>
    </Dialog>
  )
}

interface CopyFieldProps {
  label: string
  value: string | undefined
  primary?: boolean
}

function CopyField({ label, value = '', primary }: CopyFieldProps) {
  const { t } = useTranslation()
  const [copied, setCopied] = useState(false)

  useEffect(() => setCopied(false), [value])

  const copy = async () => {
    await navigator.clipboard.writeText(value)
    setCopied(true)
  }
  return (
    <label className="field">
      <span className="lbl">{label}</span>
      <span className="row">
        <input className="input mono" readOnly value={value} onFocus={(event) => event.target.select()} />
        <button
          type="button"
          className={primary ? 'btn primary copy' : 'btn copy'}
          disabled={!value}
          onClick={() => void copy()}
        >
          <Icon name={copied ? 'check' : 'copy'} size="sm" />
          <span role="status">{t(copied ? 'copied' : 'copy')}</span>
        </button>
      </span>
    </label>
  )
}
