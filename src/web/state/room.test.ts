/* SPDX-License-Identifier: LGPL-2.1-or-later */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { MediaLayer, TrackKind } from '../media/layer'
import { LocalMedia } from '../media/local'
import type { ClientMessage, JoinedEvent, Participant, Room, ServerMessage } from '../protocol/contract'
import { ApiError } from '../protocol/errors'
import { RoomSocket } from '../protocol/socket'
import { useNotices } from './notices'
import { createRoom } from './room'
import type { LayerParts, Services } from './services'
import type { Outcome, ShareChoice } from './types'

class Track {
  readyState = 'live'
  enabled = true
  contentHint = ''
  private ended: (() => void) | null = null
  constructor(readonly kind: string) {}
  addEventListener(_: string, listener: () => void): void {
    this.ended = listener
  }
  getSettings() {
    return { width: 3840, height: 2160 }
  }
  stop(): void {
    this.readyState = 'ended'
  }
  end(): void {
    this.ended?.()
  }
}
const stream = (...tracks: Track[]) =>
  ({
    getTracks: () => tracks,
    getVideoTracks: () => tracks.filter(({ kind }) => kind === 'video'),
    getAudioTracks: () => tracks.filter(({ kind }) => kind === 'audio'),
  }) as unknown as MediaStream

class Layer {
  constructor(readonly made: LayerParts) {}
  readonly streams = { camera: 'c', screen: 's' }
  readonly sent = new Map<TrackKind, unknown>()
  readonly settings = new Map<TrackKind, unknown>()
  people: string[] = []
  shown: unknown[] = []
  received: string[] = []
  resumed = 0
  closed = false
  onRemoteChanged = () => {}
  onProblem = () => {}
  setPeople = (people: readonly Participant[]) => void (this.people = people.map(({ id }) => id))
  setIceServers = () => {}
  setLocal = (kind: TrackKind, track: unknown, settings?: unknown) => {
    this.sent.set(kind, track)
    this.settings.set(kind, settings)
  }
  receive = ({ type }: { type: string }) => void this.received.push(type)
  resume = () => void this.resumed++
  show = (pictures: readonly unknown[]) => void (this.shown = [...pictures])
  remote = () => ({ link: 'connected' as const, microphone: null, camera: null, screen: null })
  stats = async () => ({ connections: 0, peers: new Map() })
  levels = () => new Map<string, number>()
  close = () => void (this.closed = true)
}

const person = (id: string, part: Partial<Participant> = {}): Participant => ({
  id,
  userId: null,
  guest: true,
  name: id.toUpperCase(),
  role: 'guest',
  stage: 'stage',
  audio: false,
  video: false,
  screen: false,
  hand: false,
  handAt: null,
  streams: {},
  joinedAt: '2026-01-01T00:00:00Z',
  ...part,
})
const room = { id: 'r1', slug: 'mill', title: 'Mill', mine: false, owner: { id: 'u', name: 'Ada' } } as Room
const joined = (part: Partial<JoinedEvent> = {}): JoinedEvent => ({
  type: 'joined',
  me: 'a',
  room,
  participants: [person('a'), person('b')],
  messages: [],
  resume: 't',
  resumed: false,
  iceServers: [],
  mode: 'p2p',
  epoch: 1,
  ...part,
})
const choice: ShareChoice = { height: 1080, fps: 30, mbit: 8, keep: 'sharpness', sound: true }

