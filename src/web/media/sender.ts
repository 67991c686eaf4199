/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tells one RTCRtpSender how to encode. */
import type { SendSettings } from './layer'

type Codec = RTCRtpCodecParameters
interface Encoding extends RTCRtpEncodingParameters {
  codec?: Codec
}

/** The first wanted codec that was negotiated. Repair and redundancy formats are not codecs. */
export function chooseCodec(wanted: readonly string[], negotiated: readonly Codec[]): Codec | undefined {
  for (const type of wanted) {
    const match = negotiated.find((codec) => codec.mimeType.toLowerCase() === type.toLowerCase())
    if (match) return match
  }
  return undefined
}

export function parametersFor(
  current: RTCRtpSendParameters,
  settings: SendSettings,
  withCodec: boolean,
): RTCRtpSendParameters {
  /* Older Firefox has no encodings before the first negotiation, and then wants to be given one. */
  const encodings: Encoding[] = current.encodings?.length ? current.encodings.map((entry) => ({ ...entry })) : [{}]
  for (const encoding of encodings) {
    encoding.active = true
    for (const name of ['maxBitrate', 'maxFramerate', 'scaleResolutionDownBy'] as const) {
      const value = settings[name]
      if (value === undefined) delete encoding[name]
      else encoding[name] = value
    }
    if (settings.priority) encoding.priority = settings.priority
    const codec = withCodec && settings.codecs ? chooseCodec(settings.codecs, current.codecs ?? []) : undefined
    if (codec) encoding.codec = codec
    else delete encoding.codec
  }
  const parameters: RTCRtpSendParameters = { ...current, encodings }
  if (settings.degradationPreference) parameters.degradationPreference = settings.degradationPreference
  return parameters
}

/** Rejects only when even the plain bitrate is refused. */
export async function applySettings(
  sender: Pick<RTCRtpSender, 'getParameters' | 'setParameters'>,
  settings: SendSettings,
): Promise<void> {
  try {
    await sender.setParameters(parametersFor(sender.getParameters(), settings, true))
  } catch {
    /* A codec per encoding and the degradation preference are young: go without. */
    const plain = { ...settings, codecs: undefined, degradationPreference: undefined, priority: undefined }
    await sender.setParameters(parametersFor(sender.getParameters(), plain, false))
  }
}
