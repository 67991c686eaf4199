/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How loud a track is. One AudioContext for the page: browsers allow only a few. */

let context: AudioContext | null = null

/** Starts suspended until the page was touched; the first touch wakes it. */
export function audioContext(): AudioContext {
  if (context === null) {
    context = new AudioContext({ latencyHint: 'interactive' })
    const wake = () => void context?.resume()
    for (const event of ['pointerdown', 'keydown']) document.addEventListener(event, wake, { capture: true })
  }
  if (context.state === 'suspended') void context.resume()
  return context
}

/** Root mean square, 0…1. */
export function loudness(samples: Float32Array): number {
  let sum = 0
  for (const sample of samples) sum += sample * sample
  return samples.length > 0 ? Math.sqrt(sum / samples.length) : 0
}

/** −60 dB … 0 dB as 0…1, the way ears and meters see it. */
export function meterOf(linear: number): number {
  if (linear <= 0.001) return 0
  return Math.min(1, (20 * Math.log10(linear) + 60) / 60)
}

export class LevelMeter {
  private readonly source: MediaStreamAudioSourceNode
  private readonly analyser: AnalyserNode
  private readonly samples: Float32Array<ArrayBuffer>

  constructor(track: MediaStreamTrack) {
    const audio = audioContext()
    this.source = audio.createMediaStreamSource(new MediaStream([track]))
    this.analyser = audio.createAnalyser()
    this.analyser.fftSize = 1024
    this.samples = new Float32Array(this.analyser.fftSize)
    /* Not connected to the destination: nobody wants to hear themselves. */
    this.source.connect(this.analyser)
  }

  /** 0…1, linear. */
  read(): number {
    this.analyser.getFloatTimeDomainData(this.samples)
    return loudness(this.samples)
  }

  close(): void {
    this.source.disconnect()
  }
}
