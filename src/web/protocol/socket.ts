/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One seat in one room over a WebSocket that may drop and come back. Owned by the room's view model.

   The seat outlives the socket: whoever loses the connection says `join` again with the resume token and sits where they
   sat. Until then what is sent waits in a bounded queue. Only `removed`, `leave` and an error that another try would not
   change end it. */
import { Backoff } from './backoff'
import type { ClientMessage, JoinCommand, JoinedEvent, RemovedEvent, ServerMessage } from './contract'
import { ApiError, asApiError } from './errors'

export type SocketState = 'idle' | 'connecting' | 'joined' | 'reconnecting' | 'closed'
export type SocketEnd = { kind: 'removed'; reason: RemovedEvent['reason'] } | { kind: 'error'; error: ApiError }
export type Entry = Pick<JoinCommand, 'room' | 'name' | 'invite' | 'watch'>

export type WebSocketLike = Pick<WebSocket, 'send' | 'close' | 'onopen' | 'onmessage' | 'onclose'>

export interface SocketParts {
  connect: (address: string) => WebSocketLike
  address: () => string
  /** The access token, or null for someone without an account; `renew` after the server refused the last one. */
  token: (renew: boolean) => Promise<string | null>
  storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>
  random?: () => number
}

const storageKey = 'greenroom.seat'
const queueLimit = 256
/** From opening the socket to `joined`. */
const joinLimit = 10_000
/** So often nothing answers before somebody who was never inside is told. */
const firstTries = 4

/* Another try may well succeed after these; every other error in answer to `join` is final. */
const passing = new Set(['busy', 'unavailable', 'rate_limited', 'internal', 'timeout'])

export class RoomSocket {
  onState: (state: SocketState) => void = () => {}
  onMessage: (message: ServerMessage) => void = () => {}
  /** The seat is lost; nothing follows. */
  onEnd: (end: SocketEnd) => void = () => {}

  private current: SocketState = 'idle'
  private socket: WebSocketLike | null = null
  private entry: Entry | null = null
  private seat: { token: string; me: string } | null = null
  private entered = false
  /** The room's id, once it is known: its address may change while one is inside. */
  private roomId: string | null = null
  private queue: ClientMessage[] = []
  private timer: ReturnType<typeof setTimeout> | undefined
  private renewToken = false
  private drainUntil: number | null = null
  private refusal: ApiError | null = null
  private readonly backoff: Backoff

  constructor(private readonly parts: SocketParts) {
    this.backoff = new Backoff(parts.random)
  }

  get state(): SocketState {
    return this.current
  }

  join(entry: Entry): void {
    if (this.current !== 'idle') throw new Error('A socket serves one seat.')
    this.entry = entry
    this.seat = this.restoreSeat()
    this.change('connecting')
    this.open()
  }

  /** False when the queue is full or the seat is lost: the message will not be sent. */
  send(message: ClientMessage): boolean {
    if (this.current === 'joined' && this.socket) {
      this.socket.send(JSON.stringify(message))
      return true
    }
    if (this.current === 'closed' || this.current === 'idle' || this.queue.length >= queueLimit) return false
    this.queue.push(message)
    return true
  }

  /** The network is back, or the page became visible: do not wait for the timer. */
  retryNow(): void {
    if ((this.current === 'reconnecting' || this.current === 'connecting') && this.socket === null) {
      if (this.drainUntil !== null && this.drainUntil > Date.now()) return
      clearTimeout(this.timer)
      this.open()
    }
  }

  /** The network is gone, and the socket does not know it yet. */
  suspect(): void {
    if (this.current === 'joined') this.dropped()
  }

  leave(): void {
    if (this.current === 'joined') this.socket?.send(JSON.stringify({ type: 'leave' } satisfies ClientMessage))
    this.finish()
  }

  private open(): void {
    const socket = this.parts.connect(this.parts.address())
    this.socket = socket
    this.drainUntil = null
    this.timer = setTimeout(() => this.dropped(), joinLimit)
    /* Whatever a socket says after it was replaced is of no interest. */
    const current = () => this.socket === socket
    socket.onopen = () => {
      if (current()) void this.sayJoin(socket)
    }
    socket.onmessage = (event) => {
      if (current()) this.receive(String(event.data))
    }
    socket.onclose = () => {
      if (current()) this.dropped()
    }
  }

