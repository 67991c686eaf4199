/* SPDX-License-Identifier: LGPL-2.1-or-later */
import { useEffect, useRef } from 'react'
import { notify } from '../../state/notices'

interface SoundProps {
  stream: MediaStream
  volume: number
  /** '' is the default output. */
  speaker: string
}

/** One voice. Kept apart from the tiles, so that nobody falls silent when a tile is off the page. */
export function Sound({ stream, volume, speaker }: SoundProps) {
  const audio = useRef<HTMLAudioElement>(null)

  useEffect(() => {
    const element = audio.current!
    element.srcObject = stream
    /* A page that nobody has touched yet may stay silent: say so, and start with the first touch. */
    const start = () => void element.play().catch(() => {})
    element.play().catch((error: DOMException) => {
      if (error.name !== 'NotAllowedError') return
      notify({ tone: 'warn', key: 'sound-blocked', milliseconds: 0 })
      addEventListener('pointerdown', start, { once: true })
    })
    return () => {
      removeEventListener('pointerdown', start)
      element.srcObject = null
    }
  }, [stream])

  useEffect(() => {
    audio.current!.volume = volume
  }, [volume])

  useEffect(() => {
    const element = audio.current!
    /* Firefox has it only since 116, and a device may be gone: then the sound stays where it is. */
    if ('setSinkId' in element) element.setSinkId(speaker).catch(() => {})
  }, [speaker])

  return <audio ref={audio} autoPlay />
}
