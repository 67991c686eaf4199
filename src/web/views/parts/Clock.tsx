/* SPDX-License-Identifier: LGPL-2.1-or-later */
import { useEffect, useState } from 'react'

/** Milliseconds since the epoch, once a second. */
export function useNow(): number {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000)
    return () => clearInterval(timer)
  }, [])
  return now
}

const two = (value: number) => String(value).padStart(2, '0')

/** "24:08", "1:24:08". */
export function clockText(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds))
  const hours = Math.floor(whole / 3600)
  const minutes = Math.floor(whole / 60) % 60
  return `${hours > 0 ? `${hours}:` : ''}${two(minutes)}:${two(whole % 60)}`
}

/** Time since then; 00:00 where there is no then. */
export function Clock({ since }: { since: number | null }) {
  const now = useNow()
  return <>{clockText(since === null ? 0 : (now - since) / 1000)}</>
}
