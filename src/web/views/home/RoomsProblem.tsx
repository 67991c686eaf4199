/* SPDX-License-Identifier: LGPL-2.1-or-later */
import { useTranslation } from 'react-i18next'
import { useRooms } from '../../state/rooms'
import type { Problem } from '../../state/types'
import { Empty } from '../parts/Empty'
import { problemText } from '../problem'

export function RoomsProblem({ problem }: { problem: Problem }) {
  const { t } = useTranslation()
  const load = useRooms((state) => state.load)
  return (
    <Empty icon="server" title={t('rooms-failed')} text={problemText(t, problem)}>
      <button type="button" className="btn" onClick={() => void load()}>
        {t('try-again')}
      </button>
    </Empty>
  )
}
