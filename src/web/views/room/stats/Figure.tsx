/* SPDX-License-Identifier: LGPL-2.1-or-later */
import { useTranslation } from 'react-i18next'
import { plotPaths } from './format'

interface FigureProps {
  label: string
  /** Null while not measured. */
  value: string | null
  unit: string
  points: number[]
  tall?: boolean
  tone?: 'b' | 'w'
  /** The plot's top is never below this, so that noise does not look like trouble. */
  least?: number
}

export function Figure({ label, value, unit, points, tall, tone, least }: FigureProps) {
  const { t } = useTranslation()
  const width = 300
  const height = tall ? 52 : 36
  const { line, area } = plotPaths(points, width, height, least)
  return (
    <div className="sp">
      <span className="lbl row between">
        <span>{label}</span>
        {value === null ? (
          <span className="t3">{t('not-measured')}</span>
        ) : (
          <span className="num b nowrap">
            {value} <span className="t3 m">{unit}</span>
          </span>
        )}
      </span>
      <svg
        className="plot"
        viewBox={`0 0 ${width} ${height}`}
        height={height}
        preserveAspectRatio="none"
        role="img"
        aria-label={t('history')}
      >
        <path className="rules" d={`M0 ${height - 0.5}H${width}M0 ${height / 2}H${width}M0 .5H${width}`} />
        {tone !== 'b' && <path className={`area ${tone ?? ''}`} d={area} />}
        <path className={`line ${tone ?? ''}`} d={line} />
      </svg>
    </div>
  )
}