function make(api: object = {}, identify = async (): Promise<Outcome> => ({ ok: true, value: undefined })) {
  const layers: Layer[] = []
  const sent: ClientMessage[] = []
  let socket: { onopen: unknown; onmessage: unknown; onclose: unknown } = {
    onopen: null,
    onmessage: null,
    onclose: null,
  }
  const local = new LocalMedia({
    getUserMedia: async ({ video }) => stream(new Track(video ? 'video' : 'audio')),
    meter: () => ({ read: () => 0, close: () => {} }),
  })
  const stored = new Map<string, string>()
  const storage = {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, value: string) => void stored.set(key, value),
    removeItem: (key: string) => void stored.delete(key),
  }
  const screen = new Track('video')
  const services = {
    api: { invites: async () => ({ items: [] }), createInvite: async () => ({ code: 'mill-otter-42' }), ...api },
    local,
    storage,
    signalingUrl: null,
    createSocket: () =>
      new RoomSocket({
        connect: () => {
          const made = {
            onopen: null,
            onmessage: null,
            onclose: null,
            close: () => {},
            send: (text: string) => void sent.push(JSON.parse(text)),
          }
          socket = made
          return made
        },
        address: () => '',
        token: async () => 'jwt',
        storage,
        random: () => 1,
      }),
    createLayer: (made: LayerParts) => {
      const layer = new Layer(made)
      layers.push(layer)
      return layer as unknown as MediaLayer
    },
    newStream: (tracks: MediaStreamTrack[]) => stream(...(tracks as unknown as Track[])),
    getDisplayMedia: async () => stream(screen, new Track('audio')),
    watchNetwork: () => () => {},
  } as unknown as Services
  const store = createRoom(services, identify)
  const call = (name: 'onopen' | 'onmessage' | 'onclose', event: unknown) =>
    (socket[name] as (event: unknown) => void)(event)
  const open = async () => {
    call('onopen', {})
    await vi.advanceTimersByTimeAsync(0)
  }
  return {
    store,
    local,
    sent,
    screen,
    layer: () => layers.at(-1)!,
    layers,
    say: (message: ServerMessage) => call('onmessage', { data: JSON.stringify(message) }),
    drop: () => call('onclose', {}),
    open,
    enter: async (message = joined(), watchOnly = false) => {
      await store.getState().join({ slug: 'mill', invite: null, name: 'Ada', watchOnly })
      await open()
      call('onmessage', { data: JSON.stringify(message) })
    },
    last: () => sent.at(-1),
  }
}
const told = () => useNotices.getState().notices.map(({ key, values }) => values?.code ?? key)

beforeEach(() => {
  vi.useFakeTimers()
  useNotices.setState({ notices: [] })
})
afterEach(() => void vi.useRealTimers())

