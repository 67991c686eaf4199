/* SPDX-License-Identifier: LGPL-2.1-or-later */
import { describe, expect, it } from 'vitest'
import type { Message } from '../protocol/contract'
import { append, eventLine, lineLimit, merge, pendingLine, prepend, receive } from './chat-lines'
import type { ChatLine } from './types'

const me = { participantId: 'p1', userId: 'u1' }
const message = (id: string, part: Partial<Message> = {}): Message => ({
  id,
  participantId: 'p2',
  userId: null,
  name: 'Ben',
  text: id,
  createdAt: `2026-01-01T00:00:${id.padStart(2, '0')}Z`,
  ...part,
})

describe('chat', () => {
  it('puts what the server says in the place of the line that waited for it', () => {
    const lines = [pendingLine('x', 'hello', 'Ada', me, 0)]
    const after = receive(lines, message('7', { participantId: 'p1', text: 'hello' }), me)
    expect(after).toHaveLength(1)
    expect(after[0]).toMatchObject({ id: '7', delivery: 'sent', mine: true })
  })

  it('does not take the same words of somebody else for mine', () => {
    const lines = [pendingLine('x', 'hello', 'Ada', me, 0)]
    expect(receive(lines, message('7', { text: 'hello' }), me).map(({ delivery }) => delivery)).toEqual([
      'sending',
      'sent',
    ])
  })

  it('says nothing twice after a reconnection, and keeps what is not sent yet at the end', () => {
    const lines = [...merge([], [message('1'), message('2')], me), pendingLine('x', 'mine', 'Ada', me, 0)]
    expect(merge(lines, [message('2'), message('3')], me).map(({ id }) => id)).toEqual(['1', '2', '3', 'x'])
  })

  it('knows my own words from an earlier seat by my account', () => {
    expect(merge([], [message('1', { participantId: 'p0', userId: 'u1' })], me)[0]!.mine).toBe(true)
  })

  it('puts a page of the history before what is there, oldest first', () => {
    const lines = merge([], [message('5')], me)
    expect(prepend(lines, [message('5'), message('4'), message('3')], me).map(({ id }) => id)).toEqual(['3', '4', '5'])
  })

  it('keeps the last 500 lines', () => {
    let lines: ChatLine[] = []
    for (let count = 0; count < 600; count++)
      lines = append(lines, eventLine('joined', { id: 'p', name: 'P' } as never, count))
    expect(lines).toHaveLength(lineLimit)
    expect(lines.at(-1)!.id).toBe('joined-p-599')
  })
})
