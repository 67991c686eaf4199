/* SPDX-License-Identifier: LGPL-2.1-or-later */
import { Fragment } from 'react'
import { useTranslation } from 'react-i18next'
import { Icon } from '../../parts/Icon'
import type { Preset } from './presets'
import { heights, overUplink, presets } from './presets'

interface PresetGridProps {
  choice: Preset
  copies: number
  uplinkMbit: number | null
  onChoose: (preset: Preset) => void
}

/** Three sizes by two frame rates, each with what it costs. */
export function PresetGrid({ choice, copies, uplinkMbit, onChoose }: PresetGridProps) {
  const { t } = useTranslation()
  return (
    <div className="pgrid" role="radiogroup" aria-label={t('share.quality')}>
      <span />
      <span className="lbl">
        {t('share.fps30')} <span className="t3">{t('share.fps30-for')}</span>
      </span>
      <span className="lbl">
        {t('share.fps60')} <span className="t3">{t('share.fps60-for')}</span>
      </span>
      {heights.map(({ height, name, size }) => (
        <Fragment key={height}>
          <span className="rl">
            <b>{name}</b>
            <span className="t-xs t3 num">{size}</span>
          </span>
          {presets
            .filter((preset) => preset.height === height)
            .map((preset) => (
              <PresetCell
                key={preset.fps}
                preset={preset}
                name={name}
                on={choice.height === height && choice.fps === preset.fps}
                over={overUplink(preset.mbit, copies, uplinkMbit)}
                onChoose={onChoose}
              />
            ))}
        </Fragment>
      ))}
    </div>
  )
}

interface PresetCellProps {
  preset: Preset
  name: string
  on: boolean
  over: boolean
  onChoose: (preset: Preset) => void
}

function PresetCell({ preset, name, on, over, onChoose }: PresetCellProps) {
  const { t } = useTranslation()
  const { height, fps, mbit } = preset
  return (
    <label className={`preset ${on ? 'on' : ''} ${over ? 'no' : ''}`}>
      <input
        type="radio"
        name="preset"
        className="sr"
        checked={on}
        aria-label={t('share.preset-name', { name, fps, mbit })}
        data-preset={`${height}p${fps}`}
        onChange={() => onChoose(preset)}
      />
      <span className="num mb">
        {mbit}
        <small>{t('unit.mbit')}</small>
      </span>
      {over ? (
        <span className="t-sm wrn row g1">
          <Icon name="bolt" size="xs" />
          {t('share.over-uplink')}
        </span>
      ) : (
        <span className="t-sm">{t(`share.is.${height}p${fps}`)}</span>
      )}
      {on && (
        <span className="box round on" aria-hidden="true">
          <Icon name="check" />
        </span>
      )}
    </label>
  )
}
