/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One visit to one room, from the door to the goodbye: holds the socket, the media layer and the timers, and keeps the
   room's store up to date. Owned by state/room.ts. */
import type { MediaLayer } from '../media/layer'
import { SpeakingDetector } from '../media/speaking'
import type { IceServer, ParticipantStatusCommand, Picture, QualityEvent, ServerMessage } from '../protocol/contract'
import { ApiError } from '../protocol/errors'
import type { RoomSocket, SocketEnd, SocketState } from '../protocol/socket'
import * as chat from './chat-lines'
import { notify } from './notices'
import { problemFrom, tellProblem } from './outcome'
import { identityOf, reduce, type RoomModel, selfOf } from './room-model'
import { isWeak, sampleEvery, screenQualities, summarize, UplinkMeter } from './room-stats'
import { detailsOf, type MediaFacts, participantsOf, waitingOf } from './room-views'
import { serverTracks } from './server-tracks'
import type { Services } from './services'
import type { Share } from './share'
import type { PictureQuality, RoomPhase, RoomState } from './types'

export interface VisitStore {
  get(): RoomState
  set(patch: Partial<RoomState>): void
  /** Every message, for who follows more of the room than its people. */
  heard(message: ServerMessage): void
}

const speakingEvery = 100
/** Without anyone looking at them statistics only find weak connections: every third time is enough. */
const idleSkips = 3

type Status = Omit<ParticipantStatusCommand, 'type'>

export class Visit {
  model: RoomModel | null = null
  share: Share | null = null

  private readonly socket: RoomSocket
  private layer: MediaLayer | null = null
  private iceServers: readonly IceServer[] = []
  private shown: readonly Picture[] = []
  private away = false
  private looking = false
  private lookingAtChat = false
  private ticks = 0
  private levels: ReadonlyMap<string, number> = new Map()
  private readonly detector = new SpeakingDetector()
  private readonly uplink = new UplinkMeter()
  private weak: ReadonlySet<string> = new Set()
  private screenSound: ReadonlySet<string> = new Set()
  private quality: ReadonlyMap<string, PictureQuality> = new Map()
  private readonly volume = new Map<string, number>()
  private cameraPreview: MediaStream | null = null
  private screenPreview: MediaStream | null = null
  private code: string | null = null
  private timers: ReturnType<typeof setInterval>[] = []
  private readonly undo: (() => void)[] = []
  private over = false

  constructor(
    private readonly parts: Services,
    private readonly store: VisitStore,
    private readonly entry: { slug: string; invite: string | null; name: string; watchOnly: boolean },
  ) {
    this.socket = parts.createSocket()
    this.socket.onMessage = (message) => this.receive(message)
    this.socket.onState = (state) => this.follow(state)
    this.socket.onEnd = (end) => this.ended(end)
    parts.local.hold('room')
    this.undo.push(
      parts.local.subscribe((kind) => this.localChanged(kind)),
      parts.watchNetwork((online) => (online ? this.socket.retryNow() : this.socket.suspect())),
    )
  }

  start(): void {
    const { slug, invite, name, watchOnly } = this.entry
    if (watchOnly) {
      void this.parts.local.turn('microphone', false)
      void this.parts.local.turn('camera', false)
    }
    this.socket.join({
      room: slug,
      ...(name ? { name } : {}),
      ...(invite ? { invite } : {}),
      ...(watchOnly ? { watch: true } : {}),
    })
  }

  leave(): void {
    this.socket.leave()
    this.finish('left')
  }

  get mayModerate(): boolean {
    return this.model !== null && selfOf(this.model)?.role === 'host'
  }

  private get maySend(): boolean {
    return this.model !== null && selfOf(this.model)?.role !== 'viewer'
  }

  /** In the green room only the server can keep others out, so between browsers there is none. */
  private get isHeard(): boolean {
    return this.model !== null && (this.model.mode === 'hub' || selfOf(this.model)?.stage === 'stage')
  }

  /* ── What the server says ── */

