/* SPDX-License-Identifier: LGPL-2.1-or-later */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { OfferCommand, Participant, Picture } from '../protocol/contract'
import { FakeConnection } from './fake-connection'
import { HubLayer } from './hub'
import { countMedia } from './hub-offer'
import type { Outgoing } from './layer'

const person = (id: string, part: Partial<Participant> = {}): Participant => ({
  id,
  userId: null,
  guest: true,
  name: id,
  role: 'guest',
  stage: 'stage',
  audio: true,
  video: true,
  screen: false,
  hand: false,
  handAt: null,
  streams: {},
  joinedAt: '2026-01-01T00:00:00Z',
  ...part,
})
const camera = (participant: string): Picture => ({ participant, kind: 'camera' })
const screen = (participant: string): Picture => ({ participant, kind: 'screen' })
const slot = (mid: number, participant: string, kind: 'microphone' | 'camera' | 'screen' | 'screen-audio') => ({
  mid: String(mid),
  participant,
  kind,
})

/* Four that send, eight for sound, then the pictures. */
const firstSound = 4
const firstPicture = 12

let streams = 0
function newStream(): MediaStream {
  const tracks: MediaStreamTrack[] = []
  return {
    id: `s${++streams}`,
    getTracks: () => [...tracks],
    addTrack: (track: MediaStreamTrack) => void tracks.push(track),
    removeTrack: (track: MediaStreamTrack) => void tracks.splice(tracks.indexOf(track), 1),
  } as unknown as MediaStream
}

