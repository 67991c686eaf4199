// SPDX-License-Identifier: LGPL-2.1-or-later
/** A person at the API: an account or a guest with a token and cookies, and their seats in rooms. */
import assert from 'node:assert/strict'
import type {
  ClientMessage, ErrorDetail, Invite, InviteCreate, JoinCommand, JoinedEvent, Participant, ParticipantUpdate, Room,
  RoomCreate, RoomUpdate, ServerMessage, SignedIn, User,
} from '../../src/web/protocol/contract.ts'
import { within } from './deadline.ts'
import { CuttableSocket } from './cuttable.ts'

type Server = { url: string; socketUrl: string; port: number }
type EventOf<T extends ServerMessage['type']> = Extract<ServerMessage, { type: T }>

export interface Answer<T = unknown> {
  status: number
  headers: Headers
  body: T
}

/** What a request that was meant to work came back with. */
export class ApiFailure extends Error {
  readonly status: number
  readonly detail: ErrorDetail | undefined

  constructor(what: string, status: number, detail: ErrorDetail | undefined) {
    super(`${what}: ${status} ${detail?.code ?? ''} ${detail?.message ?? ''}`)
    this.status = status
    this.detail = detail
  }
}

let serial = 0

export class Client {
  readonly server: Server
  /** Sent as the bearer token; set it to anything to see what happens. */
  token: string | null = null
  user: User | null = null
  readonly cookies = new Map<string, string>()

  constructor(server: Server) {
    this.server = server
  }

  /** A new account. Without arguments everything is made up and unique. */
  static async register(server: Server, given: { name?: string; email?: string; password?: string; setup?: string } = {}) {
    const number = ++serial
    const client = new Client(server)
    const name = given.name ?? `Person ${number}`
    await client.signIn('register', { email: `person${number}@example.org`, password: 'correct horse', ...given, name })
    return client
  }

  static async login(server: Server, email: string, password: string) {
    const client = new Client(server)
    await client.signIn('login', { email, password })
    return client
  }

  static async guest(server: Server, name = `Guest ${++serial}`) {
    const client = new Client(server)
    await client.signIn('guest', { name })
    return client
  }