  private receive(message: ServerMessage): void {
    const before = this.model
    this.model = reduce(this.model, message, Date.now())
    if (this.lookingAtChat && this.model?.unread) this.model = { ...this.model, unread: 0 }

    switch (message.type) {
      case 'joined':
        this.iceServers = message.iceServers
        this.seated(before, message.resumed)
        break
      case 'media':
        this.beginMediaAnew()
        break
      case 'offer':
      case 'answer':
      case 'ice-candidate':
      case 'slots':
      case 'codecs':
      case 'active-speakers':
        return this.layer?.receive(message)
      case 'mute':
        this.muted(message.media, this.nameOf(message.by))
        break
      case 'ask-unmute':
        this.store.set({ unmuteAsked: this.nameOf(message.by) })
        this.asked = message.media
        break
      case 'quality':
        return this.counted(message)
      case 'error':
        this.failed(message.error, message.to)
        break
    }
    if (this.model !== before) this.roomChanged(before)
    this.store.heard(message)
  }

  private asked: readonly ('audio' | 'video')[] = []

  async answerUnmute(accept: boolean): Promise<void> {
    const asked = this.asked
    this.asked = []
    this.store.set({ unmuteAsked: null })
    if (!accept) return
    if (asked.includes('audio')) await this.setDevice('microphone', true)
    if (asked.includes('video')) await this.setDevice('camera', true)
  }

  /** A seat, for the first time or again. With the same one peers and what they send go on. */
  private seated(before: RoomModel | null, resumed: boolean): void {
    const model = this.model!
    /* Between browsers nothing is lost with a server that lost count. */
    const same = before?.me === model.me && before.mode === model.mode && (model.mode === 'p2p' || before.epoch === model.epoch)
    const keep = this.layer !== null && resumed && same
    if (keep) {
      this.layer!.setIceServers(this.iceServers)
      this.layer!.resume()
    } else {
      this.layer?.close()
      this.layer = this.makeLayer(model, resumed)
    }
    if (selfOf(model)?.stage === 'waiting') return this.store.set({ phase: 'waiting', problem: null })
    this.announce()
    if (this.timers.length === 0) {
      this.timers = [
        setInterval(() => this.listen(), speakingEvery),
        setInterval(() => void this.measure(), sampleEvery),
      ]
    }
    if (this.mayModerate && this.code === null) void this.findCode()
  }

  /** The room goes another way now, or the server lost what it had: nothing here notices but the connections. */
  private beginMediaAnew(): void {
    const model = this.model
    if (model === null) return
    this.layer?.close()
    this.layer = this.makeLayer(model, false)
    /* Through the server the green room may send, which it could not before. */
    if (selfOf(model)?.stage === 'backstage') this.announce()
    else this.tell({ streams: this.layer.streams })
    this.layer.setPeople(model.people)
  }

  private makeLayer({ me, mode, epoch }: RoomModel, restored: boolean): MediaLayer {
    const layer = this.parts.createLayer({ me, mode, epoch, restored, send: (message) => void this.socket.send(message) })
    layer.setIceServers(this.iceServers)
    layer.show?.(this.shown)
    layer.onRemoteChanged = () => this.publish()
    layer.onProblem = (error) => tellProblem(problemFrom(error))
    this.fillLayer(layer)
    return layer
  }

  private fillLayer(layer: MediaLayer): void {
    if (this.isHeard) this.share?.sendAnew(layer)
    else for (const kind of ['screen', 'screen-audio'] as const) layer.setLocal(kind, null)
    for (const kind of ['microphone', 'camera'] as const) layer.setLocal(kind, this.sendable(kind))
  }

  private roomChanged(before: RoomModel | null): void {
    const model = this.model
    if (model === null) return
    const me = selfOf(model)
    const meBefore = before && selfOf(before)
    if (model.people !== before?.people) this.layer?.setPeople(model.people)

    const moved = before && (before.room.slug !== model.room.slug || before.room.visibility !== model.room.visibility)
    if (moved && this.mayModerate) {
      this.code = null
      void this.findCode()
    }
    if (me && meBefore && me.stage !== meBefore.stage && meBefore.stage !== 'waiting') {
      const onAir = model.room.onAir && me.stage === 'stage' && me.role !== 'viewer'
      notify(onAir ? { tone: 'warn', key: 'on-air' } : { tone: 'info', key: me.stage === 'stage' ? 'to-stage' : 'to-green-room' })
      /* The server may have forgotten what this person sends. */
      if (this.layer) this.fillLayer(this.layer)
      this.announce()
    }
    if (me && me.hand !== meBefore?.hand) this.store.set({ hand: me.hand })
    if (me && meBefore && me.role !== meBefore.role) this.roleChanged()
    this.publish()
  }

