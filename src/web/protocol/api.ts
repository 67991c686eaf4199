/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The HTTP side of the contract. Owns the access token, in memory only; the refresh token is a cookie no script sees.
   Every call gives its body or throws an ApiError. */
import type * as Contract from './contract'
import { type ApiError, asApiError, errorOfResponse } from './errors'
import type { ServerPlace } from './server'

export type Fetch = (input: string, init: RequestInit) => Promise<Response>
/** Runs the task while no other tab does. */
export type Exclusive = <T>(name: string, task: () => Promise<T>) => Promise<T>

export interface ApiParts {
  server: ServerPlace
  fetch: Fetch
  exclusive: Exclusive
  now?: () => number
}

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
interface CallOptions {
  query?: Record<string, string | number | boolean | null | undefined>
  body?: object | FormData
  /** Milliseconds, where the server itself has to wait for somebody. */
  patience?: number
}
interface Page {
  limit?: number
  after?: string | null
}
interface BroadcastQuery extends Page {
  scope?: 'public' | 'mine'
  roomId?: string
  status?: 'scheduled' | 'live' | 'ended'
}

const timeLimit = 15_000
/** For a file on a slow line; the server waits as long. */
const uploadTimeLimit = 180_000
/** A token this close to its end is renewed before it is used. */
const renewAhead = 30_000

const segment = encodeURIComponent
const show = (id: string) => `/api/broadcasts/${segment(id)}`

export class Api {
  private token: string | null = null
  private expiresAt = 0
  private refreshing: Promise<Contract.SignedIn> | null = null
  private readonly now: () => number

  /** The refresh cookie stopped working while somebody was signed in. */
  onSignedOut: (error: ApiError) => void = () => {}

  constructor(private readonly parts: ApiParts) {
    this.now = parts.now ?? Date.now
  }

  get server(): ServerPlace {
    return this.parts.server
  }

  /* ── Accounts ── */

  config = () => this.open<Contract.ClientConfig>('GET', '/config')
  register = (body: Contract.Registration) => this.enter('/api/auth/register', body)
  login = (body: Contract.Login) => this.enter('/api/auth/login', body)
  guest = (body: Contract.Guest) => this.enter('/api/auth/guest', body)
  me = () => this.call<Contract.User>('GET', '/api/auth/me')
  updateMe = (body: Contract.Profile) => this.call<Contract.User>('PATCH', '/api/auth/me', { body })
  sessions = () => this.call<Contract.SessionList>('GET', '/api/auth/sessions')
  revokeSession = (id: string) => this.call<void>('DELETE', `/api/auth/sessions/${segment(id)}`)
  users = (page: Page = {}) => this.call<Contract.UserList>('GET', '/api/users', { query: { ...page } })
  updateUser = (id: string, body: Contract.UserRole) =>
    this.call<Contract.User>('PATCH', `/api/users/${segment(id)}`, { body })

  /** Trades the refresh cookie for a session. A cookie works once and a second use revokes it, so there is one exchange
      at a time: in this tab by sharing the promise, among tabs by a lock. */
  refresh(): Promise<Contract.SignedIn> {
    this.refreshing ??= this.parts
      .exclusive('greenroom.refresh', () => this.open<Contract.SignedIn>('POST', '/api/auth/refresh'))
      .then((session) => this.keep(session))
      .finally(() => (this.refreshing = null))
    return this.refreshing
  }

  async logout(): Promise<void> {
    this.forget()
    await this.parts.exclusive('greenroom.refresh', () => this.open<void>('POST', '/api/auth/logout'))
  }

  /** A token that is good for the next half minute, or null for someone who is not signed in. */
  async accessToken(renew = false): Promise<string | null> {
    if (this.token === null) return null
    if (renew || this.now() > this.expiresAt - renewAhead) await this.renew()
    return this.token
  }

  /* ── Rooms ── */

  rooms = (scope: 'public' | 'mine' | 'all', page: Page = {}) =>
    this.call<Contract.RoomList>('GET', '/api/rooms', { query: { scope, ...page } })
  createRoom = (body: Contract.RoomCreate) => this.call<Contract.Room>('POST', '/api/rooms', { body })
  room = (room: string, invite: string | null = null) =>
    this.call<Contract.Room>('GET', `/api/rooms/${segment(room)}`, { query: { invite } })
  updateRoom = (room: string, body: Contract.RoomUpdate) =>
    this.call<Contract.Room>('PATCH', `/api/rooms/${segment(room)}`, { body })
  deleteRoom = (room: string) => this.call<void>('DELETE', `/api/rooms/${segment(room)}`)