describe('a visit', () => {
  it('says who comes, sits down, and tells what is sent under which streams', async () => {
    const visit = make()
    await visit.local.turn('microphone', true)
    await visit.enter()
    expect(visit.sent).toEqual([
      { type: 'join', room: 'mill', name: 'Ada', token: 'jwt' },
      { type: 'participant-status', audio: true, video: false, screen: false, streams: { camera: 'c', screen: 's' } },
    ])
    const { phase, participants, microphone } = visit.store.getState()
    expect([phase, microphone, participants.map(({ id, me, audio }) => [id, me, audio])]).toEqual([
      'joined',
      true,
      [
        ['a', true, true],
        ['b', false, false],
      ],
    ])
    expect(visit.layer().people).toEqual(['a', 'b'])
    expect(visit.layer().sent.get('microphone')).toBeTruthy()
  })

  it('waits at the door until it is let in', async () => {
    const visit = make()
    await visit.enter(joined({ participants: [person('a', { stage: 'waiting' })] }))
    expect(visit.store.getState().phase).toBe('waiting')
    expect(visit.sent).toHaveLength(1)
    visit.say(joined())
    expect(visit.store.getState().phase).toBe('joined')
    expect(visit.last()).toMatchObject({ type: 'participant-status' })
  })

  it('keeps its connections through a dropped socket, and makes new ones for a new seat', async () => {
    const visit = make()
    await visit.enter()
    const layer = visit.layer()
    visit.drop()
    expect(visit.store.getState().phase).toBe('reconnecting')
    expect(visit.store.getState().participants[0]!.connection).toBe('reconnecting')
    await vi.advanceTimersByTimeAsync(100)
    await visit.open()
    visit.say(joined({ resumed: true, participants: [person('a')] }))
    expect(visit.store.getState().phase).toBe('joined')
    expect(visit.layer()).toBe(layer)
    expect([layer.people, layer.resumed, layer.closed]).toEqual([['a'], 1, false])

    visit.drop()
    await vi.advanceTimersByTimeAsync(100)
    await visit.open()
    visit.say(joined({ me: 'z', participants: [person('z')] }))
    expect(layer.closed).toBe(true)
    expect(visit.layer()).not.toBe(layer)
  })

  it('changes to the server and back within a message, and goes on with the same tracks and the same share', async () => {
    const visit = make()
    await visit.local.turn('camera', true)
    await visit.enter()
    await visit.store.getState().startShare(choice, false)
    visit.store.getState().showPictures([{ participant: 'b', kind: 'camera' }])
    const mesh = visit.layer()
    const [face, picture] = [mesh.sent.get('camera'), mesh.sent.get('screen')]

    visit.say({ type: 'media', mode: 'hub', epoch: 2 })
    const hub = visit.layer()
    expect(mesh.closed).toBe(true)
    expect(hub.made).toMatchObject({ mode: 'hub', epoch: 2, restored: false })
    expect([hub.sent.get('camera'), hub.sent.get('screen')]).toEqual([face, picture])
    expect(hub.settings.get('screen')).toMatchObject({ maxBitrate: 8_000_000 })
    expect([hub.people, hub.shown]).toEqual([['a', 'b'], [{ participant: 'b', kind: 'camera' }]])
    expect(visit.store.getState()).toMatchObject({ phase: 'joined', path: 'server', camera: true, sharing: choice })
    expect(visit.last()).toEqual({ type: 'participant-status', streams: { camera: 'c', screen: 's' } })

    visit.say({ type: 'slots', slots: [] })
    expect(hub.received).toEqual(['slots'])
    visit.say({ type: 'media', mode: 'p2p', epoch: 3 })
    expect([hub.closed, visit.layer().made.mode, visit.screen.readyState]).toEqual([true, 'p2p', 'live'])
    expect(visit.store.getState().path).toBe('direct')
  })

  it('goes on sending to the green room through the server, and between browsers not at all', async () => {
    const visit = make()
    await visit.local.turn('camera', true)
    await visit.enter()
    const told = () => visit.last() as { video?: boolean }
    visit.say({ type: 'participant-status-updated', participant: person('a', { stage: 'backstage' }) })
    expect([told().video, visit.layer().sent.get('camera')]).toEqual([false, null])

    visit.say({ type: 'media', mode: 'hub', epoch: 2 })
    expect(told().video).toBe(true)
    expect(visit.layer().sent.get('camera')).not.toBeNull()
    visit.say({ type: 'participant-status-updated', participant: person('a', { stage: 'stage', video: true }) })
    visit.say({ type: 'participant-status-updated', participant: person('a', { stage: 'backstage', video: true }) })
    expect(told().video).toBe(true)
    expect(visit.layer().sent.get('camera')).not.toBeNull()
  })

  it('keeps the connection to the server through a dropped socket, unless media began anew meanwhile', async () => {
    const visit = make()
    await visit.enter(joined({ mode: 'hub', epoch: 5 }))
    const again = async (epoch: number) => {
      visit.drop()
      await vi.advanceTimersByTimeAsync(100)
      await visit.open()
      visit.say(joined({ mode: 'hub', epoch, resumed: true }))
      return visit.layers.length
    }
    expect(await again(5)).toBe(1)
    expect(visit.layer().resumed).toBe(1)
    expect(await again(6)).toBe(2)
  })

  it('hands signals to the layer', async () => {
    const visit = make()
    await visit.enter()
    visit.say({ type: 'offer', sdp: 'v=0', from: 'b' })
    visit.say({ type: 'ice-candidate', candidate: { candidate: 'x' }, from: 'b' })
    expect(visit.layer().received).toEqual(['offer', 'ice-candidate'])
  })

  it('shares a screen with the encoder settings of its preset, remembers the preset, and stops with the browser’s button', async () => {
    const visit = make()
    await visit.enter()
    expect(await visit.store.getState().startShare(choice, true)).toEqual({ ok: true, value: true })
    expect(visit.layer().settings.get('screen')).toMatchObject({
      maxBitrate: 8_000_000,
      maxFramerate: 30,
      scaleResolutionDownBy: 2,
    })
    expect(visit.layer().sent.get('screen-audio')).toBeTruthy()
    expect(visit.screen.contentHint).toBe('detail')
    expect(visit.last()).toEqual({ type: 'participant-status', screen: true })
    expect(visit.store.getState()).toMatchObject({ sharing: choice, rememberedShare: choice })

    visit.screen.end()
    expect(visit.layer().sent.get('screen')).toBeNull()
    expect(visit.last()).toEqual({ type: 'participant-status', screen: false })
    expect(told()).toEqual(['share-ended'])
  })

  it('falls silent when a host mutes, and speaks again only when the person agrees', async () => {
    const visit = make()
    await visit.local.turn('microphone', true)
    await visit.enter()
    visit.say({ type: 'mute', media: ['audio'], by: 'b' })
    await vi.advanceTimersByTimeAsync(0)
    expect(visit.layer().sent.get('microphone')).toBeNull()
    expect(visit.last()).toEqual({ type: 'participant-status', audio: false })
    expect(useNotices.getState().notices[0]).toMatchObject({ key: 'muted-by', values: { name: 'B' } })

    visit.say({ type: 'ask-unmute', media: ['audio'], by: 'b' })
    expect(visit.store.getState()).toMatchObject({ unmuteAsked: 'B', microphone: false })
    await visit.store.getState().answerUnmute(true)
    expect(visit.store.getState()).toMatchObject({ unmuteAsked: null, microphone: true })
  })

  it('sends nothing as a viewer', async () => {
    const visit = make()
    await visit.enter(joined({ participants: [person('a', { role: 'viewer' })] }), true)
    await visit.store.getState().setMicrophone(true)
    expect(visit.store.getState().microphone).toBe(false)
    expect(visit.sent[0]).toMatchObject({ watch: true })
  })

  it('shows one’s own words at once, and keeps them when they could not be sent', async () => {
    const visit = make()
    await visit.enter()
    await visit.store.getState().send(' hello ')
    expect(visit.store.getState().messages).toMatchObject([{ text: 'hello', delivery: 'sending', mine: true }])
    visit.say({ type: 'error', error: { code: 'rate_limited', message: 'Slowly' }, to: 'chat-message' })
    expect(visit.store.getState().messages[0]!.delivery).toBe('failed')
    expect(told()).toEqual(['rate_limited'])
    await visit.store.getState().sendAgain(visit.store.getState().messages[0]!.id)
    visit.say({
      type: 'chat-message',
      message: {
        id: 'm',
        participantId: 'a',
        userId: null,
        name: 'A',
        text: 'hello',
        createdAt: '2026-01-01T00:00:00Z',
      },
    })
    expect(visit.store.getState().messages).toMatchObject([{ id: 'm', delivery: 'sent' }])
  })

  it.each([
    ['kicked', 'kicked'],
    ['closed', 'closed'],
    ['replaced', 'replaced'],
    ['signed-out', 'signed-out'],
  ] as const)('is over when removed: %s', async (reason, phase) => {
    const visit = make()
    await visit.local.turn('camera', true)
    await visit.enter()
    visit.say({ type: 'removed', reason })
    await vi.advanceTimersByTimeAsync(1000)
    expect(visit.store.getState()).toMatchObject({ phase, participants: [] })
    expect([visit.layer().closed, visit.local.isOn('camera')]).toEqual([true, false])
    visit.store.getState().reset()
    expect(visit.store.getState().phase).toBe('idle')
  })

  it('answers with the reason when it is not let in', async () => {
    const visit = make()
    await visit.store.getState().join({ slug: 'mill', invite: null, name: 'Ada', watchOnly: false })
    await visit.open()
    visit.say({ type: 'error', error: { code: 'room_full', message: 'Full' }, to: 'join' })
    expect(visit.store.getState()).toMatchObject({ phase: 'error', problem: { code: 'room_full' } })

    const guest = make({}, async () => ({ ok: false, problem: { code: 'forbidden', message: 'No guests' } }))
    await guest.store.getState().join({ slug: 'mill', invite: null, name: 'Ada', watchOnly: false })
    expect(guest.store.getState()).toMatchObject({ phase: 'error', problem: { code: 'forbidden' } })
  })

  it('gives a host the code to invite with, and answers what the server refuses', async () => {
    const updateParticipant = vi.fn(async () => Promise.reject(new ApiError('forbidden', 'No')))
    const visit = make({ updateParticipant })
    const participants = [person('a', { role: 'host' }), person('w', { stage: 'waiting' })]
    await visit.enter(joined({ participants, room: { ...room, visibility: 'private' } }))
    await vi.advanceTimersByTimeAsync(0)
    expect(visit.store.getState().room?.code).toBe('mill-otter-42')
    expect(visit.store.getState().waiting).toHaveLength(1)
    expect(await visit.store.getState().admitAll()).toMatchObject({ ok: false, problem: { code: 'forbidden' } })
    expect(updateParticipant).toHaveBeenCalledWith('r1', 'w', { admit: true })
  })
})