  private roleChanged(): void {
    if (this.mayModerate && this.code === null) void this.findCode()
    if (this.maySend) return
    this.stopShare()
    void this.parts.local.turn('microphone', false)
    void this.parts.local.turn('camera', false)
  }

  private muted(media: readonly ('audio' | 'video' | 'screen')[], name: string): void {
    if (media.includes('audio')) {
      void this.setDevice('microphone', false)
      notify({ tone: 'warn', key: 'muted-by', values: { name } })
    }
    if (media.includes('video')) {
      void this.setDevice('camera', false)
      notify({ tone: 'warn', key: 'camera-stopped-by', values: { name } })
    }
    if (media.includes('screen')) {
      this.stopShare()
      notify({ tone: 'warn', key: 'screen-stopped-by', values: { name } })
    }
  }

  private failed(error: { code: string; message: string; field?: string }, to: string | undefined): void {
    /* A peer may leave while something is on its way to them. */
    const signal = to === 'offer' || to === 'answer' || to === 'ice-candidate' || to === 'subscribe'
    if (to === 'offer' && this.layer?.refused?.(error)) return
    /* The next sample asks again. */
    if (to === 'quality') return
    if (signal && error.code === 'not_found') return
    tellProblem(error)
  }

  private nameOf(by: string): string {
    return this.model?.people.find(({ id }) => id === by)?.name ?? by
  }

  /* ── The seat ── */

  private follow(state: SocketState): void {
    if (this.over) return
    this.away = state === 'reconnecting'
    const { phase } = this.store.get()
    if (state === 'reconnecting' && phase === 'joined') this.store.set({ phase: 'reconnecting' })
    if (this.model) this.publish()
  }

  private ended(end: SocketEnd): void {
    if (end.kind === 'removed') {
      const phases: Record<typeof end.reason, RoomPhase> = {
        kicked: 'kicked',
        banned: 'banned',
        denied: 'denied',
        closed: 'closed',
        replaced: 'replaced',
        'signed-out': 'signed-out',
      }
      return this.finish(phases[end.reason])
    }
    const { code, message, field } = end.error
    this.finish(
      code === 'banned' ? 'banned' : 'error',
      field === undefined ? { code, message } : { code, message, field },
    )
  }

  private finish(phase: RoomPhase, problem: RoomState['problem'] = null): void {
    if (this.over) return
    this.over = true
    for (const timer of this.timers) clearInterval(timer)
    for (const undo of this.undo) undo()
    this.layer?.close()
    this.share?.stop()
    this.share = null
    this.parts.local.release('room')
    this.store.set({
      phase,
      problem,
      participants: [],
      waiting: [],
      sharing: null,
      stats: null,
      serverTracks: [],
      unmuteAsked: null,
      hand: false,
    })
  }

  /* ── What this person does ── */

  async setDevice(kind: 'microphone' | 'camera', on: boolean): Promise<void> {
    if (on && !this.maySend) return
    const problem = await this.parts.local.turn(kind, on)
    if (problem) notify({ tone: 'bad', key: `${kind}-failed`, values: { problem } })
  }

  setHand(up: boolean): void {
    this.store.set({ hand: up })
    this.tell({ hand: up })
    this.publish()
  }

  startShare(share: Share): void {
    this.share?.stop()
    this.share = share
    this.screenPreview = this.parts.newStream([share.picture])
    if (this.layer) share.sendTo(this.layer)
    this.store.set({ sharing: share.choice })
    this.tell({ screen: true })
    this.publish()
  }

