/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One's own screen, from the browser's dialog to its end. */
import type { MediaLayer } from '../media/layer'
import {
  captureOptions,
  contentHint,
  presetFor,
  screenAudioSettings,
  type SharePreset,
  shareSettings,
  shrinkToFit,
} from '../media/presets'
import { ApiError } from '../protocol/errors'
import type { ShareChoice } from './types'

export class Share {
  readonly picture: MediaStreamTrack
  readonly sound: MediaStreamTrack | null
  private readonly preset: SharePreset
  private shrunkBy = 0

  constructor(
    readonly stream: MediaStream,
    readonly choice: ShareChoice,
    /** The browser's own "stop sharing" button, or a window that was closed. */
    onEnded: () => void,
  ) {
    this.preset = presetFor(choice.height, choice.fps)
    this.picture = stream.getVideoTracks()[0]!
    this.sound = stream.getAudioTracks()[0] ?? null
    this.picture.contentHint = contentHint(choice.keep)
    if (this.sound) this.sound.contentHint = 'music'
    this.picture.addEventListener('ended', onEnded)
  }

  /** Also when the captured window changed its size, which only few browsers scale at capture. */
  sendTo(layer: MediaLayer): void {
    const captured = this.picture.getSettings()
    const shrink = shrinkToFit(this.preset, captured)
    if (shrink === this.shrunkBy) return
    const first = this.shrunkBy === 0
    this.shrunkBy = shrink
    layer.setLocal('screen', this.picture, shareSettings(this.preset, this.choice.keep, captured))
    if (first) layer.setLocal('screen-audio', this.sound, screenAudioSettings)
  }

  /** The next layer knows nothing of what the last one was told. */
  sendAnew(layer: MediaLayer): void {
    this.shrunkBy = 0
    this.sendTo(layer)
  }

  stop(): void {
    for (const track of this.stream.getTracks()) track.stop()
  }
}

/** Null when the person closed the browser's dialog. */
export async function captureScreen(
  choice: ShareChoice,
  getDisplayMedia: (options: DisplayMediaStreamOptions) => Promise<MediaStream>,
): Promise<MediaStream | null> {
  const preset = presetFor(choice.height, choice.fps)
  try {
    return await getDisplayMedia(captureOptions(preset, choice.sound))
  } catch (thrown) {
    const { name, message } =
      thrown instanceof Error || thrown instanceof DOMException ? thrown : new Error(String(thrown))
    /* A closed dialog and a forbidding system have the same name; only Chromium's text tells them apart. */
    if (name === 'NotAllowedError' && !/system/i.test(message)) return null
    if (name === 'AbortError') return null
    throw new ApiError(name === 'TypeError' ? 'unsupported' : 'share_failed', message)
  }
}
