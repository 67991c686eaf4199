/* SPDX-License-Identifier: LGPL-2.1-or-later */
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useRooms } from '../../state/rooms'
import { useSession } from '../../state/session'
import type { RoomSummary } from '../../state/types'
import { Confirm } from '../parts/Dialog'
import { Empty } from '../parts/Empty'
import { Icon } from '../parts/Icon'
import { tell } from '../problem'
import { Shell } from '../shell/Shell'
import { CodeField } from './CodeField'
import { RoomList, RoomListSkeleton } from './RoomList'
import { RoomsProblem } from './RoomsProblem'

export function RoomsPage() {
  const { t } = useTranslation()
  const status = useSession((state) => state.status)
  const { mine, public: open, problem, hasMorePublic, load, loadMorePublic, remove } = useRooms()
  const [removing, setRemoving] = useState<RoomSummary | null>(null)

  useEffect(() => {
    if (status !== 'unknown') void load()
  }, [status, load])

  return (
    <Shell title={t('rooms')} lead={<CodeField />}>
      <h1>{t('rooms')}</h1>
      {problem && <RoomsProblem problem={problem} />}
      {mine && mine.length > 0 && (
        <section aria-labelledby="own-rooms">
          <div className="sec">
            <h2 id="own-rooms">{t('my-rooms')}</h2>
          </div>
          <RoomList
            rooms={mine}
            more={(room) => (
              <button
                type="button"
                className="btn quiet icon sm"
                aria-label={t('remove-room', { title: room.title })}
                onClick={() => setRemoving(room)}
              >
                <Icon name="trash" size="sm" />
              </button>
            )}
          />
        </section>
      )}
      <section aria-labelledby="open-rooms">
        <div className="sec">
          <h2 id="open-rooms">{t('public-rooms')}</h2>
        </div>
        {open === null ? (
          <RoomListSkeleton />
        ) : open.length > 0 ? (
          <RoomList rooms={open} />
        ) : (
          <Empty icon="door" title={t('no-public.title')} text={t('no-public.text')} />
        )}
        {hasMorePublic && (
          <button type="button" className="btn mt-3" onClick={() => void loadMorePublic()}>
            {t('more-rooms')}
          </button>
        )}
      </section>
      {removing && (
        <Confirm
          title={t('remove-room', { title: removing.title })}
          text={t('remove-room-text')}
          action={t('remove')}
          onConfirm={() => void tell(remove(removing.id))}
          onClose={() => setRemoving(null)}
        />
      )}
    </Shell>
  )
}
