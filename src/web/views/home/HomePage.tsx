/* SPDX-License-Identifier: LGPL-2.1-or-later */
import { lazy, Suspense, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { useRooms } from '../../state/rooms'
import { useSession } from '../../state/session'
import { Empty } from '../parts/Empty'
import { Icon } from '../parts/Icon'
import { Shell } from '../shell/Shell'
import { CodeField } from './CodeField'
import { RoomList, RoomListSkeleton } from './RoomList'
import { RoomsProblem } from './RoomsProblem'
import { StartRoomDialog } from './StartRoomDialog'

const ComingShows = lazy(() => import('./ComingShows'))

export function HomePage() {
  const { t } = useTranslation()
  const status = useSession((state) => state.status)
  const account = useSession((state) => (state.user && !state.user.guest ? state.user : null))
  const { mine, public: open, problem, load } = useRooms()
  const [starting, setStarting] = useState(false)

  useEffect(() => {
    if (status !== 'unknown') void load()
  }, [status, account?.id, load])

  const quiet = mine?.length === 0 && open?.length === 0
  return (
    <Shell title={t('home')} lead={<CodeField />}>
      {(quiet || !account) && status !== 'unknown' && (
        <section className="hello">
          <h1>{account ? t('hello.quiet') : t('hello.welcome')}</h1>
          <p className="t2">{account ? t('hello.first') : t('hello.what')}</p>
          <div className="row wrap mt-4">
            {account ? (
              <button type="button" className="btn primary lg" onClick={() => setStarting(true)}>
                <Icon name="plus" size="sm" />
                {t('start-room')}
              </button>
            ) : (
              <>
                <Link className="btn primary lg" to="/signup">
                  {t('create-account')}
                </Link>
                <Link className="btn lg" to="/signin">
                  {t('sign-in')}
                </Link>
              </>
            )}
          </div>
        </section>
      )}
      {account && !quiet && <h1 className="sr">{t('home')}</h1>}
      {problem && <RoomsProblem problem={problem} />}
      <Suspense fallback={null}>
        <ComingShows />
      </Suspense>
      <div className="two">
        <section aria-labelledby="open-rooms">
          <div className="sec">
            <h2 id="open-rooms">{t('public-rooms')}</h2>
            <Link to="/rooms">{t('all-rooms')}</Link>
          </div>
          {open === null ? (
            <RoomListSkeleton />
          ) : open.length > 0 ? (
            <RoomList rooms={open.slice(0, 6)} />
          ) : (
            <Empty icon="door" title={t('no-public.title')} text={t('no-public.text')} />
          )}
        </section>
        <section aria-labelledby="own-rooms">
          <div className="sec">
            <h2 id="own-rooms">{t('my-rooms')}</h2>
            {mine && mine.length > 0 && <Link to="/rooms">{t('manage')}</Link>}
          </div>
          {account && mine === null ? (
            <RoomListSkeleton />
          ) : mine && mine.length > 0 ? (
            <RoomList rooms={mine.slice(0, 5)} foot={<CodeField withButton />} />
          ) : (
            <Empty icon="link" title={t('have-code.title')} text={t('have-code.text')}>
              <CodeField withButton primary />
            </Empty>
          )}
        </section>
      </div>
      {account && (
        <button type="button" className="btn primary lg wide only-s" onClick={() => setStarting(true)}>
          {t('start-room')}
        </button>
      )}
      {starting && <StartRoomDialog onClose={() => setStarting(false)} />}
    </Shell>
  )
}
