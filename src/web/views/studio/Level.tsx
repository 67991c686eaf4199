/* SPDX-License-Identifier: LGPL-2.1-or-later */
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { meterOf } from '../../media/level'
import { useRoom } from '../../state/room'

const bars = 12
const every = 100

/** How loud somebody is. It changes ten times a second, so it goes past React. */
export function Level({ participantId, name }: { participantId: string; name: string }) {
  const { t } = useTranslation()
  const meter = useRef<HTMLSpanElement>(null)

  useEffect(() => {
    const draw = () => {
      const lit = Math.round(meterOf(useRoom.getState().levelOf(participantId)) * bars)
      for (const [index, bar] of [...meter.current!.children].entries()) bar.classList.toggle('on', index < lit)
    }
    const timer = setInterval(draw, every)
    return () => clearInterval(timer)
  }, [participantId])

  return (
    <span className="vu" role="img" aria-label={t('studio.level-of', { name })} ref={meter}>
      {Array.from({ length: bars }, (_, bar) => (
        <i key={bar} />
      ))}
    </span>
  )
}
