/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the server counted of the streams between it and this page, for the statistics panel. Counters begin with their
   stream, so a loss is the difference between two messages. */
import type { HubTrack, QualityEvent } from '../protocol/contract'
import type { PictureLimit, ServerTrack } from './types'

const heavyLoss = 5

const keyOf = ({ participant, kind }: { participant: string; kind: string }): string => `${participant}/${kind}`
const percent = (part: number, whole: number): number | null => (whole > 0 ? (100 * part) / whole : null)
const milliseconds = (microseconds: number): number => Math.round(microseconds / 100) / 10

/** 0…100, on the way to the server; null while nothing came. */
function lossOf(track: HubTrack, before: HubTrack | undefined): number | null {
  const lost = Math.max(0, track.lost - (before?.lost ?? 0))
  const came = Math.max(0, track.packets - (before?.packets ?? 0))
  return percent(lost, lost + came)
}

function tracksBefore(message: QualityEvent | null): Map<string, HubTrack> {
  const sources = message?.received.flatMap(({ source }) => (source ? [source] : [])) ?? []
  return new Map([...(message?.sent ?? []), ...sources].map((track) => [keyOf(track), track]))
}

/** Who is to blame for a picture that suffers on its way; one's own way comes second, being only the rest of it. */
const limitOf = (kind: string, uplink: number | null, downlink: number | null): PictureLimit | null => {
  if (kind !== 'camera' && kind !== 'screen') return null
  if ((uplink ?? 0) > heavyLoss) return 'sender-uplink'
  return (downlink ?? 0) > heavyLoss ? 'downlink' : null
}

export function serverTracks(
  now: QualityEvent,
  before: QualityEvent | null,
  names: ReadonlyMap<string, string>,
): ServerTrack[] {
  const earlier = tracksBefore(before)
  const sent = now.sent
    .filter(({ packets }) => packets > 0)
    .map((track): ServerTrack => {
      const lossPercent = lossOf(track, earlier.get(keyOf(track)))
      return {
        id: `up/${keyOf(track)}`,
        participantName: names.get(track.participant) ?? '',
        kind: track.kind,
        direction: 'up',
        packets: track.packets,
        lossPercent,
        nacks: track.nacksSent,
        repaired: track.recovered,
        keyframes: track.plisSent,
        jitterMs: milliseconds(track.jitterUs),
        limit: limitOf(track.kind, lossPercent, null),
      }
    })
  const received = now.received
    .filter(({ packets }) => packets > 0)
    .map((slot): ServerTrack => {
      const lossPercent = slot.fractionLost * 100
      const uplink = slot.source ? lossOf(slot.source, earlier.get(keyOf(slot))) : null
      return {
        id: `down/${keyOf(slot)}`,
        participantName: names.get(slot.participant) ?? '',
        kind: slot.kind,
        direction: 'down',
        packets: slot.packets,
        lossPercent,
        nacks: slot.nacks,
        repaired: slot.rtx,
        keyframes: slot.plis + slot.firs,
        jitterMs: milliseconds(slot.jitterUs),
        limit: limitOf(slot.kind, uplink, lossPercent),
      }
    })
  return [...sent, ...received]
}