  private async sayJoin(socket: WebSocketLike): Promise<void> {
    let token: string | null = null
    try {
      token = await this.parts.token(this.renewToken)
    } catch (thrown) {
      const error = asApiError(thrown)
      if (this.socket !== socket) return
      if (error.status === 401) return this.end({ kind: 'error', error })
      return this.dropped()
    }
    if (this.socket !== socket || this.entry === null) return
    const join: JoinCommand = { type: 'join', ...this.entry, room: this.roomId ?? this.entry.room }
    if (token !== null) join.token = token
    if (this.seat !== null) join.resume = this.seat.token
    socket.send(JSON.stringify(join))
  }

  private receive(text: string): void {
    let message: ServerMessage
    try {
      message = JSON.parse(text) as ServerMessage
    } catch {
      this.onMessage({ type: 'error', error: { code: 'malformed', message: 'The server sent what is not JSON.' } })
      return
    }
    switch (message.type) {
      case 'joined':
        return this.joined(message)
      case 'removed':
        return this.end({ kind: 'removed', reason: message.reason })
      case 'reconnecting':
        this.drainUntil = Date.now() + message.after
        this.onMessage(message)
        return this.dropped(message.after)
      case 'error':
        if (this.current !== 'joined' && (message.to === undefined || message.to === 'join')) {
          return this.refused(ApiError.from(message.error))
        }
        return this.onMessage(message)
      default:
        return this.onMessage(message)
    }
  }

  private joined(message: JoinedEvent): void {
    const waiting = this.queue
    this.queue = []
    clearTimeout(this.timer)
    this.backoff.reset()
    this.renewToken = false
    this.refusal = null
    this.entered = true
    this.roomId = message.room.id
    const sameSeat = this.seat === null || this.seat.me === message.me
    this.seat = { token: message.resume, me: message.me }
    this.storeSeat()
    this.change('joined')
    this.onMessage(message)
    /* What was meant for peers of a lost seat means nothing to anyone now; words still do. */
    for (const queued of waiting) {
      if (sameSeat || queued.type === 'chat-message') this.send(queued)
    }
  }

  private refused(error: ApiError): void {
    const expired = error.code === 'token_expired' || error.code === 'token_invalid'
    if (expired && !this.renewToken) {
      this.renewToken = true
      return this.dropped(0)
    }
    if (error.field === 'resume' && this.seat !== null) {
      /* Too late for the old seat: take a new one. */
      this.seat = null
      return this.dropped(0)
    }
    if (passing.has(error.code)) {
      this.refusal = error
      return this.dropped()
    }
    this.end({ kind: 'error', error })
  }

  /** The socket is gone or good for nothing; the seat is not. */
  private dropped(after?: number): void {
    clearTimeout(this.timer)
    this.closeSocket()
    if (this.current === 'closed') return
    if (!this.entered && this.backoff.attempts >= firstTries) {
      const error = this.refusal ?? new ApiError('offline', 'The server cannot be reached.')
      return this.end({ kind: 'error', error })
    }
    if (this.current === 'joined') this.change('reconnecting')
    const delay = this.backoff.next()
    this.timer = setTimeout(() => this.open(), after === undefined ? delay : after + (after > 0 ? delay : 0))
  }

  private end(end: SocketEnd): void {
    this.finish()
    this.onEnd(end)
  }

  private finish(): void {
    clearTimeout(this.timer)
    this.closeSocket()
    this.queue = []
    this.seat = null
    this.parts.storage.removeItem(storageKey)
    this.change('closed')
  }

  private closeSocket(): void {
    const socket = this.socket
    this.socket = null
    socket?.close()
  }

  private change(state: SocketState): void {
    if (this.current === state) return
    this.current = state
    this.onState(state)
  }

  /* A reload keeps the seat too: the token waits in sessionStorage, which is this tab's alone. */

  private storeSeat(): void {
    try {
      this.parts.storage.setItem(
        storageKey,
        JSON.stringify({ ...this.seat, room: this.entry?.room, name: this.entry?.name }),
      )
    } catch {
      /* Storage may be full or forbidden; then a reload simply takes a new seat. */
    }
  }

  private restoreSeat(): { token: string; me: string } | null {
    try {
      const stored = JSON.parse(this.parts.storage.getItem(storageKey) ?? 'null') as Record<string, string> | null
      const matches = stored?.room === this.entry?.room && stored?.name === this.entry?.name
      return stored?.token && stored.me && matches ? { token: stored.token, me: stored.me } : null
    } catch {
      return null
    }
  }
}
