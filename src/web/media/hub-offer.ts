/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What of an offer goes to the hub. A browser says for each of dozens of m-lines everything it could ever do, and where it
   lives; the hub knows four ways to code pictures and one for sound, answers nothing else, and takes 48 kB. So the text is
   cut to that. The browser's own description stays whole: an answer may always agree to less. */

const knownCodecs = new Set(['opus', 'vp8', 'vp9', 'h264', 'av1'])
const knownExtensions =
  /ssrc-audio-level|abs-send-time|transport-wide-cc|sdes:mid|sdes:rtp-stream-id|sdes:repaired-rtp-stream-id|dependency-descriptor/
/* One m-line speaks for the whole bundle (RFC 8843, section 7.2.1), and the hub needs no candidates: it never calls first. */
const transport = /^a=(ice-ufrag|ice-pwd|fingerprint|setup):/
const unneeded = /^(b=|a=(candidate|end-of-candidates|rtcp|msid-semantic|extmap-allow-mixed|ice-options)\b(?!-))/

const payloadOf = (line: string): string | null => /^a=(?:rtpmap|fmtp|rtcp-fb):(\d+) /.exec(line)?.[1] ?? null

/** Payload types of the codecs the hub knows, and of what repairs them. */
function keptPayloads(lines: readonly string[]): Set<string> {
  const kept = new Set<string>()
  for (const line of lines) {
    const map = /^a=rtpmap:(\d+) ([^/]+)/.exec(line)
    if (map && knownCodecs.has(map[2]!.toLowerCase())) kept.add(map[1]!)
  }
  for (const line of lines) {
    const repair = /^a=fmtp:(\d+) apt=(\d+)/.exec(line)
    if (repair && kept.has(repair[2]!)) kept.add(repair[1]!)
  }
  return kept
}

function cutMedia(lines: readonly string[], first: boolean): string[] {
  const kept = keptPayloads(lines)
  const [head, ...rest] = lines
  const [medium, port, protocol, ...payloads] = head!.split(' ')
  /* Where nothing is known everything stays, for the hub to refuse. */
  if (kept.size === 0) return [...lines]
  const body = rest.filter((line) => {
    const payload = payloadOf(line)
    if (payload !== null) return kept.has(payload)
    if (line.startsWith('a=extmap:')) return knownExtensions.test(line)
    return !unneeded.test(line) && (first || !transport.test(line))
  })
  return [[medium, port, protocol, ...payloads.filter((payload) => kept.has(payload))].join(' '), ...body]
}

export function cutOffer(sdp: string): string {
  const sections = sdp.split(/\r?\n(?=m=)/).map((section) => section.split(/\r?\n/).filter((line) => line !== ''))
  const [session, ...media] = sections
  const lines = [
    ...session!.filter((line) => !unneeded.test(line)),
    ...media.flatMap((section, index) => cutMedia(section, index === 0)),
  ]
  return `${lines.join('\r\n')}\r\n`
}

/** An answer to another offer than the last one has fewer m-lines. */
export const countMedia = (sdp: string): number => sdp.match(/^m=/gm)?.length ?? 0
