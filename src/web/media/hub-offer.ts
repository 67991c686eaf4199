/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What of an offer goes to the hub. A browser says for each of dozens of m-lines everything it could ever do, and where it
   lives: 200 kB in a full room. The hub codes pictures in four ways and sound in one, answers nothing else, and takes
   132 KiB. So the text is cut to that. The browser's own description stays whole: an answer may always agree to less. */

/** By name: which format of it, where there are several, all others being for the same browsers. */
const codecs: Record<string, RegExp> = {
  opus: /^/,
  vp8: /^/,
  vp9: /^(?!.*profile-id=[1-9])/,
  h264: /^(?=.*packetization-mode=1)(?=.*profile-level-id=42e0)/i,
  av1: /^(?!.*profile=[1-9])/,
}

/** In place of every m-line's own address: the hub answers where the checks come from. */
const nowhere = 'c=IN IP4 0.0.0.0'
const sessionLines = /^([vost]=|a=group:)/
const mediaLines = /^a=(mid:|sendonly|recvonly|sendrecv|inactive|msid:|rtcp-mux|rtcp-rsize|bundle-only|ssrc-group:|rid:|simulcast:|ssrc:\d+ cname:)/
/** One m-line speaks for the whole bundle (RFC 8843, section 7.2.1). */
const transportLines = /^a=(ice-ufrag|ice-pwd|fingerprint|setup):/
const extensions = /ssrc-audio-level|abs-send-time|transport-wide-cc|sdes:mid|sdes:rtp-stream-id|sdes:repaired-rtp-stream-id/
/** What only who sends has to say. */
const sendersExtensions = /rtp-stream-id/

/** Payload types of the codecs the hub knows, one of each, and of what repairs them. */
function keptPayloads(lines: readonly string[]): Set<string> {
  const formats = new Map<string, string>()
  for (const line of lines) {
    const format = /^a=fmtp:(\d+) (.*)/.exec(line)
    if (format) formats.set(format[1]!, format[2]!)
  }
  const found = new Map<string, string>()
  for (const line of lines) {
    const [, payload, name] = /^a=rtpmap:(\d+) ([^/]+)/.exec(line) ?? []
    const codec = name?.toLowerCase()
    if (codec && payload && !found.has(codec) && codecs[codec]?.test(formats.get(payload) ?? '')) found.set(codec, payload)
  }
  const kept = new Set(found.values())
  for (const [payload, format] of formats) {
    const repaired = /^apt=(\d+)/.exec(format)?.[1]
    if (repaired !== undefined && kept.has(repaired)) kept.add(payload)
  }
  return kept
}

/** Says once what is said about every codec (RFC 4585, section 4.2). */
function feedback(lines: readonly string[], kept: ReadonlySet<string>): string[] {
  const kinds = new Set<string>()
  for (const line of lines) {
    const [, payload, kind] = /^a=rtcp-fb:(\d+|\*) (.*)/.exec(line) ?? []
    if (kind && payload && (payload === '*' || kept.has(payload))) kinds.add(kind)
  }
  return [...kinds].map((kind) => `a=rtcp-fb:* ${kind}`)
}

function cutMedia(lines: readonly string[], first: boolean): string[] {
  const kept = keptPayloads(lines)
  const [head, ...rest] = lines
  const [medium, port, protocol, ...payloads] = head!.split(' ')
  const sends = !lines.includes('a=recvonly')
  const body = rest.filter((line) => {
    const payload = /^a=(?:rtpmap|fmtp):(\d+) /.exec(line)?.[1]
    if (payload !== undefined) return kept.has(payload)
    if (line.startsWith('a=extmap:')) return extensions.test(line) && (sends || !sendersExtensions.test(line))
    return mediaLines.test(line) || (first && transportLines.test(line))
  })
  const known = payloads.filter((payload) => kept.has(payload))
  return [[medium, port, protocol, ...known].join(' '), ...body, ...feedback(rest, kept)]
}

export function cutOffer(sdp: string): string {
  const [session, ...media] = sdp.split(/^(?=m=)/m).map((section) => section.split(/\r?\n/).filter((line) => line !== ''))
  /* Firefox says the fingerprint once, for all m-lines. */
  const lines = [
    ...session!
      .filter((line) => sessionLines.test(line) || transportLines.test(line))
      .flatMap((line) => (line.startsWith('t=') ? [nowhere, line] : [line])),
    ...media.flatMap((section, index) => cutMedia(section, index === 0)),
  ]
  return `${lines.join('\r\n')}\r\n`
}

/** Of what a browser knows: the codecs that the hub may put into a slot. Without the others Chromium describes a slot in half
    the time. */
export const slotCodecs = (known: readonly RTCRtpCodec[]): RTCRtpCodec[] =>
  known.filter(({ mimeType, sdpFmtpLine = '' }) => {
    const name = mimeType.replace(/^\w+\//, '').toLowerCase()
    return name === 'rtx' || codecs[name]?.test(sdpFmtpLine)
  })

/** An answer to another offer than the last one has fewer m-lines. */
export const countMedia = (sdp: string): number => sdp.match(/^m=/gm)?.length ?? 0
