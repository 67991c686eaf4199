/* SPDX-License-Identifier: LGPL-2.1-or-later */
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { isRunning } from '../../state/room-model'
import { useRooms } from '../../state/rooms'
import { useSession } from '../../state/session'
import { useShows } from '../../state/shows'
import type { Show } from '../../state/types'
import { Confirm } from '../parts/Dialog'
import { Empty } from '../parts/Empty'
import { Icon } from '../parts/Icon'
import { Menu } from '../parts/Menu'
import { RoomListSkeleton } from '../home/RoomList'
import { problemText, tell } from '../problem'
import { Shell } from '../shell/Shell'
import { ShowDialog } from './ShowDialog'
import { ShowList } from '../parts/ShowList'

type Open = { kind: 'plan' } | { kind: 'edit'; show: Show } | { kind: 'cancel'; show: Show } | null

/** Shows that are on and that are to come; who has a room plans them here. */
export default function ShowsPage() {
  const { t } = useTranslation()
  const status = useSession((state) => state.status)
  const user = useSession((state) => state.user)
  const { shows, problem, load, plan, change, cancel } = useShows()
  const { mine, load: loadRooms } = useRooms()
  const [open, setOpen] = useState<Open>(null)
  const close = () => setOpen(null)

  useEffect(() => {
    if (status === 'unknown') return
    void load()
    void loadRooms()
  }, [status, load, loadRooms])

  const menu = (show: Show) =>
    user?.id === show.owner.id && (
      <Menu
        label={t('more-for', { name: show.title })}
        button={<Icon name="more" size="sm" />}
        entries={() => [
          { kind: 'item', icon: 'edit', label: t('shows.edit'), act: () => setOpen({ kind: 'edit', show }) },
          ...(isRunning(show)
            ? []
            : [{ kind: 'item' as const, icon: 'trash' as const, label: t('shows.cancel'), bad: true, act: () => setOpen({ kind: 'cancel', show }) }]),
        ]}
      />
    )
  return (
    <Shell title={t('shows-title')}>
      <div className="row between wrap">
        <h1>{t('shows-title')}</h1>
        <span className="row">
          {user && !user.guest && (
            <Link className="btn" to="/recordings">
              <Icon name="film" size="sm" />
              {t('recordings.title')}
            </Link>
          )}
          {mine && mine.length > 0 && (
            <button type="button" className="btn" onClick={() => setOpen({ kind: 'plan' })}>
              <Icon name="calendar" size="sm" />
              {t('shows.plan')}
            </button>
          )}
        </span>
      </div>
      {problem ? (
        <Empty icon="server" title={t('shows.failed')} text={problemText(t, problem)} heading="h2">
          <button type="button" className="btn" onClick={() => void load()}>
            {t('try-again')}
          </button>
        </Empty>
      ) : shows === null ? (
        <RoomListSkeleton />
      ) : shows.length > 0 ? (
        <ShowList shows={shows} more={menu} />
      ) : (
        <Empty icon="calendar" title={t('shows.none.title')} text={t('shows.none.text')} heading="h2" />
      )}
      {open?.kind === 'plan' && <ShowDialog timed rooms={mine ?? []} onSave={plan} onClose={close} />}
      {open?.kind === 'edit' && (
        <ShowDialog
          timed
          show={open.show}
          onSave={({ title, description, startTime, quality }) =>
            change(open.show.id, isRunning(open.show) ? ({ title, description } as never) : { title, description, startTime, quality })
          }
          onClose={close}
        />
      )}
      {open?.kind === 'cancel' && (
        <Confirm
          title={t('shows.cancel-title', { title: open.show.title })}
          text={t('shows.cancel-text')}
          action={t('shows.cancel')}
          onConfirm={() => void tell(cancel(open.show.id))}
          onClose={close}
        />
      )}
    </Shell>
  )
}
