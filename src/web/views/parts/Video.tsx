/* SPDX-License-Identifier: LGPL-2.1-or-later */
import { useEffect, useRef } from 'react'

interface VideoProps {
  stream: MediaStream
  mirror?: boolean
  /** The whole picture with bars, instead of filling the box. */
  whole?: boolean
  /** 0…1; left out, the element is silent. */
  volume?: number
  label?: string
}

/** A live picture. Only a change of stream touches the element, so that a re-render never makes it blink. */
export function Video({ stream, mirror, whole, volume, label }: VideoProps) {
  const video = useRef<HTMLVideoElement>(null)

  useEffect(() => {
    const element = video.current!
    element.srcObject = stream
    /* Refused only until the first click; the autoplay attribute starts it then. */
    element.play().catch(() => {})
    return () => {
      element.srcObject = null
    }
  }, [stream])

  useEffect(() => {
    if (volume !== undefined) video.current!.volume = volume
  }, [volume])

  const classes = ['video', mirror && 'mirrored', whole && 'whole'].filter(Boolean).join(' ')
  return <video ref={video} className={classes} autoPlay playsInline muted={volume === undefined} aria-label={label} />
}
