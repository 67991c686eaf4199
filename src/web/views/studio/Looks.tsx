/* SPDX-License-Identifier: LGPL-2.1-or-later */
import { useId, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { changeScene, useStudio } from '../../state/studio'
import type { Corner, PictureUse, Scene, StudioPicture } from '../../state/types'
import { Icon } from '../parts/Icon'
import { Segments, SwitchRow } from '../parts/Switch'
import { notify } from '../../state/notices'
import { tell } from '../problem'

const colours = ['#1b7f5a', '#2f6fb0', '#b4543a', '#7a4a9c', '#c08a2a', '#30363b']
const grounds = ['#101614', '#22303c', '#3a2430']
const corners: { value: Corner; arrow: string }[] = [
  { value: 'top-left', arrow: '↖' },
  { value: 'top-right', arrow: '↗' },
  { value: 'bottom-left', arrow: '↙' },
  { value: 'bottom-right', arrow: '↘' },
]

/** Colour, logo, background, overlay, name tags, the message on screen. */
export function Looks() {
  const { t } = useTranslation()
  const scene = useStudio((state) => state.scene)
  if (scene === null) return null
  return (
    <>
      <Colours scene={scene} />
      <LogoPart scene={scene} />
      <Backgrounds scene={scene} />
      <Overlays scene={scene} />
      <section className="col switches">
        <SwitchRow
          label={t('studio.name-tags')}
          on={scene.nameTags}
          onChange={(nameTags) => void changeScene({ nameTags })}
        />
        <SwitchRow
          label={t('studio.message-on-screen')}
          hint={scene.message === null ? t('studio.message-hint') : `${scene.message.name}: ${scene.message.text}`}
          on={scene.message !== null}
          disabled={scene.message === null}
          onChange={() => void changeScene({ message: null })}
        />
      </section>
    </>
  )
}

function Colours({ scene }: { scene: Scene }) {
  const { t } = useTranslation()
  const own = !colours.includes(scene.colour)
  const choose = (colour: string) => void changeScene({ colour })
  return (
    <section aria-label={t('studio.colour')}>
      <span className="lbl">{t('studio.colour')}</span>
      <div className="row sw">
        {colours.map((colour) => (
          <button
            key={colour}
            type="button"
            className={colour === scene.colour ? 'on' : undefined}
            style={{ background: colour }}
            aria-label={colour}
            aria-pressed={colour === scene.colour}
            onClick={() => choose(colour)}
          />
        ))}
        <label
          className={own ? 'add on' : 'add'}
          style={own ? { background: scene.colour, color: '#fff' } : undefined}
          title={t('studio.own-colour')}
        >
          <span className="sr">{t('studio.own-colour')}</span>
          <Icon name="plus" size="sm" />
          <input type="color" value={scene.colour} onChange={(event) => choose(event.target.value)} />
        </label>
      </div>
    </section>
  )
}

function LogoPart({ scene }: { scene: Scene }) {
  const { t } = useTranslation()
  const pictures = useStudio((state) => state.pictures).filter(({ use }) => use === 'logo')
  const corner = scene.logo?.corner ?? 'bottom-right'
  const choose = (picture: StudioPicture) =>
    void changeScene({ logo: picture.id === scene.logo?.picture ? null : { picture: picture.id, corner } })
  return (
    <section aria-label={t('studio.logo')}>
      <span className="lbl">{t('studio.logo')}</span>
      <div className="bgs">
        {pictures.map((picture) => (
          <PictureButton
            key={picture.id}
            picture={picture}
            on={picture.id === scene.logo?.picture}
            whole
            onChoose={() => choose(picture)}
          />
        ))}
        <Upload use="logo" onDone={choose} />
      </div>
      {scene.logo && (
        <div className="mt-2">
          <Segments
            small
            label={t('studio.corner')}
            value={corner}
            options={corners.map(({ value, arrow }) => ({ value, label: arrow, name: t(`studio.corners.${value}`) }))}
            onChange={(value) => void changeScene({ logo: { corner: value } })}
          />
        </div>
      )}
    </section>
  )
}

function Backgrounds({ scene }: { scene: Scene }) {
  const { t } = useTranslation()
  const pictures = useStudio((state) => state.pictures).filter(({ use }) => use === 'background')
  const { colour, picture } = scene.background
  return (
    <section aria-label={t('studio.background')}>
      <span className="lbl">{t('studio.background')}</span>
      <div className="bgs">
        {grounds.map((ground) => {
          const on = picture === null && colour === ground
          return (
            <button
              key={ground}
              type="button"
              className={on ? 'on' : undefined}
              style={{ background: ground }}
              aria-label={t('studio.plain-background', { colour: ground })}
              aria-pressed={on}
              onClick={() => void changeScene({ background: { colour: ground, picture: null } })}
            />
          )
        })}
        {pictures.map((own) => (
          <PictureButton
            key={own.id}
            picture={own}
            on={own.id === picture}
            onChoose={() => void changeScene({ background: { picture: own.id } })}
          />
        ))}
        <Upload use="background" onDone={({ id }) => void changeScene({ background: { picture: id } })} />
      </div>
    </section>
  )
}

function Overlays({ scene }: { scene: Scene }) {
  const { t } = useTranslation()
  const pictures = useStudio((state) => state.pictures).filter(({ use }) => use === 'overlay')
  const choose = ({ id }: StudioPicture) =>
    void changeScene({ overlay: id === scene.overlay?.picture ? null : { picture: id } })
  return (
    <section aria-label={t('studio.overlay')}>
      <span className="lbl">{t('studio.overlay')}</span>
      <div className="bgs">
        {pictures.map((picture) => (
          <PictureButton
            key={picture.id}
            picture={picture}
            on={picture.id === scene.overlay?.picture}
            whole
            onChoose={() => choose(picture)}
          />
        ))}
        <Upload use="overlay" onDone={choose} />
      </div>
    </section>
  )
}

interface PictureButtonProps {
  picture: StudioPicture
  on: boolean
  whole?: boolean
  onChoose: () => void
}

function PictureButton({ picture, on, whole, onChoose }: PictureButtonProps) {
  const { t } = useTranslation()
  const removePicture = useStudio((state) => state.removePicture)
  const remove = () => notify({ tone: 'info', key: 'picture-removed', act: removePicture(picture.id) })
  return (
    <span className="pic-b">
      <button
        type="button"
        className={on ? 'on' : undefined}
        aria-pressed={on}
        aria-label={t(`studio.use-picture.${picture.use}`)}
        style={{ background: `var(--inset) url("${picture.url}") center / ${whole ? 'contain' : 'cover'} no-repeat` }}
        onKeyDown={(event) => event.key === 'Delete' && !on && remove()}
        onClick={onChoose}
      />
      {/* What is on screen goes off it first. */}
      {!on && (
        <button type="button" className="gone" aria-label={t('studio.remove-picture')} title={t('studio.remove-picture')} onClick={remove}>
          <Icon name="x" size="xs" />
        </button>
      )}
    </span>
  )
}

function Upload({ use, onDone }: { use: PictureUse; onDone: (picture: StudioPicture) => void }) {
  const { t } = useTranslation()
  const id = useId()
  const field = useRef<HTMLInputElement>(null)
  const upload = useStudio((state) => state.upload)
  const uploading = useStudio((state) => state.uploading)
  const mine = uploading?.use === use ? uploading.progress : null

  const send = async (file: File | undefined) => {
    if (!file) return
    const outcome = await upload(file, use)
    if (outcome.ok) onDone(outcome.value)
    else await tell(Promise.resolve(outcome))
    if (field.current) field.current.value = ''
  }
  return (
    <label className="up" htmlFor={id} title={t(`studio.upload.${use}`)}>
      <span className="sr">{t(`studio.upload.${use}`)}</span>
      {mine === null ? (
        <Icon name="upload" size="sm" />
      ) : (
        <span className="t-xs num" role="progressbar" aria-valuenow={Math.round(mine * 100)} aria-label={t('studio.uploading')}>
          {Math.round(mine * 100)} %
        </span>
      )}
      <input
        ref={field}
        id={id}
        type="file"
        className="sr"
        accept="image/png,image/jpeg,image/webp"
        disabled={uploading !== null}
        onChange={(event) => void send(event.target.files?.[0])}
      />
    </label>
  )
}
