/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A show's public page: until it begins a countdown, then the way in. It looks by itself whether it has begun. */
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate, useParams, useSearchParams } from 'react-router'
import { isRunning } from '../../state/room-model'
import { useShows } from '../../state/shows'
import type { Problem, Show } from '../../state/types'
import { useNow } from '../parts/Clock'
import { Icon } from '../parts/Icon'
import { problemText } from '../problem'
import { PlainPage } from '../shell/PlainPage'
import { calendarFile } from './calendar'
import { remaining, whenText } from './format'

/* Milliseconds between looks: near the beginning, and long before it. */
const often = 5_000
const seldom = 60_000
const near = 120_000

/** To watch, with nothing in between: who is to be on stage has an invite to the room. */
const wayIn = ({ room }: Show, invite: string | null) =>
  `/r/${room.slug}?watch=1${invite ? `&invite=${encodeURIComponent(invite)}` : ''}`

export default function ShowPage() {
  const { t, i18n } = useTranslation()
  const { id = '' } = useParams()
  const [search] = useSearchParams()
  const navigate = useNavigate()
  const invite = search.get('invite')
  const [show, setShow] = useState<Show | null>(null)
  const [problem, setProblem] = useState<Problem | null>(null)
  const way = show && wayIn(show, invite)

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    let gone = false
    let wasWaiting = false
    const look = async () => {
      const outcome = await useShows.getState().find(id, invite)
      if (gone) return
      if (!outcome.ok) {
        /* A server that is away for a moment does not end the waiting. */
        if (!wasWaiting) setProblem(outcome.problem)
        timer = setTimeout(() => void look(), often)
        return
      }
      const found = outcome.value
      setShow(found)
      setProblem(null)
      if (isRunning(found) && wasWaiting) {
        tellStarted(found.title)
        return void navigate(wayIn(found, invite))
      }
      wasWaiting = found.status === 'scheduled'
      if (!wasWaiting) return
      const left = found.startTime === null ? Infinity : Date.parse(found.startTime) - Date.now()
      timer = setTimeout(() => void look(), left < near ? often : Math.min(seldom, left - near + often))
    }
    void look()
    return () => {
      gone = true
      clearTimeout(timer)
    }
  }, [id, invite, navigate])

  if (problem) {
    const missing = problem.code === 'not_found'
    return (
      <PlainPage icon="search" title={t(missing ? 'not-found.title' : 'shows.failed')} text={missing ? t('not-found.text') : problemText(t, problem)}>
        <Link className="btn primary lg" to="/">
          {t('back-home')}
        </Link>
      </PlainPage>
    )
  }
  if (show === null || way === null) return <PlainPage title={t('loading')} />

  const badge =
    show.status === 'ended'
      ? t('shows.over')
      : isRunning(show)
        ? t('studio.on-air')
        : show.startTime === null
          ? t('shows.no-time')
          : t('shows.starts-at', { time: whenText(show.startTime, i18n.language) })
  return (
    <PlainPage title={show.title} text={show.description || t('shows.by', { name: show.owner.name })} badge={{ text: badge, live: isRunning(show) }}>
      <div className="col waiting-show">
        {show.status === 'scheduled' && show.startTime !== null && <Countdown until={Date.parse(show.startTime)} />}
        <div className="row wrap justify-center">
          {isRunning(show) ? (
            <Link className="btn primary lg" to={way}>
              <Icon name="live" size="sm" />
              {t('watch-show')}
            </Link>
          ) : (
            show.status === 'scheduled' && <Reminders show={show} />
          )}
        </div>
        <p className="t-sm t3 num">
          {show.status === 'scheduled' ? t('shows.starts-by-itself') : t('shows.in-room', { title: show.room.title })}
        </p>
      </div>
    </PlainPage>
  )
}

function Countdown({ until }: { until: number }) {
  const { t } = useTranslation()
  const left = remaining(until - useNow())
  const parts = left.days > 0 ? (['days', 'hours', 'minutes'] as const) : (['hours', 'minutes', 'seconds'] as const)
  return (
    <div className="count num" role="timer">
      {parts.map((part) => (
        <span key={part}>
          <b>{String(left[part]).padStart(2, '0')}</b>
          <em>{t(`shows.${part}`, { count: left[part] })}</em>
        </span>
      ))}
    </div>
  )
}

const canNotify = () => 'Notification' in window && isSecureContext

function tellStarted(title: string) {
  if (canNotify() && Notification.permission === 'granted' && document.hidden) new Notification(title)
}

function Reminders({ show }: { show: Show }) {
  const { t } = useTranslation()
  const [asked, setAsked] = useState(canNotify() && Notification.permission === 'granted')
  const save = () => {
    const link = document.createElement('a')
    link.href = URL.createObjectURL(new Blob([calendarFile(show, location.href)], { type: 'text/calendar' }))
    link.download = 'show.ics'
    link.click()
    URL.revokeObjectURL(link.href)
  }
  return (
    <>
      {canNotify() && (
        <button
          type="button"
          className="btn primary lg"
          disabled={asked}
          onClick={() => void Notification.requestPermission().then((answer) => setAsked(answer === 'granted'))}
        >
          <Icon name={asked ? 'check' : 'bell'} size="sm" />
          {t(asked ? 'shows.will-tell' : 'shows.tell-me')}
        </button>
      )}
      {show.startTime !== null && (
        <button type="button" className="btn lg" onClick={save}>
          <Icon name="calendar" size="sm" />
          {t('shows.to-calendar')}
        </button>
      )}
    </>
  )
}