  stopShare(): void {
    if (this.share === null) return
    this.share.stop()
    this.share = null
    this.screenPreview = null
    this.layer?.setLocal('screen', null)
    this.layer?.setLocal('screen-audio', null)
    this.store.set({ sharing: null })
    this.tell({ screen: false })
    this.publish()
  }

  levelOf(id: string): number {
    return this.levels.get(id) ?? 0
  }

  showPictures(pictures: readonly Picture[]): void {
    this.shown = pictures
    this.layer?.show?.(pictures)
  }

  setVolume(id: string, volume: number): void {
    this.volume.set(id, Math.min(1, Math.max(0, volume)))
    this.publish()
  }

  send(text: string, id: string): void {
    const { model } = this
    if (model === null) return
    const name = selfOf(model)?.name ?? ''
    const lines = chat.remove(model.lines, id)
    const line = chat.pendingLine(id, text, name, identityOf(model), Date.now())
    const taken = this.socket.send({ type: 'chat-message', text })
    this.model = { ...model, lines: chat.append(lines, taken ? line : { ...line, delivery: 'failed' }) }
    this.publish()
  }

  stepDown(): void {
    if (this.model) this.socket.send({ type: 'stage', participant: this.model.me, stage: 'backstage' })
  }

  async loadOlder(): Promise<void> {
    const { model } = this
    if (model?.older === null || model === null) return
    const page = await this.parts.api.messages(model.room.id, { after: model.older, limit: 50 })
    if (this.model === null) return
    const lines = chat.prepend(this.model.lines, page.items, identityOf(this.model))
    const full = lines.length >= chat.lineLimit
    this.model = { ...this.model, lines, older: full ? null : page.next }
    this.publish()
  }

  lookAtChat(looking: boolean): void {
    this.lookingAtChat = looking
    if (looking && this.model?.unread) {
      this.model = { ...this.model, unread: 0 }
      this.publish()
    }
  }

  lookAtStats(looking: boolean): void {
    this.looking = looking
    if (looking) void this.measure()
    else this.store.set({ stats: null, serverTracks: [] })
    if (!looking) this.lastQuality = null
  }

  setCode(code: string): void {
    this.code ??= code
    this.publish()
  }

  /** What a host reads out: the room's address where that opens it, an invite where the room is private. */
  private async findCode(): Promise<void> {
    const { id: room, slug, visibility } = this.model!.room
    if (visibility !== 'private') return this.setCode(slug)
    try {
      const { items } = await this.parts.api.invites(room)
      const usable = items.find(
        ({ role, uses, expiresAt }) => role === 'guest' && uses === null && Date.parse(expiresAt) > Date.now(),
      )
      this.setCode((usable ?? (await this.parts.api.createInvite(room, {}))).code)
    } catch (thrown) {
      tellProblem(problemFrom(thrown))
    }
  }

  /* ── What is sent ── */

  private sendable(kind: 'microphone' | 'camera'): MediaStreamTrack | null {
    return this.maySend && this.isHeard ? this.parts.local.track(kind) : null
  }

  private localChanged(kind: 'microphone' | 'camera'): void {
    const track = this.parts.local.track(kind)
    this.store.set({ [kind]: track !== null })
    if (kind === 'camera') this.cameraPreview = track && this.parts.newStream([track])
    if (this.layer === null) return
    this.layer.setLocal(kind, this.sendable(kind))
    this.tell(kind === 'microphone' ? { audio: track !== null } : { video: track !== null })
    this.publish()
  }

  /** Everything about oneself, for a seat that knows nothing yet or was away. */
  private announce(): void {
    const camera = this.parts.local.track('camera')
    if (camera !== null && !this.cameraPreview) this.cameraPreview = this.parts.newStream([camera])
    this.store.set({
      phase: 'joined',
      problem: null,
      joinedAt: this.store.get().joinedAt ?? Date.now(),
      microphone: this.sendable('microphone') !== null,
      camera: this.sendable('camera') !== null,
    })
    const { hand } = this.store.get()
    this.tell({
      audio: this.sendable('microphone') !== null,
      video: this.sendable('camera') !== null,
      screen: this.share !== null && this.maySend && this.isHeard,
      ...(hand ? { hand } : {}),
      streams: this.layer!.streams,
    })
  }