  invites = (room: string) => this.call<Contract.InviteList>('GET', `/api/rooms/${segment(room)}/invites`)
  createInvite = (room: string, body: Contract.InviteCreate) =>
    this.call<Contract.Invite>('POST', `/api/rooms/${segment(room)}/invites`, { body })
  deleteInvite = (room: string, code: string) =>
    this.call<void>('DELETE', `/api/rooms/${segment(room)}/invites/${segment(code)}`)
  resolveInvite = (code: string) => this.call<Contract.Room>('GET', `/api/invites/${segment(code)}`)

  updateParticipant = (room: string, id: string, body: Contract.ParticipantUpdate) =>
    this.call<Contract.Participant>('PATCH', `/api/rooms/${segment(room)}/participants/${segment(id)}`, { body })
  removeParticipant = (room: string, id: string, ban = false) =>
    this.call<void>('DELETE', `/api/rooms/${segment(room)}/participants/${segment(id)}`, {
      query: { ban: ban || null },
    })
  bans = (room: string) => this.call<Contract.BanList>('GET', `/api/rooms/${segment(room)}/bans`)
  deleteBan = (room: string, ban: string) =>
    this.call<void>('DELETE', `/api/rooms/${segment(room)}/bans/${segment(ban)}`)

  messages = (room: string, page: Page = {}) =>
    this.call<Contract.MessageList>('GET', `/api/rooms/${segment(room)}/messages`, { query: { ...page } })
  deleteMessage = (room: string, id: string) =>
    this.call<void>('DELETE', `/api/rooms/${segment(room)}/messages/${segment(id)}`)

  /* ── Pictures ── */

  uploadPicture = (file: Blob) => {
    const body = new FormData()
    body.append('file', file)
    return this.call<Contract.UploadedPicture>('POST', '/api/upload', { body })
  }
  pictures = (page: Page = {}) => this.call<Contract.PictureList>('GET', '/api/pictures', { query: { ...page } })
  deletePicture = (id: string) => this.call<void>('DELETE', `/api/pictures/${segment(id)}`)

  /* ── The studio ── */

  broadcasts = (query: BroadcastQuery = {}) =>
    this.call<Contract.BroadcastList>('GET', '/api/broadcasts', { query: { ...query } })
  createBroadcast = (body: Contract.BroadcastCreate) =>
    this.call<Contract.Broadcast>('POST', '/api/broadcasts', { body })
  broadcast = (id: string, invite: string | null = null) =>
    this.call<Contract.Broadcast>('GET', show(id), { query: { invite } })
  updateBroadcast = (id: string, body: Contract.BroadcastUpdate) =>
    this.call<Contract.Broadcast>('PATCH', show(id), { body })
  deleteBroadcast = (id: string) => this.call<void>('DELETE', show(id))
  startBroadcast = (id: string, body: Contract.BroadcastStart) =>
    this.call<Contract.Broadcast>('POST', `${show(id)}/start`, { body })
  endBroadcast = (id: string) => this.call<Contract.Broadcast>('POST', `${show(id)}/end`)
  broadcastStatistics = (id: string) => this.call<Contract.ShowStatistics>('GET', `${show(id)}/statistics`)

  scene = (id: string) => this.call<Contract.Scene>('GET', `${show(id)}/scene`)
  updateScene = (id: string, body: Contract.SceneUpdate) =>
    this.call<Contract.Scene>('PATCH', `${show(id)}/scene`, { body })
  brand = (id: string) => this.call<Contract.Brand>('GET', `${show(id)}/brand`)
  setBrand = (id: string, body: Contract.BrandUpdate) => this.call<Contract.Brand>('PUT', `${show(id)}/brand`, { body })
  savedScenes = (id: string) => this.call<Contract.SavedSceneList>('GET', `${show(id)}/scenes`)
  saveScene = (id: string, body: Contract.SceneSave) =>
    this.call<Contract.SavedScene>('POST', `${show(id)}/scenes`, { body })
  deleteScene = (id: string, scene: string) => this.call<void>('DELETE', `${show(id)}/scenes/${segment(scene)}`)

