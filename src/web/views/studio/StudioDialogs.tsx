/* SPDX-License-Identifier: LGPL-2.1-or-later */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useStudio } from '../../state/studio'
import type { Banner, Outcome } from '../../state/types'
import { useAttempt } from '../account/AuthFrame'
import { Confirm, Dialog } from '../parts/Dialog'
import { TextField } from '../parts/Field'
import { Segments } from '../parts/Switch'
import { fieldProblem, problemText, tell } from '../problem'
import { ShowDialog } from '../shows/ShowDialog'
import { hideBanner, isShown, showBanner } from './Banners'
import { DestinationDialog } from './DestinationDialog'
import { useStudioUi } from './ui'

/** Whatever dialog of the studio is open. */
export function StudioDialogs() {
  const { t } = useTranslation()
  const { dialog, close } = useStudioUi()
  const show = useStudio((state) => state.show)
  const { end, describe, removeDestination } = useStudio.getState()

  switch (dialog?.kind) {
    case 'destination':
      return <DestinationDialog key={dialog.id} {...dialog} onClose={close} />
    case 'remove-destination':
      return (
        <Confirm
          title={t('destination.remove-title', { name: dialog.name })}
          text={t('destination.remove-text')}
          action={t('remove')}
          onConfirm={() => void tell(removeDestination(dialog.id))}
          onClose={close}
        />
      )
    case 'banner':
      return <BannerDialog id={dialog.id} onClose={close} />
    case 'save-scene':
      return <SaveSceneDialog onClose={close} />
    case 'show':
      return show && <ShowDialog show={show} onSave={({ title, description, quality }) => describe(show.status === 'scheduled' ? { title, description, quality } : { title, description })} onClose={close} />
    case 'end':
      return (
        <Confirm
          title={t('studio.end-title')}
          text={t('studio.end-text')}
          action={t('studio.end')}
          onConfirm={() => void tell(end())}
          onClose={close}
        />
      )
    default:
      return null
  }
}

function BannerDialog({ id, onClose }: { id: string | null; onClose: () => void }) {
  const { t } = useTranslation()
  const known = useStudio((state) => state.banners.find((banner) => banner.id === id))
  const [kind, setKind] = useState<Banner['kind']>(known?.kind ?? 'banner')
  const [title, setTitle] = useState(known?.title ?? '')
  const [subtitle, setSubtitle] = useState(known?.subtitle ?? '')
  const ticker = kind === 'ticker'

  const save = () => {
    const { addBanner, changeBanner, scene } = useStudio.getState()
    const banner = { kind, title: title.trim(), subtitle: ticker ? '' : subtitle.trim() }
    if (known) {
      changeBanner({ ...banner, id: known.id })
      /* What is on screen follows what was written. */
      if (isShown(known, scene)) {
        if (known.kind !== kind) hideBanner(known)
        showBanner({ ...banner, id: known.id })
      }
    } else addBanner(banner)
    onClose()
  }
  return (
    <Dialog
      title={t(known ? 'studio.edit-banner' : 'studio.new-banner')}
      onClose={onClose}
      onSubmit={() => title.trim() && save()}
      foot={
        <>
          <span className="grow" />
          <button type="button" className="btn quiet" onClick={onClose}>
            {t('cancel')}
          </button>
          <button type="submit" className="btn primary" disabled={!title.trim()}>
            {t('save')}
          </button>
        </>
      }
    >
      <div className="col g4">
        <Segments
          wide
          label={t('studio.kind')}
          value={kind}
          options={(['banner', 'ticker'] as const).map((value) => ({ value, label: t(`studio.${value}`) }))}
          onChange={setKind}
        />
        <TextField
          label={t(ticker ? 'studio.ticker-text' : 'studio.banner-title')}
          maxLength={ticker ? 500 : 80}
          autoFocus
          value={title}
          onChange={setTitle}
        />
        {!ticker && <TextField label={t('studio.banner-subtitle')} maxLength={120} value={subtitle} onChange={setSubtitle} />}
      </div>
    </Dialog>
  )
}

function SaveSceneDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  const saveScene = useStudio((state) => state.saveScene)
  const [name, setName] = useState('')
  const { busy, problem, submit } = useAttempt((): Promise<Outcome> => saveScene(name.trim()), onClose)
  return (
    <Dialog
      title={t('studio.save-scene')}
      text={t('studio.save-scene-text')}
      onClose={onClose}
      onSubmit={() => name.trim() && void submit()}
      foot={
        <>
          <span className="grow" />
          <button type="button" className="btn quiet" onClick={onClose}>
            {t('cancel')}
          </button>
          <button type="submit" className={`btn primary ${busy ? 'busy' : ''}`} disabled={!name.trim()}>
            {t('save')}
          </button>
        </>
      }
    >
      <TextField
        label={t('name')}
        maxLength={40}
        autoFocus
        value={name}
        error={fieldProblem(t, problem, 'name') ?? (problem && problemText(t, problem))}
        onChange={setName}
      />
    </Dialog>
  )
}
