/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The chat as lines: what was said, who came and went. Pure; the last 500 are kept. */
import type { Message, Participant } from '../protocol/contract'
import type { ChatLine } from './types'

export const lineLimit = 500

const keep = (lines: ChatLine[]): ChatLine[] => (lines.length > lineLimit ? lines.slice(-lineLimit) : lines)

/** A seat may change with a reconnection, an account does not: mine is what either of them said. */
export interface Self {
  participantId: string
  userId: string | null
}

export const lineOf = (message: Message, me: Self): ChatLine => ({
  id: message.id,
  kind: 'message',
  participantId: message.participantId,
  name: message.name,
  text: message.text,
  at: message.createdAt,
  mine: message.participantId === me.participantId || (me.userId !== null && message.userId === me.userId),
  delivery: 'sent',
})

export const pendingLine = (id: string, text: string, name: string, me: Self, now: number): ChatLine => ({
  id,
  kind: 'message',
  participantId: me.participantId,
  name,
  text,
  at: new Date(now).toISOString(),
  mine: true,
  delivery: 'sending',
})

export const eventLine = (kind: 'joined' | 'left' | 'hand', { id, name }: Participant, now: number): ChatLine => ({
  id: `${kind}-${id}-${now}`,
  kind,
  participantId: id,
  name,
  text: '',
  at: new Date(now).toISOString(),
  mine: false,
  delivery: 'sent',
})

export const append = (lines: ChatLine[], line: ChatLine): ChatLine[] => keep([...lines, line])

/** A message from the server; one's own takes the place of the line that waited for it. */
export function receive(lines: ChatLine[], message: Message, me: Self): ChatLine[] {
  if (lines.some(({ id }) => id === message.id)) return lines
  const line = lineOf(message, me)
  const waiting = line.mine
    ? lines.findIndex(({ delivery, text }) => delivery === 'sending' && text.trim() === message.text.trim())
    : -1
  if (waiting < 0) return append(lines, line)
  return lines.map((other, index) => (index === waiting ? line : other))
}

export const remove = (lines: ChatLine[], id: string): ChatLine[] => lines.filter((line) => line.id !== id)

export const fail = (lines: ChatLine[], id: string): ChatLine[] =>
  lines.map((line) => (line.id === id ? { ...line, delivery: 'failed' } : line))

export const oldestSending = (lines: ChatLine[]): ChatLine | undefined =>
  lines.find(({ delivery }) => delivery === 'sending')

/** What the server holds, after one was away: nothing twice, in order of time. */
export function merge(lines: ChatLine[], messages: Message[], me: Self): ChatLine[] {
  let merged = lines
  for (const message of messages) merged = receive(merged, message, me)
  return [...merged].sort(
    (one, other) => Number(one.delivery !== 'sent') - Number(other.delivery !== 'sent') || compare(one.at, other.at),
  )
}

/** A page of the history, newest first, goes before what is there. */
export function prepend(lines: ChatLine[], page: Message[], me: Self): ChatLine[] {
  const known = new Set(lines.map(({ id }) => id))
  const older = page.filter(({ id }) => !known.has(id)).map((message) => lineOf(message, me))
  return [...older.reverse(), ...lines].slice(-lineLimit)
}

const compare = (one: string, other: string): number => Date.parse(one) - Date.parse(other)
