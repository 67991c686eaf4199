/* SPDX-License-Identifier: LGPL-2.1-or-later */
import { useEffect, useRef } from 'react'

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
    element.play().catch(() => {})
    return () => {
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
