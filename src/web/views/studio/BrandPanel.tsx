/* SPDX-License-Identifier: LGPL-2.1-or-later */
import { type KeyboardEvent, useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Icon } from '../parts/Icon'
import { Banners } from './Banners'
import { Looks } from './Looks'
import { SavedScenes } from './SavedScenes'
import { ShowRecordings } from './ShowRecordings'
import { type BrandTab, useStudioUi } from './ui'

const tabs: BrandTab[] = ['brand', 'scenes', 'recordings']

export function BrandPanel() {
  const { t } = useTranslation()
  const { tab, drawer, change } = useStudioUi()
  const panel = useRef<HTMLElement>(null)

  useEffect(() => {
    if (!drawer) return
    const opener = document.activeElement
    panel.current?.querySelector<HTMLElement>('[aria-selected=true]')?.focus()
    return () => {
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus()
    }
  }, [drawer])

  const move = (event: KeyboardEvent<HTMLElement>) => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
    if (step === 0) return
    event.preventDefault()
    const next = tabs[(tabs.indexOf(tab) + step + tabs.length) % tabs.length]!
    event.currentTarget.querySelector<HTMLElement>(`#tab-${next}`)?.focus()
    change({ tab: next })
  }
  return (
    <aside ref={panel} className="sp-l card" tabIndex={-1} data-region aria-label={t('studio.brand')}>
      <div className="row tabrow">
        <div className="tabs grow" role="tablist" onKeyDown={move}>
          {tabs.map((name) => (
            <button
              key={name}
              id={`tab-${name}`}
              type="button"
              role="tab"
              aria-selected={name === tab}
              aria-controls="brand-panel"
              tabIndex={name === tab ? 0 : -1}
              onClick={() => change({ tab: name })}
            >
              {t(`studio.tabs.${name}`)}
            </button>
          ))}
        </div>
        <button
          type="button"
          className="btn quiet icon sm only-m"
          aria-label={t('close')}
          onClick={() => change({ drawer: false })}
        >
          <Icon name="x" size="sm" />
        </button>
      </div>
      <div className="brandp" role="tabpanel" id="brand-panel" aria-labelledby={`tab-${tab}`} tabIndex={0}>
        {tab === 'brand' && (
          <>
            <Banners />
            <Looks />
          </>
        )}
        {tab === 'scenes' && <SavedScenes />}
        {tab === 'recordings' && <ShowRecordings />}
      </div>
    </aside>
  )
}
