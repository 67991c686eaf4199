/* SPDX-License-Identifier: LGPL-2.1-or-later */
import { describe, expect, it, vi } from 'vitest'
import { applySettings, chooseCodec, parametersFor } from './sender'

const codec = (mimeType: string) => ({ mimeType, clockRate: 90000, payloadType: 96 })
const parameters = (part: Partial<RTCRtpSendParameters>) =>
  ({ encodings: [{}], codecs: [], headerExtensions: [], rtcp: {}, transactionId: 't', ...part }) as RTCRtpSendParameters

describe('encoder settings', () => {
  it('take the first wanted codec that was negotiated: Firefox may have no H.264', () => {
    expect(chooseCodec(['video/H264', 'video/VP8'], [codec('video/rtx'), codec('video/VP8')])?.mimeType).toBe(
      'video/VP8',
    )
    expect(chooseCodec(['video/H264'], [codec('video/VP8')])).toBeUndefined()
  })

  it('give an encoding to a browser that shows none', () => {
    expect(parametersFor(parameters({ encodings: [] }), { maxBitrate: 5 }, true).encodings).toEqual([
      { active: true, maxBitrate: 5 },
    ])
  })

  it('take back what an earlier preset set', () => {
    const before = parameters({ encodings: [{ maxFramerate: 30, scaleResolutionDownBy: 2 }] })
    expect(parametersFor(before, { maxBitrate: 5 }, true).encodings[0]).toEqual({ active: true, maxBitrate: 5 })
  })

  it('go without the young members where they are refused, but never without the bitrate', async () => {
    const setParameters = vi.fn(async ({ encodings }: RTCRtpSendParameters) => {
      if ('codec' in encodings[0]!) throw new DOMException('', 'OperationError')
    }) as unknown as RTCRtpSender['setParameters'] & ReturnType<typeof vi.fn>
    const sender = { getParameters: () => parameters({ codecs: [codec('video/VP8')] }), setParameters }
    await applySettings(sender, { maxBitrate: 9, codecs: ['video/VP8'], degradationPreference: 'maintain-framerate' })
    expect(setParameters).toHaveBeenCalledTimes(2)
    expect(setParameters.mock.calls[1]![0]).not.toHaveProperty('degradationPreference')
    expect(setParameters.mock.calls[1]![0].encodings).toEqual([{ active: true, maxBitrate: 9 }])
  })
})
