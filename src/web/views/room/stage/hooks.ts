/* SPDX-License-Identifier: LGPL-2.1-or-later */
import type { RefObject } from 'react'
import { useEffect, useLayoutEffect, useRef, useState } from 'react'
import { useRoom } from '../../../state/room'
import type { ParticipantView } from '../../../state/types'
import { useRoomUi } from '../ui'
import { picturesOf, type StageItem } from './items'
import type { Box } from './tiling'

/** The size of an element, kept up to date. */
export function useBox(element: RefObject<HTMLElement | null>): Box {
  const [box, setBox] = useState<Box>({ width: 0, height: 0 })

  useLayoutEffect(() => {
    const target = element.current!
    const measure = () => setBox({ width: target.clientWidth, height: target.clientHeight })
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(target)
    return () => observer.disconnect()
  }, [element])

  return box
}

export function useMedia(query: string): boolean {
  const [matches, setMatches] = useState(() => matchMedia(query).matches)
  useEffect(() => {
    const list = matchMedia(query)
    const change = () => setMatches(list.matches)
    list.addEventListener('change', change)
    return () => list.removeEventListener('change', change)
  }, [query])
  return matches
}

export const usePhone = () => useMedia('(max-width: 640px)')

/** The show whose programme is on the page: who came to watch sees it while there is one, others if they want to. */
export function useWatched(): string | null {
  const show = useRoom((state) => state.show?.id ?? null)
  const viewer = useRoom((state) => state.participants.find(({ me }) => me)?.role === 'viewer')
  const watching = useRoomUi((state) => state.watching)
  return viewer || watching ? show : null
}

/** Says what is on the page: a server sends nothing else. Null while somebody further down says it. */
export function useShowing(items: readonly StageItem[] | null): void {
  const showPictures = useRoom((state) => state.showPictures)
  const show = useWatched()
  const programme = show === null ? [] : [{ participant: show, kind: 'programme' as const }]
  const pictures = items && [...programme, ...picturesOf(items)]
  const text = JSON.stringify(pictures)
  const latest = useRef(pictures)
  latest.current = pictures
  useEffect(() => {
    if (latest.current) showPictures(latest.current)
  }, [showPictures, text])
}

/** When each participant was last heard (or came), and who of the others spoke last. */
export function useLastHeard(participants: readonly ParticipantView[]) {
  const heard = useRef(new Map<string, number>())
  const speaker = useRef<string | null>(null)
  const now = Date.now()
  for (const { id, me, speaking } of participants) {
    if (speaking || !heard.current.has(id)) heard.current.set(id, now)
    if (speaking && !me) speaker.current = id
  }
  return { heard: heard.current, speaker: speaker.current }
}

/** Tiles travel to their new place. They never grow from nothing, so one that is new just appears. */
export function useTravel(container: RefObject<HTMLElement | null>, order: string) {
  const places = useRef(new Map<string, DOMRect>())

  useLayoutEffect(() => {
    const moving = !matchMedia('(prefers-reduced-motion: reduce)').matches
    const next = new Map<string, DOMRect>()
    for (const tile of container.current!.querySelectorAll<HTMLElement>('[data-tile]')) {
      const key = tile.dataset.tile!
      const after = tile.getBoundingClientRect()
      const before = places.current.get(key)
      next.set(key, after)
      if (!moving || !before || (before.left === after.left && before.top === after.top)) continue
      tile.animate(
        [{ transform: `translate(${before.left - after.left}px, ${before.top - after.top}px)` }, { transform: 'none' }],
        { duration: 260, easing: 'cubic-bezier(.2, 0, 0, 1)' },
      )
    }
    places.current = next
  }, [container, order])
}
