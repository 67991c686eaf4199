/* SPDX-License-Identifier: LGPL-2.1-or-later */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useStudio } from '../../state/studio'
import type { Destination, DestinationTest, Outcome, Platform, Problem } from '../../state/types'
import { useAttempt } from '../account/AuthFrame'
import { Dialog } from '../parts/Dialog'
import { TextField } from '../parts/Field'
import { Icon } from '../parts/Icon'
import { Segments } from '../parts/Switch'
import { fieldProblem, problemText } from '../problem'
import { platformNames } from './Destinations'
import { useStudioUi } from './ui'

const platforms: Platform[] = ['youtube', 'facebook', 'twitch', 'custom']
const fields = ['name', 'rtmpUrl', 'streamKey']

interface DestinationDialogProps {
  id: string | null
  field?: 'rtmpUrl' | 'streamKey'
  onClose: () => void
}

/** Adds a destination, or changes one. Its key is only ever written, never read. */
export function DestinationDialog({ id, field, onClose }: DestinationDialogProps) {
  const { t } = useTranslation()
  const open = useStudioUi((state) => state.open)
  const { addDestination, changeDestination } = useStudio.getState()
  const known = useStudio((state) => state.destinations.find((destination) => destination.id === id))
  const [platform, setPlatform] = useState<Platform>(known?.platform ?? 'youtube')
  const [name, setName] = useState(known?.name ?? '')
  const [rtmpUrl, setUrl] = useState(known?.rtmpUrl ?? '')
  const [streamKey, setKey] = useState('')
  const custom = platform === 'custom'

  const save = async (): Promise<Outcome<unknown>> => {
    const given = name.trim()
    if (known) {
      return changeDestination(known.id, {
        ...(given && given !== known.name ? { name: given } : {}),
        ...(rtmpUrl.trim() && rtmpUrl !== known.rtmpUrl ? { rtmpUrl: rtmpUrl.trim() } : {}),
        ...(streamKey ? { streamKey: streamKey.trim() } : {}),
      })
    }
    const outcome = await addDestination({
      platform,
      name: given || (custom ? new URL(rtmpUrl.trim()).hostname.slice(0, 40) : platformNames[platform]),
      streamKey: streamKey.trim(),
      ...(custom ? { rtmpUrl: rtmpUrl.trim() } : {}),
    })
    /* The next thing to do with a new one is to test it. */
    if (outcome.ok) open({ kind: 'destination', id: outcome.value.id })
    return outcome
  }
  const { busy, problem, submit } = useAttempt(save as () => Promise<Outcome>, () => known && onClose())
  const complete = known ? true : streamKey.trim() !== '' && (!custom || URL.canParse(rtmpUrl.trim()))

  return (
    <Dialog
      title={t(known ? 'destination.edit' : 'destination.add')}
      text={t('destination.text')}
      onClose={onClose}
      onSubmit={() => void submit()}
      foot={
        <>
          {known && (
            <button
              type="button"
              className="btn quiet danger"
              onClick={() => open({ kind: 'remove-destination', id: known.id, name: known.name })}
            >
              {t('remove')}
            </button>
          )}
          <span className="grow" />
          <button type="button" className="btn quiet" onClick={onClose}>
            {t('cancel')}
          </button>
          <button type="submit" className={`btn primary ${busy ? 'busy' : ''}`} disabled={!complete}>
            {t(known ? 'save' : 'destination.add-it')}
          </button>
        </>
      }
    >
      <div className="col g4">
        {!known && (
          <Segments
            wide
            label={t('destination.platform')}
            value={platform}
            options={platforms.map((value) => ({
              value,
              label: value === 'custom' ? t('destination.custom') : platformNames[value],
            }))}
            onChange={setPlatform}
          />
        )}
        {(custom || known) && (
          <TextField
            label={t('destination.address')}
            placeholder="rtmps://live.example.org/app"
            inputMode="url"
            maxLength={500}
            autoFocus={field === 'rtmpUrl'}
            value={rtmpUrl}
            error={fieldProblem(t, problem, 'rtmpUrl')}
            onChange={setUrl}
          />
        )}
        <TextField
          label={t('destination.key')}
          type="password"
          autoComplete="off"
          maxLength={500}
          autoFocus={field === 'streamKey'}
          placeholder={known ? t('destination.key-kept') : undefined}
          hint={t('destination.key-hint')}
          value={streamKey}
          error={fieldProblem(t, problem, 'streamKey')}
          onChange={setKey}
        />
        <TextField
          label={t('name')}
          maxLength={40}
          placeholder={custom ? t('destination.custom') : platformNames[platform as keyof typeof platformNames]}
          value={name}
          error={fieldProblem(t, problem, 'name')}
          onChange={setName}
        />
        {problem && !fields.includes(problem.field ?? '') && (
          <div className="note bad" role="alert">
            <Icon name="alert" size="sm" />
            <span>{problemText(t, problem)}</span>
          </div>
        )}
        {known && <TestPart destination={known} />}
      </div>
    </Dialog>
  )
}

/** Connects for real and says what failed. */
function TestPart({ destination }: { destination: Destination }) {
  const { t } = useTranslation()
  const testDestination = useStudio((state) => state.testDestination)
  const [busy, setBusy] = useState(false)
  const [result, setResult] = useState<DestinationTest | null>(null)
  const [problem, setProblem] = useState<Problem | null>(null)
  const onAir = destination.status.state === 'live'

  const test = async () => {
    setBusy(true)
    setResult(null)
    setProblem(null)
    const outcome = await testDestination(destination.id)
    setBusy(false)
    if (outcome.ok) setResult(outcome.value)
    else setProblem(outcome.problem)
  }
  return (
    <div className="col g2">
      <span className="row g3">
        <button type="button" className={`btn ${busy ? 'busy' : ''}`} disabled={busy || onAir} onClick={() => void test()}>
          {t('destination.test')}
        </button>
        <span className="t-sm t3">{t(onAir ? 'destination.test-live' : 'destination.test-hint')}</span>
      </span>
      <div role="status">
        {problem && (
          <div className="note bad">
            <Icon name="alert" size="sm" />
            <span>{problemText(t, problem)}</span>
          </div>
        )}
        {result && (
          <div className={result.ok ? 'note ok' : 'note bad'}>
            <Icon name={result.ok ? 'check' : 'alert'} size="sm" />
            <span>
              {result.ok
                ? t('destination.test-ok', { ms: result.tookMs })
                : `${t('destination.test-failed')} ${t(`destination.reason.${result.reason ?? 'internal'}`)}`}
            </span>
          </div>
        )}
      </div>
    </div>
  )
}
