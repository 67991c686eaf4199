/* SPDX-License-Identifier: LGPL-2.1-or-later */
import { expect, it } from 'vitest'
import { countMedia, cutOffer, slotCodecs } from './hub-offer'

const video = (mid: number, direction: string) => [
  'm=video 9 UDP/TLS/RTP/SAVPF 96 97 98 99 100 102 104 35',
  'c=IN IP4 192.0.2.7',
  'a=candidate:1 1 udp 1 192.0.2.7 5000 typ host',
  'a=rtcp:9 IN IP4 0.0.0.0',
  'a=ice-ufrag:abcd',
  'a=ice-pwd:0123456789012345678901',
  'a=fingerprint:sha-256 AA',
  'a=setup:actpass',
  `a=mid:${mid}`,
  'a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01',
  'a=extmap:7 urn:3gpp:video-orientation',
  'a=extmap:10 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id',
  `a=${direction}`,
  'a=rtcp-mux',
  'a=rtpmap:96 VP8/90000',
  'a=rtcp-fb:96 nack',
  'a=rtcp-fb:96 nack pli',
  'a=rtpmap:97 rtx/90000',
  'a=fmtp:97 apt=96',
  'a=rtpmap:98 VP9/90000',
  'a=rtcp-fb:98 nack',
  'a=fmtp:98 profile-id=0',
  'a=rtpmap:99 rtx/90000',
  'a=fmtp:99 apt=98',
  'a=rtpmap:100 VP9/90000',
  'a=fmtp:100 profile-id=2',
  'a=rtpmap:102 H264/90000',
  'a=fmtp:102 level-asymmetry-allowed=1;packetization-mode=0;profile-level-id=42e01f',
  'a=rtpmap:104 H264/90000',
  'a=fmtp:104 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f',
  'a=rtpmap:35 red/90000',
]
const offer = (...media: string[][]) =>
  [['v=0', 'o=- 1 2 IN IP4 127.0.0.1', 's=-', 't=0 0', 'a=group:BUNDLE 0 1', 'a=msid-semantic: WMS'], ...media]
    .flat()
    .map((line) => `${line}\r\n`)
    .join('')

it('leaves one format of each codec that the hub knows, with what repairs it', () => {
  const cut = cutOffer(offer(video(0, 'sendonly')))
  expect(cut).toContain('m=video 9 UDP/TLS/RTP/SAVPF 96 97 98 99 104\r\n')
  expect(cut.match(/^a=rtpmap:\d+/gm)).toEqual(['a=rtpmap:96', 'a=rtpmap:97', 'a=rtpmap:98', 'a=rtpmap:99', 'a=rtpmap:104'])
  expect(cut.match(/^a=rtcp-fb.*(?=\r)/gm)).toEqual(['a=rtcp-fb:* nack', 'a=rtcp-fb:* nack pli'])
})

it('says nothing about where this side lives', () => {
  const cut = cutOffer(offer(video(0, 'sendonly'), video(1, 'recvonly')))
  expect(cut).not.toContain('192.0.2.7')
  expect(cut).toContain('s=-\r\nc=IN IP4 0.0.0.0\r\nt=0 0\r\n')
})

it('lets the first m-line speak for the transport, and only senders of layers', () => {
  const cut = cutOffer(offer(video(0, 'sendonly'), video(1, 'recvonly')))
  expect(cut.match(/^a=(ice-ufrag|fingerprint|setup)/gm)).toHaveLength(3)
  expect(cut.match(/rtp-stream-id/g)).toHaveLength(1)
  expect(cut.match(/^a=rtcp-mux/gm)).toHaveLength(2)
  expect(countMedia(cut)).toBe(2)
})

it('fits 49 pictures into what the server takes', () => {
  const media = Array.from({ length: 61 }, (_, mid) => video(mid, 'recvonly'))
  expect(cutOffer(offer(...media)).length).toBeLessThan(48 * 1024)
})

it('asks for nothing in a slot that the hub would not put there', () => {
  const codec = (mimeType: string, sdpFmtpLine?: string): RTCRtpCodec => ({ mimeType, sdpFmtpLine, clockRate: 90_000 })
  const kept = [
    codec('video/VP8'),
    codec('video/rtx'),
    codec('video/VP9', 'profile-id=0'),
    codec('video/H264', 'level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f'),
    codec('video/AV1', 'level-idx=5;profile=0;tier=0'),
  ]
  const others = [
    codec('video/VP9', 'profile-id=2'),
    codec('video/H264', 'level-asymmetry-allowed=1;packetization-mode=0;profile-level-id=42e01f'),
    codec('video/AV1', 'level-idx=5;profile=1;tier=0'),
    codec('video/red'),
    codec('video/flexfec-03', 'repair-window=10000000'),
  ]
  expect(slotCodecs([...kept, ...others])).toEqual(kept)
})