  private tell(status: Status): void {
    const { phase } = this.store.get()
    if (phase !== 'joined' && phase !== 'reconnecting') return
    if (!(this.maySend && this.isHeard) && (status.audio || status.video || status.screen)) return
    this.socket.send({ type: 'participant-status', ...status })
    /* One's own tile does not wait for the server. */
    const me = this.model && selfOf(this.model)
    if (!me) return
    const handAt = status.hand === undefined ? me.handAt : status.hand ? new Date().toISOString() : null
    const participant = { ...me, ...status, handAt }
    this.model = reduce(this.model, { type: 'participant-status-updated', participant }, Date.now())
  }

  /* ── What is measured ── */

  private listen(): void {
    if (this.layer === null || this.model === null) return
    const levels = this.layer.levels()
    levels.set(this.model.me, this.parts.local.level())
    this.levels = levels
    if (this.detector.update(levels, Date.now())) this.publish()
  }

  private lastQuality: QualityEvent | null = null

  /** The server's own figures; they may come after the panel was closed. */
  private counted(message: QualityEvent): void {
    if (!this.looking || this.model === null) return
    const names = new Map(this.model.people.map(({ id, name }) => [id, name]))
    this.store.set({ serverTracks: serverTracks(message, this.lastQuality, names) })
    this.lastQuality = message
  }

  private async measure(): Promise<void> {
    const { layer, model } = this
    if (layer === null || model === null || (!this.looking && this.ticks++ % idleSkips !== 0)) return
    this.share?.sendTo(layer)
    if (this.looking && model.mode === 'hub') this.socket.send({ type: 'quality' })
    try {
      const stats = await layer.stats()
      if (this.over || this.layer !== layer) return
      const peers = [...stats.peers]
      this.weak = new Set(peers.filter(([, peer]) => isWeak(peer)).map(([id]) => id))
      this.screenSound = new Set(
        peers
          .filter(([, { tracks }]) =>
            tracks.some(
              ({ kind, direction, bitsPerSecond }) =>
                kind === 'screen-audio' && direction === 'down' && bitsPerSecond > 0,
            ),
          )
          .map(([id]) => id),
      )
      this.quality = screenQualities(stats, model.me)
      const uplinkMbit = this.uplink.update(stats)
      if (uplinkMbit !== null) this.store.set({ uplinkMbit })
      if (this.looking) {
        const names = new Map(model.people.map(({ id, name }) => [id, name]))
        const history = this.store.get().stats?.history ?? []
        this.store.set({ stats: summarize(stats, names, history, Date.now()) })
      }
      this.publish()
    } catch (thrown) {
      tellProblem(problemFrom(thrown instanceof Error ? new ApiError('internal', thrown.message) : thrown))
    }
  }

  /* ── What is shown ── */

  publish(): void {
    const { model } = this
    if (this.over || model === null) return
    const before = this.store.get()
    const facts: MediaFacts = {
      own: {
        camera: this.cameraPreview,
        screen: this.screenPreview,
        screenSound: this.share?.sound != null,
        audio: before.microphone,
      },
      remote: (id) => this.layer!.remote(id),
      speaking: this.detector.current,
      weak: this.weak,
      screenSound: this.screenSound,
      quality: this.share ? this.quality : new Map([...this.quality].filter(([id]) => id !== model.me)),
      volume: this.volume,
      away: this.away,
    }
    const room = detailsOf(model.room, this.mayModerate ? this.code : null)
    this.store.set({
      room: before.room && JSON.stringify(before.room) === JSON.stringify(room) ? before.room : room,
      path: model.mode === 'hub' ? 'server' : 'direct',
      participants: participantsOf(model, facts, before.participants),
      waiting: waitingOf(model, before.waiting),
      messages: model.lines,
      hasOlderMessages: model.older !== null,
      unread: model.unread,
      show: model.show,
      programme: model.show && (this.layer?.programme?.() ?? null),
    })
  }
}