function make({ enter = true } = {}) {
  const connections: FakeConnection[] = []
  const sent: Outgoing[] = []
  const problems: unknown[] = []
  const changed: string[] = []
  const layer = new HubLayer({
    me: 'me',
    epoch: 3,
    newStream,
    random: () => 1,
    send: (message) => void sent.push(message),
    createConnection: () => {
      const connection = new FakeConnection()
      connections.push(connection)
      return connection as unknown as RTCPeerConnection
    },
  })
  layer.onProblem = (error) => problems.push(error)
  layer.onRemoteChanged = (id) => changed.push(id)
  const offers = () => sent.filter((message): message is OfferCommand => message.type === 'offer')
  const answer = (offer = offers().at(-1)!) => {
    const lines = Array.from({ length: countMedia(offer.sdp) }, () => 'm=audio inactive')
    layer.receive({ type: 'answer', sdp: ['o=- 1 1', ...lines].join('\n') })
  }
  if (enter) layer.setPeople([person('me'), person('a'), person('b')])
  return {
    layer,
    sent,
    problems,
    changed,
    connections,
    offers,
    answer,
    last: () => connections.at(-1)!,
    track: (index: number) => connections.at(-1)!.getTransceivers()[index]!.receiver.track as unknown as MediaStreamTrack,
    subscriptions: () => sent.flatMap((message) => (message.type === 'subscribe' ? [message.pictures] : [])),
    async connect() {
      await settle()
      answer()
      await settle()
      connections.at(-1)!.become('connected')
    },
  }
}
const settle = () => vi.advanceTimersByTimeAsync(0)
const soon = () => vi.advanceTimersByTimeAsync(100)

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe('the layer through the hub', () => {
  it('offers four kinds and then its slots, and says which m-line sends what', async () => {
    const hub = make()
    await settle()
    const lines = hub.offers()[0]!.sdp.match(/^m=.*\S/gm)!
    expect(lines.slice(0, 5)).toEqual(['m=audio sendonly', 'm=video sendonly', 'm=video sendonly', 'm=audio sendonly', 'm=audio recvonly'])
    expect(lines.slice(firstSound).map((line) => line.slice(2, 7))).toEqual([...Array(8).fill('audio'), ...Array(8).fill('video')])
    expect(hub.offers()[0]).toMatchObject({
      epoch: 3,
      tracks: [
        { mid: '0', kind: 'microphone' },
        { mid: '1', kind: 'camera' },
        { mid: '2', kind: 'screen' },
        { mid: '3', kind: 'screen-audio' },
      ],
    })
    await hub.connect()
    expect([hub.layer.remote('a').link, hub.problems]).toEqual(['connected', []])
  })

  it('offers nothing while this person waits at the door', async () => {
    const hub = make({ enter: false })
    hub.layer.setPeople([person('me', { stage: 'waiting' })])
    await settle()
    expect(hub.sent).toEqual([])
  })

  it('starts and stops what is sent without a word', async () => {
    const hub = make()
    await hub.connect()
    const before = hub.sent.length
    hub.layer.setLocal('camera', 'face' as unknown as MediaStreamTrack)
    await settle()
    const sender = hub.last().getTransceivers()[1]!.sender
    expect(sender.track).toBe('face')
    expect(sender.parameters.at(-1)!.encodings[0]).toMatchObject({ maxBitrate: 2_000_000 })
    hub.layer.setLocal('camera', null)
    await settle()
    expect([sender.track, hub.sent.length]).toEqual([null, before])
  })

  it('sends in the wanted codec while everybody decodes it, and in another without a word of SDP when somebody does not', async () => {
    const hub = make()
    await hub.connect()
    hub.layer.setLocal('screen', 'desk' as unknown as MediaStreamTrack, { codecs: ['video/VP9', 'video/VP8'] })
    const codec = async () => {
      await settle()
      const [encoding] = hub.last().getTransceivers()[2]!.sender.parameters.at(-1)!.encodings
      return (encoding as { codec?: RTCRtpCodec }).codec?.mimeType
    }
    expect(await codec()).toBe('video/VP9')
    hub.layer.receive({ type: 'codecs', video: ['VP8'] })
    expect(await codec()).toBe('video/VP8')
    hub.layer.receive({ type: 'codecs', video: ['VP8', 'VP9'] })
    expect(await codec()).toBe('video/VP9')
    expect(hub.offers().length).toBe(1)
  })

  it('keeps a participant’s stream and swaps its track when slots move', async () => {
    const hub = make()
    await hub.connect()
    hub.layer.receive({ type: 'slots', slots: [slot(firstPicture, 'a', 'camera'), slot(firstSound, 'a', 'microphone')] })
    const { camera: picture, microphone } = hub.layer.remote('a')
    expect(picture!.getTracks()).toEqual([hub.track(firstPicture)])
    expect(microphone!.getTracks()).toEqual([hub.track(firstSound)])
    expect(hub.layer.remote('b')).toMatchObject({ camera: null, microphone: null })

    hub.layer.receive({
      type: 'slots',
      slots: [slot(firstPicture, 'b', 'camera'), slot(firstPicture + 1, 'a', 'camera'), slot(firstSound, 'a', 'microphone')],
    })
    expect(hub.layer.remote('a').camera).toBe(picture)
    expect(picture!.getTracks()).toEqual([hub.track(firstPicture + 1)])
    expect(hub.layer.remote('b').camera!.getTracks()).toEqual([hub.track(firstPicture)])
    expect(hub.layer.remote('a').microphone).toBe(microphone)

    hub.layer.receive({ type: 'slots', slots: [] })
    expect(hub.layer.remote('a').camera).toBeNull()
    hub.layer.receive({ type: 'slots', slots: [slot(firstPicture, 'a', 'camera')] })
    expect(hub.layer.remote('a').camera).toBe(picture)
  })

  it('puts a screen and its sound into one stream, beside the camera', async () => {
    const hub = make()
    await hub.connect()
    hub.layer.receive({
      type: 'slots',
      slots: [slot(firstPicture, 'a', 'screen'), slot(firstSound, 'a', 'screen-audio'), slot(firstPicture + 1, 'a', 'camera')],
    })
    const { screen: shared, camera: face } = hub.layer.remote('a')
    expect(shared!.getTracks()).toEqual([hub.track(firstPicture), hub.track(firstSound)])
    expect(face!.getTracks()).toEqual([hub.track(firstPicture + 1)])
  })

  it('asks for screens first, then for cameras in the order of the page, once, and before it offers', async () => {
    const hub = make({ enter: false })
    hub.layer.setPeople([person('me'), person('a'), person('b', { screen: true }), person('c', { video: false })])
    hub.layer.show([camera('b')])
    hub.layer.show([camera('c'), camera('b'), screen('b'), camera('a'), camera('b')])
    await soon()
    expect(hub.sent.map(({ type }) => type)).toEqual(['subscribe', 'offer'])
    hub.answer()
    await soon()
    expect(hub.subscriptions()).toEqual([[screen('b'), camera('b'), camera('a')]])
    hub.layer.show([camera('b'), screen('b'), camera('a')])
    await soon()
    expect(hub.subscriptions()).toHaveLength(1)
    hub.layer.setPeople([person('me'), person('a'), person('b'), person('c')])
    await soon()
    expect(hub.subscriptions().at(-1)).toEqual([camera('b'), camera('a')])
  })

  it('grows its slots by one offer, which waits for the one under way, and never shrinks', async () => {
    const hub = make()
    const crowd = Array.from({ length: 60 }, (_, index) => `p${index}`)
    await settle()
    const everyone = [person('me'), ...crowd.map((id) => person(id))]
    hub.layer.setPeople(everyone)
    hub.layer.show(crowd.slice(0, 10).map(camera))
    await soon()
    expect(hub.offers()).toHaveLength(1)
    hub.answer()
    await soon()
    expect(hub.offers().map(({ sdp }) => countMedia(sdp))).toEqual([20, 28])
    expect(hub.offers()[1]!.tracks!.map(({ mid }) => mid)).toEqual(['0', '1', '2', '3'])
    hub.answer()
    await soon()
    hub.layer.show(crowd.slice(0, 2).map(camera))
    await soon()
    hub.layer.show(crowd.map(camera))
    await soon()
    hub.answer()
    await soon()
    expect(hub.offers().map(({ sdp }) => countMedia(sdp))).toEqual([20, 28, 61])
    expect(hub.subscriptions().at(-1)).toHaveLength(49)
    expect([hub.connections.length, hub.problems]).toEqual([1, []])
  })

  it('takes no answer twice, and none that was meant for an earlier offer', async () => {
    const hub = make()
    await settle()
    const first = hub.offers()[0]!
    hub.answer(first)
    hub.answer(first)
    await settle()
    hub.layer.setPeople([person('me'), ...Array.from({ length: 12 }, (_, index) => person(`p${index}`))])
    hub.layer.show(Array.from({ length: 12 }, (_, index) => camera(`p${index}`)))
    await soon()
    hub.answer(first)
    await settle()
    expect([hub.last().signalingState, hub.problems]).toEqual(['have-local-offer', []])
    hub.answer()
    await settle()
    expect(hub.last().signalingState).toBe('stable')
  })

  it('repeats an offer that nobody answered, and keeps its connection when the seat was kept', async () => {
    const hub = make()
    await settle()
    hub.layer.resume()
    expect(hub.offers()).toHaveLength(2)
    await vi.advanceTimersByTimeAsync(5000)
    expect(hub.offers()).toHaveLength(3)
    await hub.connect()
    hub.layer.show([camera('a')])
    await soon()
    const before = hub.subscriptions().length
    hub.layer.resume()
    await soon()
    expect([hub.offers().length, hub.subscriptions().length, hub.connections.length]).toEqual([3, before + 1, 1])
  })

  it('makes a whole new connection when the old one is lost, with what is sent, and starts with empty slots', async () => {
    const hub = make()
    hub.layer.setLocal('microphone', 'voice' as unknown as MediaStreamTrack)
    hub.layer.show([camera('a')])
    await hub.connect()
    hub.layer.receive({ type: 'slots', slots: [slot(firstPicture, 'a', 'camera')] })
    const picture = hub.layer.remote('a').camera
    hub.last().become('failed')
    expect(hub.layer.remote('a').link).toBe('reconnecting')
    await vi.advanceTimersByTimeAsync(1000)
    expect([hub.connections.length, hub.connections[0]!.closed]).toEqual([2, true])
    expect(hub.layer.remote('a')).toMatchObject({ link: 'reconnecting', camera: null })
    await hub.connect()
    await soon()
    expect(hub.last().getTransceivers()[0]!.sender.track).toBe('voice')
    expect(hub.subscriptions().at(-1)).toEqual([camera('a')])
    hub.layer.receive({ type: 'slots', slots: [slot(firstPicture, 'a', 'camera')] })
    expect(hub.layer.remote('a').camera).toBe(picture)
    expect(picture!.getTracks()).toEqual([hub.track(firstPicture)])
  })

  it('gives a connection that is only disturbed three seconds', async () => {
    const hub = make()
    await hub.connect()
    hub.last().become('disconnected')
    await vi.advanceTimersByTimeAsync(2000)
    hub.last().become('connected')
    await vi.advanceTimersByTimeAsync(5000)
    expect(hub.connections).toHaveLength(1)
    hub.last().become('disconnected')
    await vi.advanceTimersByTimeAsync(3000)
    expect(hub.connections).toHaveLength(2)
  })

  it('tries again, ever later, while the hub is away', async () => {
    const hub = make()
    await settle()
    expect(hub.layer.refused({ code: 'unavailable', message: '' })).toBe(true)
    await vi.advanceTimersByTimeAsync(1000)
    expect(hub.offers()).toHaveLength(2)
    expect(hub.layer.refused({ code: 'invalid_input', message: '' })).toBe(false)
  })

  it('says who speaks as the hub says it', async () => {
    const hub = make()
    hub.layer.receive({ type: 'active-speakers', speakers: [{ participant: 'a', level: 0.4 }, { participant: 'b', level: 0.001 }] })
    expect([...hub.layer.levels()]).toEqual([
      ['a', 0.4],
      ['b', 0.03],
    ])
    hub.layer.receive({ type: 'active-speakers', speakers: [] })
    expect(hub.layer.levels().size).toBe(0)
  })

  it('counts what it sends as its own, and what arrives by whose slot it is', async () => {
    const hub = make()
    await hub.connect()
    const report = (timestamp: number, bytes: number) =>
      new Map<string, unknown>([
        ['o', { id: 'o', type: 'outbound-rtp', kind: 'video', mid: '1', timestamp, bytesSent: bytes }],
        ['i', { id: 'i', type: 'inbound-rtp', kind: 'video', mid: String(firstPicture), timestamp, bytesReceived: bytes }],
        ['c', { id: 'c', type: 'candidate-pair', state: 'succeeded', nominated: true, currentRoundTripTime: 0.02 }],
      ])
    const figures = async (timestamp: number, bytes: number) => {
      hub.last().getStats = async () => report(timestamp, bytes)
      const { connections, peers } = await hub.layer.stats()
      expect(connections).toBe(1)
      return [...peers].flatMap(([id, { tracks, path }]) => tracks.map((track) => [id, path, track.kind, track.bitsPerSecond]))
    }
    hub.layer.receive({ type: 'slots', slots: [slot(firstPicture, 'a', 'camera')] })
    expect(await figures(1000, 0)).toEqual([])
    expect(await figures(2000, 125)).toEqual([
      ['me', 'server', 'camera', 1000],
      ['a', 'server', 'camera', 1000],
    ])
    hub.layer.receive({ type: 'slots', slots: [slot(firstPicture, 'b', 'camera')] })
    expect(await figures(3000, 250)).toEqual([['me', 'server', 'camera', 1000]])
  })
})