  /** Any request, whatever its answer. An object goes as JSON, text and bytes as they are. */
  async request<T = unknown>(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer<T>> {
    const raw = typeof body === 'string' || body instanceof Uint8Array
    const response = await fetch(this.server.url + path, {
      method,
      redirect: 'manual',
      signal: AbortSignal.timeout(20_000),
      headers: {
        ...(this.token === null ? {} : { authorization: `Bearer ${this.token}` }),
        ...(this.cookies.size === 0 ? {} : { cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ') }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: raw ? (body as BodyInit) : JSON.stringify(body) }),
    })
    for (const line of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (name === undefined || value === undefined) continue
      if (value === '' || /;\s*max-age=0/i.test(line)) this.cookies.delete(name)
      else this.cookies.set(name, value)
    }
    const text = await response.text()
    const json = response.headers.get('content-type')?.startsWith('application/json') ?? false
    return { status: response.status, headers: response.headers, body: (json && text ? JSON.parse(text) : text) as T }
  }

  /** A request that must work; gives its body. */
  async call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const answer = await this.request<T>(method, path, body)
    if (answer.status >= 400) {
      throw new ApiFailure(`${method} ${path}`, answer.status, (answer.body as { error?: ErrorDetail }).error)
    }
    return answer.body
  }

  /** A request that must fail so. */
  async refused(status: number, code: string, method: string, path: string, body?: unknown): Promise<ErrorDetail> {
    const answer = await this.request<{ error?: ErrorDetail }>(method, path, body)
    assert.equal(answer.status, status, `${method} ${path}: ${JSON.stringify(answer.body)}`)
    assert.equal(answer.body.error?.code, code, `${method} ${path}`)
    assert.ok(answer.body.error.message, 'an error has a message for people')
    return answer.body.error
  }

  /** Trades the refresh cookie for a new token. */
  refresh = () => this.signIn('refresh')

  createRoom = (room: Partial<RoomCreate> = {}) => this.call<Room>('POST', '/api/rooms', { title: `Room ${++serial}`, ...room })
  updateRoom = (room: string, change: RoomUpdate) => this.call<Room>('PATCH', `/api/rooms/${room}`, change)
  invite = (room: string, invite: InviteCreate = {}) => this.call<Invite>('POST', `/api/rooms/${room}/invites`, invite)
  moderate = (room: string, participant: string, change: ParticipantUpdate) =>
    this.call<Participant>('PATCH', `/api/rooms/${room}/participants/${participant}`, change)
  remove = (room: string, participant: string, ban = false) =>
    this.call<void>('DELETE', `/api/rooms/${room}/participants/${participant}${ban ? '?ban=true' : ''}`)

  /** A connected WebSocket with this person's token at hand; nothing is sent. */
  connect = (headers: Record<string, string> = {}) => RoomConnection.open(this.server.socketUrl, this.token, headers)

  /** A seat: connects, joins and waits for `joined`. */
  async join(room: string, more: Partial<Omit<JoinCommand, 'type' | 'room'>> = {}): Promise<RoomConnection> {
    const connection = await this.connect()
    await connection.join(room, more)
    return connection
  }

  /** Likewise, on a connection that `cut` cuts, and `closePage` closes as a browser does. */
  async joinCuttable(room: string, more: Partial<Omit<JoinCommand, 'type' | 'room'>> = {}) {
    const socket = await CuttableSocket.open(this.server.port)
    const connection = new RoomConnection(socket as unknown as WebSocket, this.token)
    await connection.join(room, more)
    return Object.assign(connection, { cut: socket.cut, closePage: socket.close })
  }

  /** A join that must fail so; gives the error. The server closes after it. */
  async turnedAway(code: string, room: string, more: Partial<Omit<JoinCommand, 'type' | 'room'>> = {}): Promise<ErrorDetail> {
    const connection = await this.connect()
    connection.send({ type: 'join', room, ...(this.token === null ? {} : { token: this.token }), ...more })
    const { error, to } = await connection.next('error')
    assert.deepEqual({ code: error.code, to }, { code, to: 'join' }, error.message)
    assert.equal((await connection.untilClosed()).code, 1008)
    return error
  }

  private async signIn(how: string, body?: unknown) {
    const signedIn = await this.call<SignedIn>('POST', `/api/auth/${how}`, body)
    this.token = signedIn.accessToken
    this.user = signedIn.user
  }
}

/** One WebSocket. Messages are kept until a test asks for them, so none is missed between two waits. */
export class RoomConnection {
  /** Set by `join`. */
  joined: JoinedEvent | null = null
  closed: { code: number; reason: string } | null = null

  private readonly socket: WebSocket
  private readonly token: string | null
  private readonly inbox: ServerMessage[] = []
  private wake: () => void = () => {}

  constructor(socket: WebSocket, token: string | null) {
    this.socket = socket
    this.token = token
    socket.addEventListener('message', ({ data }) => {
      this.inbox.push(JSON.parse(String(data)) as ServerMessage)
      this.wake()
    })
    socket.addEventListener('close', ({ code, reason }) => {
      this.closed = { code, reason }
      this.wake()
    })
  }

  static open(url: string, token: string | null, headers: Record<string, string> = {}): Promise<RoomConnection> {
    /* Node's WebSocket takes headers where the browser's takes protocols. */
    const socket = new WebSocket(url, { headers } as unknown as string[])
    const connection = new RoomConnection(socket, token)
    return within(
      5_000,
      'the WebSocket opens',
      new Promise((resolve, reject) => {
        socket.addEventListener('open', () => resolve(connection))
        socket.addEventListener('error', () => reject(new Error('the WebSocket was refused')))
      }),
    )
  }

  get me(): string {
    assert.ok(this.joined, 'not joined yet')
    return this.joined.me
  }

  send = (message: ClientMessage) => this.socket.send(JSON.stringify(message))
  sendText = (text: string) => this.socket.send(text)

  async join(room: string, more: Partial<Omit<JoinCommand, 'type' | 'room'>> = {}): Promise<JoinedEvent> {
    this.send({ type: 'join', room, ...(this.token === null ? {} : { token: this.token }), ...more })
    this.joined = await this.next('joined')
    return this.joined
  }

  /**
   * The next message of @type (that @fits), whatever comes before it; the ones passed over are dropped. An `error` that was
   * not asked for, or a close, ends the wait.
   */
  next<T extends ServerMessage['type']>(type: T, fits: (message: EventOf<T>) => boolean = () => true, milliseconds = 5_000) {
    const look = async (): Promise<EventOf<T>> => {
      for (;;) {
        for (let message = this.inbox.shift(); message !== undefined; message = this.inbox.shift()) {
          if (message.type === type && fits(message as EventOf<T>)) return message as EventOf<T>
          if (message.type === 'error' && type !== 'error') {
            throw new Error(`waited for ${type}, got the error ${message.error.code}: ${message.error.message}`)
          }
        }
        if (this.closed) throw new Error(`waited for ${type}, closed with ${this.closed.code} ${this.closed.reason}`)
        await new Promise<void>((resolve) => (this.wake = resolve))
      }
    }
    return within(milliseconds, `the message ${type}`, look())
  }

  /** The next message, of whatever type. */
  any(milliseconds = 5_000): Promise<ServerMessage> {
    const look = async () => {
      for (;;) {
        const message = this.inbox.shift()
        if (message !== undefined) return message
        if (this.closed) throw new Error(`waited for a message, closed with ${this.closed.code} ${this.closed.reason}`)
        await new Promise<void>((resolve) => (this.wake = resolve))
      }
    }
    return within(milliseconds, 'any message', look())
  }

  /** Whether a message of @type has come and was not taken. */
  has = (type: ServerMessage['type']) => this.inbox.some((message) => message.type === type)

  /** The messages that came and were not taken, without waiting. */
  take = () => this.inbox.splice(0)

  /** That no message of @types has come before the server's answer to something sent now. Needs a seat on stage. */
  async sawNone(...types: ServerMessage['type'][]) {
    const mark = `mark ${++serial}`
    const came: ServerMessage['type'][] = []
    const watch = ({ data }: MessageEvent) => void came.push((JSON.parse(String(data)) as ServerMessage).type)
    came.push(...this.inbox.map(({ type }) => type))
    this.socket.addEventListener('message', watch)
    this.send({ type: 'chat-message', text: mark })
    await this.next('chat-message', ({ message }) => message.text === mark)
    this.socket.removeEventListener('message', watch)
    assert.deepEqual(came.filter((type) => types.includes(type)), [])
  }

  untilClosed(milliseconds = 10_000): Promise<{ code: number; reason: string }> {
    const look = async () => {
      while (this.closed === null) await new Promise<void>((resolve) => (this.wake = resolve))
      return this.closed
    }
    return within(milliseconds, 'the server closes the WebSocket', look())
  }

  /** Leaves for good, and waits for the close. */
  async leave() {
    if (this.closed) return
    this.send({ type: 'leave' })
    this.socket.close()
    await this.untilClosed()
  }

  /** Goes without a word, as a lost network does as far as a page can: the seat waits for its resume token. */
  async drop() {
    this.socket.close()
    await this.untilClosed()
  }
}
