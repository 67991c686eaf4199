/* SPDX-License-Identifier: LGPL-2.1-or-later */
import { useTranslation } from 'react-i18next'
import { notify } from '../../state/notices'
import { changeScene, useStudio } from '../../state/studio'
import type { Banner, Scene } from '../../state/types'
import { Icon } from '../parts/Icon'
import { Menu } from '../parts/Menu'
import { useStudioUi } from './ui'

export function isShown({ kind, title, subtitle }: Banner, scene: Scene | null): boolean {
  if (kind === 'ticker') return scene?.ticker === title
  return scene?.banner?.title === title && scene.banner.subtitle === subtitle
}

export const showBanner = ({ kind, title, subtitle }: Banner) =>
  void changeScene(kind === 'ticker' ? { ticker: title } : { banner: { title, subtitle } })
export const hideBanner = ({ kind }: Banner) => void changeScene(kind === 'ticker' ? { ticker: null } : { banner: null })

/** Lines that are prepared; one banner and one ticker are on screen at a time. */
export function Banners() {
  const { t } = useTranslation()
  const banners = useStudio((state) => state.banners)
  const scene = useStudio((state) => state.scene)
  const open = useStudioUi((state) => state.open)
  /* What another host shows is not among this browser's lines, and still has to go. */
  const foreign: Banner[] = []
  if (scene?.banner) foreign.push({ id: 'foreign-banner', kind: 'banner', ...scene.banner })
  if (scene?.ticker) foreign.push({ id: 'foreign-ticker', kind: 'ticker', title: scene.ticker, subtitle: '' })
  const rows = [...banners, ...foreign.filter(() => scene).filter((shown) => !banners.some((banner) => isShown(banner, scene) && banner.kind === shown.kind))]

  return (
    <section aria-label={t('studio.banners')}>
      <div className="row between">
        <span className="lbl">{t('studio.banners')}</span>
        <button
          type="button"
          className="btn quiet sm icon"
          aria-label={t('studio.new-banner')}
          title={t('studio.new-banner')}
          onClick={() => open({ kind: 'banner', id: null })}
        >
          <Icon name="plus" size="sm" />
        </button>
      </div>
      {rows.length === 0 && <p className="t-sm t3">{t('studio.no-banners')}</p>}
      {rows.map((banner) => (
        <BannerRow key={banner.id} banner={banner} scene={scene} kept={!banner.id.startsWith('foreign')} />
      ))}
    </section>
  )
}

function BannerRow({ banner, scene, kept }: { banner: Banner; scene: Scene | null; kept: boolean }) {
  const { t } = useTranslation()
  const removeBanner = useStudio((state) => state.removeBanner)
  const open = useStudioUi((state) => state.open)
  const { id, kind, title, subtitle } = banner
  const shown = isShown(banner, scene)

  const remove = () => {
    const undo = removeBanner(id)
    if (shown) hideBanner(banner)
    notify({
      tone: 'info',
      key: 'banner-removed',
      act: () => {
        undo()
        if (shown) showBanner(banner)
      },
    })
  }
  return (
    <div className={shown ? 'ban on' : 'ban'} data-banner={id}>
      <span className="grow cut">
        <b className={shown ? undefined : 'cut'}>{kind === 'ticker' ? t('studio.ticker') : title}</b>
        <span className={shown ? 't-sm block wraps' : 't-sm t3 cut block'}>{kind === 'ticker' ? title : subtitle}</span>
      </span>
      <button
        type="button"
        className={shown ? 'badge live as-button' : 'btn sm'}
        aria-pressed={shown}
        aria-label={t(shown ? 'studio.hide-name' : 'studio.show-name', { name: title })}
        disabled={scene === null}
        onClick={() => (shown ? hideBanner(banner) : showBanner(banner))}
      >
        {t(shown ? 'studio.on-screen' : 'studio.show-it')}
      </button>
      {kept && (
        <Menu
          label={t('more-for', { name: title })}
          button={<Icon name="more" size="sm" />}
          entries={() => [
            { kind: 'item', icon: 'edit', label: t('studio.edit'), act: () => open({ kind: 'banner', id }) },
            { kind: 'item', icon: 'trash', label: t('remove'), bad: true, act: remove },
          ]}
        />
      )}
    </div>
  )
}
