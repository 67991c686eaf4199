/* SPDX-License-Identifier: LGPL-2.1-or-later */
import { useTranslation } from 'react-i18next'
import { notify } from '../../state/notices'
import { patchOf } from '../../state/scene'
import { changeScene, useStudio } from '../../state/studio'
import type { SavedScene } from '../../state/types'
import { Icon } from '../parts/Icon'
import { tell } from '../problem'
import { useStudioUi } from './ui'

export function SavedScenes() {
  const { t } = useTranslation()
  const saved = useStudio((state) => state.saved)
  const scene = useStudio((state) => state.scene)
  const { removeScene, saveScene } = useStudio.getState()
  const open = useStudioUi((state) => state.open)

  const remove = async (gone: SavedScene) => {
    if (!(await tell(removeScene(gone.id)))) return
    notify({ tone: 'info', key: 'scene-removed', act: () => void tell(saveScene(gone.name, gone.scene)) })
  }
  return (
    <section aria-label={t('studio.saved-scenes')}>
      <div className="row between">
        <span className="lbl">{t('studio.saved-scenes')}</span>
        <button
          type="button"
          className="btn quiet sm icon"
          aria-label={t('studio.save-scene')}
          title={t('studio.save-scene')}
          disabled={scene === null}
          onClick={() => open({ kind: 'save-scene' })}
        >
          <Icon name="plus" size="sm" />
        </button>
      </div>
      {saved.length === 0 && <p className="t-sm t3">{t('studio.no-scenes')}</p>}
      {saved.map((item) => (
        <div key={item.id} className="ban">
          <span className="grow cut">
            <b className="cut">{item.name}</b>
            <span className="t-sm t3 cut block">{t(`studio.layouts.${item.scene.layout}`)}</span>
          </span>
          <button
            type="button"
            className="btn sm"
            aria-label={t('studio.show-name', { name: item.name })}
            onClick={() => void changeScene(patchOf(item.scene))}
          >
            {t('studio.show-it')}
          </button>
          <button
            type="button"
            className="btn quiet icon sm"
            aria-label={t('studio.remove-name', { name: item.name })}
            onClick={() => void remove(item)}
          >
            <Icon name="trash" size="sm" />
          </button>
        </div>
      ))}
    </section>
  )
}