  destinations = (id: string) => this.call<Contract.DestinationList>('GET', `${show(id)}/destinations`)
  addDestination = (id: string, body: Contract.DestinationCreate) =>
    this.call<Contract.Destination>('POST', `${show(id)}/destinations`, { body })
  updateDestination = (id: string, destination: string, body: Contract.DestinationUpdate) =>
    this.call<Contract.Destination>('PATCH', `${show(id)}/destinations/${segment(destination)}`, { body })
  removeDestination = (id: string, destination: string) =>
    this.call<void>('DELETE', `${show(id)}/destinations/${segment(destination)}`)
  testDestination = (id: string, destination: string) =>
    this.call<Contract.DestinationTest>('POST', `${show(id)}/destinations/${segment(destination)}/test`, { patience: 45_000 })

  showRecordings = (id: string, page: Page = {}) =>
    this.call<Contract.RecordingList>('GET', `${show(id)}/recordings`, { query: { ...page } })
  startRecording = (id: string, body: Contract.RecordingStart) =>
    this.call<Contract.Recording>('POST', `${show(id)}/recordings`, { body })
  recordings = (page: Page = {}) => this.call<Contract.RecordingList>('GET', '/api/recordings', { query: { ...page } })
  recording = (id: string) => this.call<Contract.Recording>('GET', `/api/recordings/${segment(id)}`)
  stopRecording = (id: string) => this.call<Contract.Recording>('POST', `/api/recordings/${segment(id)}/stop`)
  deleteRecording = (id: string) => this.call<void>('DELETE', `/api/recordings/${segment(id)}`)

  /* ── How ── */

  private async enter(path: string, body: object): Promise<Contract.SignedIn> {
    return this.keep(await this.open<Contract.SignedIn>('POST', path, { body }))
  }

  private keep(session: Contract.SignedIn): Contract.SignedIn {
    this.token = session.accessToken
    this.expiresAt = Date.parse(session.expiresAt)
    return session
  }

  private forget(): void {
    this.token = null
    this.expiresAt = 0
  }

  private async renew(): Promise<void> {
    try {
      await this.refresh()
    } catch (thrown) {
      const error = asApiError(thrown)
      /* Without a network the session is as good as before. */
      if (error.status === 401 || error.status === 403) {
        this.forget()
        this.onSignedOut(error)
      }
      throw error
    }
  }

  /** With the token, if there is one; once more with a new one when it had run out. */
  private async call<T>(method: Method, path: string, options: CallOptions = {}): Promise<T> {
    const token = await this.accessToken()
    try {
      return await this.open<T>(method, path, options, token)
    } catch (thrown) {
      const error = asApiError(thrown)
      if (error.code !== 'token_expired' || token === null) throw error
      /* Another call may have renewed it meanwhile. */
      if (this.token === token) await this.renew()
      return await this.open<T>(method, path, options, this.token)
    }
  }

  private async open<T>(
    method: Method,
    path: string,
    options: CallOptions = {},
    token: string | null = null,
  ): Promise<T> {
    const query = new URLSearchParams()
    for (const [name, value] of Object.entries(options.query ?? {})) {
      if (value !== null && value !== undefined) query.set(name, String(value))
    }
    const headers: Record<string, string> = { Accept: 'application/json' }
    if (token !== null) headers.Authorization = `Bearer ${token}`
    const form = options.body instanceof FormData ? options.body : null
    /* The browser names a form's type, with the boundary it chose. */
    if (options.body && !form) headers['Content-Type'] = 'application/json'

    try {
      const response = await this.parts.fetch(`${this.server.base}${path}${query.size > 0 ? `?${query}` : ''}`, {
        method,
        headers,
        body: form ?? (options.body ? JSON.stringify(options.body) : undefined),
        credentials: this.server.foreign ? 'include' : 'same-origin',
        cache: 'no-store',
        /* A page that is closed during a refresh still has to receive its new cookie. */
        keepalive: path === '/api/auth/refresh',
        signal: AbortSignal.timeout(form ? uploadTimeLimit : timeLimit),
      })
      if (response.status === 204) return undefined as T
      const body: unknown = await response.json().catch(() => null)
      if (!response.ok) throw errorOfResponse(response, body)
      return body as T
    } catch (thrown) {
      throw asApiError(thrown)
    }
  }
}

/** navigator.locks exists only in secure contexts; elsewhere tabs cannot be told apart and each looks after itself. */
export const exclusiveAmongTabs: Exclusive = (name, task) =>
  typeof navigator !== 'undefined' && navigator.locks
    ? (navigator.locks.request(name, task) as ReturnType<typeof task>)
    : task()
