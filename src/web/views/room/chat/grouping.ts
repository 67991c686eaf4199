/* SPDX-License-Identifier: LGPL-2.1-or-later */
import type { ChatLine } from '../../../state/types'

const together = 5 * 60_000

/** Whether a line goes on under the name above it: same person, within five minutes. */
export function follows(before: ChatLine | undefined, line: ChatLine): boolean {
  return (
    before !== undefined &&
    before.kind === 'message' &&
    line.kind === 'message' &&
    before.participantId === line.participantId &&
    before.name === line.name &&
    Date.parse(line.at) - Date.parse(before.at) < together
  )
}

export interface Piece {
  text: string
  link: boolean
}

/** Splits text at http and https addresses; a closing bracket or full stop is not part of one. */
export function withLinks(text: string): Piece[] {
  const pieces: Piece[] = []
  let end = 0
  for (const match of text.matchAll(/https?:\/\/[^\s<>"]+[^\s<>".,;:!?)\]}']/g)) {
    if (match.index > end) pieces.push({ text: text.slice(end, match.index), link: false })
    pieces.push({ text: match[0], link: true })
    end = match.index + match[0].length
  }
  if (end < text.length) pieces.push({ text: text.slice(end), link: false })
  return pieces
}
