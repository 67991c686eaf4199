/* SPDX-License-Identifier: LGPL-2.1-or-later */
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { useSession } from '../../state/session'
import { useShows } from '../../state/shows'
import { ShowList } from '../parts/ShowList'

const most = 3

/** On the home page: the next shows, where there are any. */
export default function ComingShows() {
  const { t } = useTranslation()
  const status = useSession((state) => state.status)
  const { shows, load } = useShows()

  useEffect(() => {
    if (status !== 'unknown') void load()
  }, [status, load])

  if (!shows || shows.length === 0) return null
  return (
    <section aria-labelledby="coming-shows">
      <div className="sec">
        <h2 id="coming-shows">{t('shows-coming')}</h2>
        <Link to="/shows">{t('shows-all')}</Link>
      </div>
      <ShowList shows={shows.slice(0, most)} />
    </section>
  )
}
