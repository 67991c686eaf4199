/* SPDX-License-Identifier: LGPL-2.1-or-later */
import type { CSSProperties, KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { changeScene, useStudio } from '../../state/studio'
import type { Scene, SceneLayout } from '../../state/types'
import { Icon } from '../parts/Icon'
import { Segments } from '../parts/Switch'
import { tell } from '../problem'
import { layouts } from './keys'
import { useStudioUi } from './ui'

/** The drawings on the buttons: inset, and whether it is a screen or lies over one. */
const drawings: Record<SceneLayout, [string, string?][]> = {
  grid: [['12% 52% 12% 8%'], ['12% 8% 12% 52%']],
  spotlight: [['8% 14% 38% 14%'], ['68% 54% 8% 26%'], ['68% 26% 8% 54%']],
  sidebar: [['12% 34% 12% 6%'], ['12% 6% 52% 70%'], ['52% 6% 12% 70%']],
  solo: [['8%']],
  screen: [['10% 34% 10% 5%', 's'], ['18% 5% 52% 69%'], ['52% 5% 18% 69%']],
  pip: [['8%', 's'], ['54% 12% 14% 62%', 'p']],
}

const transitions: Scene['transition']['kind'][] = ['cut', 'fade', 'move']
const steps: Record<string, number> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }

export function LayoutStrip() {
  const { t } = useTranslation()
  const scene = useStudio((state) => state.scene)
  const canUndo = useStudio((state) => state.canUndo)
  const undo = useStudio((state) => state.undo)
  const { open, change, drawer } = useStudioUi()

  return (
    <div className="lays">
      <Layouts chosen={scene?.layout ?? null} />
      <span className="grow" />
      <button
        type="button"
        className="btn quiet icon sm"
        aria-label={t('studio.undo')}
        title={`${t('studio.undo')} (Ctrl+Z)`}
        disabled={!canUndo}
        onClick={() => void tell(undo())}
      >
        <Icon name="undo" size="sm" />
      </button>
      <span className="transition">
        <Segments
          small
          label={t('studio.transition')}
          value={scene?.transition.kind ?? 'cut'}
          options={transitions.map((value) => ({ value, label: t(`studio.transitions.${value}`) }))}
          onChange={(kind) => void changeScene({ transition: { kind } })}
        />
      </span>
      <button
        type="button"
        className="btn sm quiet hide-m"
        disabled={scene === null}
        onClick={() => open({ kind: 'save-scene' })}
      >
        <Icon name="bookmark" size="xs" />
        {t('studio.save-scene')}
      </button>
      <button type="button" className="btn sm only-m" aria-expanded={drawer} onClick={() => change({ drawer: !drawer })}>
        <Icon name="palette" size="xs" />
        {t('studio.brand')}
      </button>
    </div>
  )
}

function Layouts({ chosen }: { chosen: SceneLayout | null }) {
  const { t } = useTranslation()

  const move = (event: KeyboardEvent<HTMLElement>, layout: SceneLayout) => {
    const step = steps[event.key]
    if (step === undefined) return
    event.preventDefault()
    event.stopPropagation()
    const next = layouts[(layouts.indexOf(layout) + step + layouts.length) % layouts.length]!
    event.currentTarget.parentElement?.querySelector<HTMLElement>(`[data-layout=${next}]`)?.focus()
    void changeScene({ layout: next })
  }
  return (
    <div className="row g1 lrow" role="radiogroup" aria-label={t('layout')}>
      {layouts.map((layout, index) => (
        <button
          key={layout}
          type="button"
          className="lay"
          role="radio"
          data-layout={layout}
          aria-checked={layout === chosen}
          aria-label={t(`studio.layouts.${layout}`)}
          title={`${t(`studio.layouts.${layout}`)} (${index + 1})`}
          tabIndex={layout === (chosen ?? 'grid') ? 0 : -1}
          disabled={chosen === null}
          onKeyDown={(event) => move(event, layout)}
          onClick={() => layout !== chosen && void changeScene({ layout })}
        >
          <span>
            {drawings[layout].map(([inset, kind], box) => (
              <i key={box} className={kind} style={{ inset } as CSSProperties} />
            ))}
          </span>
          <kbd className="hide-m">{index + 1}</kbd>
        </button>
      ))}
    </div>
  )
}
