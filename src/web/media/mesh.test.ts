/* SPDX-License-Identifier: LGPL-2.1-or-later */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Participant } from '../protocol/contract'
import { FakeConnection } from './fake-connection'
import type { Signal } from './layer'
import { Mesh } from './mesh'

const participant = (id: string, part: Partial<Participant> = {}): Participant => ({
  id,
  userId: null,
  guest: true,
  name: id,
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

let streams = 0
const newStream = (tracks: MediaStreamTrack[] = []) => ({ id: `s${++streams}`, getTracks: () => tracks }) as MediaStream

/** A wire that keeps order and lets a test hold messages back. */
class Wire {
  readonly meshes = new Map<string, Mesh>()
  readonly connections = new Map<string, FakeConnection[]>()
  readonly problems: unknown[] = []
  held: (() => void)[] | null = null
  readonly log: string[] = []

  mesh(me: string, restored = false): Mesh {
    const made: FakeConnection[] = []
    const mesh = new Mesh({
      me,
      restored,
      newStream,
      random: () => 1,
      now: () => 0,
      createConnection: () => {
        const connection = new FakeConnection()
        made.push(connection)
        return connection as unknown as RTCPeerConnection
      },
      send: (signal) => this.carry(me, signal),
    })
    mesh.onProblem = (error) => this.problems.push(error)
    this.meshes.set(me, mesh)
    this.connections.set(me, made)
    return mesh
  }

  last(me: string): FakeConnection {
    return this.connections.get(me)!.at(-1)!
  }

  release(): void {
    const held = this.held ?? []
    this.held = null
    for (const deliver of held) deliver()
  }

  private carry(from: string, signal: Signal): void {
    this.log.push(`${from} ${signal.type}`)
    const deliver = () => this.meshes.get(signal.to!)?.receive({ ...signal, from })
    if (this.held) this.held.push(deliver)
    else queueMicrotask(deliver)
  }
}

const settle = () => vi.advanceTimersByTimeAsync(0)
const everyone = (...ids: string[]) => ids.map((id) => participant(id))
const mLines = (connection: FakeConnection) => connection.localDescription?.sdp?.match(/^m=.*/gm)

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe('the mesh', () => {
  it('connects a newcomer with one offer and one answer over four m-lines', async () => {
    const wire = new Wire()
    const [early, late] = [wire.mesh('a'), wire.mesh('b')]
    early.setPeople(everyone('a', 'b'))
    late.setPeople(everyone('a', 'b'))
    await settle()
    expect(wire.log).toEqual(['b offer', 'a answer'])
    expect(mLines(wire.last('a'))).toEqual([
      'm=audio sendrecv',
      'm=video sendrecv',
      'm=video sendrecv',
      'm=audio sendrecv',
    ])
    expect(wire.problems).toEqual([])
  })

  it('starts camera and screen without negotiating, each in its own place', async () => {
    const wire = new Wire()
    const [early, late] = [wire.mesh('a'), wire.mesh('b')]
    for (const mesh of [early, late]) mesh.setPeople(everyone('a', 'b'))
    await settle()
    const before = wire.log.length
    early.setLocal('screen', 'picture' as unknown as MediaStreamTrack, { maxBitrate: 8_000_000 })
    early.setLocal('camera', 'face' as unknown as MediaStreamTrack)
    await settle()
    const senders = wire
      .last('a')
      .getTransceivers()
      .map(({ sender }) => sender)
    expect(senders.map(({ track }) => track)).toEqual([null, 'face', 'picture', null])
    expect(senders[2]!.parameters.at(-1)!.encodings[0]).toMatchObject({ maxBitrate: 8_000_000 })
    expect(wire.log).toHaveLength(before)
  })

  it('lets the polite side take its offer back when two offers cross', async () => {
    const wire = new Wire()
    for (const id of ['a', 'b']) wire.mesh(id)
    for (const mesh of wire.meshes.values()) mesh.setPeople(everyone('a', 'b'))
    await settle()
    wire.held = []
    wire.last('a').restartIce()
    wire.last('b').restartIce()
    await settle()
    expect(wire.held).toHaveLength(2)
    wire.release()
    await settle()
    expect(wire.last('a').rollbacks).toBe(1)
    expect(wire.last('b').rollbacks).toBe(0)
    expect(wire.last('a').signalingState).toBe('stable')
    expect(wire.last('b').signalingState).toBe('stable')
    expect(wire.last('a').getTransceivers()).toHaveLength(4)
    expect(wire.problems).toEqual([])
  })

  it('agrees on four m-lines even when both sides come back from a reload at once', async () => {
    const wire = new Wire()
    const meshes = [wire.mesh('a', true), wire.mesh('b', true)]
    wire.held = []
    for (const mesh of meshes) mesh.setPeople(everyone('a', 'b'))
    await settle()
    wire.release()
    await settle()
    expect(wire.last('a').getTransceivers()).toHaveLength(4)
    expect(wire.last('b').getTransceivers()).toHaveLength(4)
    expect([wire.last('a').signalingState, wire.last('b').signalingState]).toEqual(['stable', 'stable'])
    expect(wire.problems).toEqual([])
  })

  it.each(['a', 'b'])('starts anew with %s, whose page was reloaded and kept its seat', async (reloaded) => {
    const wire = new Wire()
    for (const id of ['a', 'b']) wire.mesh(id)
    for (const mesh of wire.meshes.values()) mesh.setPeople(everyone('a', 'b'))
    await settle()
    const other = reloaded === 'a' ? 'b' : 'a'
    wire.mesh(reloaded, true).setPeople(everyone('a', 'b'))
    await settle()
    expect(wire.connections.get(other)).toHaveLength(2)
    expect(wire.connections.get(other)![0]!.closed).toBe(true)
    expect(wire.last('a').signalingState).toBe('stable')
    expect(wire.last('b').remoteDescription!.sdp).toBe(wire.last('a').localDescription!.sdp)
    expect(wire.problems).toEqual([])
  })

  it('leaves the others alone when somebody comes or goes', async () => {
    const wire = new Wire()
    const mesh = wire.mesh('b')
    wire.mesh('a').setPeople(everyone('a', 'b'))
    mesh.setPeople(everyone('a', 'b'))
    await settle()
    const first = wire.last('b')
    mesh.setPeople(everyone('a', 'b', 'c'))
    mesh.setPeople(everyone('a', 'b'))
    await settle()
    expect(wire.connections.get('b')).toHaveLength(2)
    expect(first.closed).toBe(false)
    expect(wire.last('b').closed).toBe(true)
  })

  it('does not connect two viewers, nor anyone to who still waits', async () => {
    const wire = new Wire()
    const mesh = wire.mesh('z')
    mesh.setPeople([
      participant('z', { role: 'viewer' }),
      participant('v', { role: 'viewer' }),
      participant('w', { stage: 'waiting' }),
      participant('g'),
    ])
    await settle()
    expect(wire.connections.get('z')).toHaveLength(1)
    expect(mLines(wire.last('z'))![0]).toBe('m=audio recvonly')
    mesh.setPeople([participant('z'), participant('v', { role: 'viewer' }), participant('g')])
    expect(wire.connections.get('z')).toHaveLength(2)
    expect(wire.connections.get('z')![0]!.getTransceivers()[0]!.direction).toBe('sendrecv')
  })

  it('keeps candidates that come before the description', async () => {
    const wire = new Wire()
    wire.mesh('a').setPeople(everyone('a', 'b'))
    const candidate = { candidate: 'candidate:1', sdpMid: '0', sdpMLineIndex: 0, usernameFragment: 'u' }
    wire.meshes.get('a')!.receive({ type: 'ice-candidate', candidate, from: 'b' })
    await settle()
    expect(wire.last('a').candidates).toEqual([])
    wire.mesh('b').setPeople(everyone('a', 'b'))
    await settle()
    expect(wire.last('a').candidates).toEqual(['candidate:1'])
    expect(wire.problems).toEqual([])
  })

  it('restarts ICE when a connection fails, and builds a new one when that does not help', async () => {
    const wire = new Wire()
    for (const id of ['a', 'b']) wire.mesh(id).setPeople(everyone('a', 'b'))
    await settle()
    const failing = wire.last('b')
    failing.become('connected')
    failing.become('failed')
    expect(wire.meshes.get('b')!.remote('a').link).toBe('reconnecting')
    await vi.advanceTimersByTimeAsync(100)
    expect(failing.iceRestarts).toBe(1)
    failing.become('failed')
    await vi.advanceTimersByTimeAsync(1000)
    expect(failing.iceRestarts).toBe(2)
    failing.become('failed')
    await vi.advanceTimersByTimeAsync(2000)
    expect(failing.closed).toBe(true)
    expect(wire.last('b')).not.toBe(failing)
    expect(wire.last('b').signalingState).toBe('stable')
    expect(wire.connections.get('a')).toHaveLength(2)
  })

  it('waits out a short disturbance', async () => {
    const wire = new Wire()
    for (const id of ['a', 'b']) wire.mesh(id).setPeople(everyone('a', 'b'))
    await settle()
    wire.last('b').become('disconnected')
    await vi.advanceTimersByTimeAsync(1000)
    wire.last('b').become('connected')
    await vi.advanceTimersByTimeAsync(10_000)
    expect(wire.last('b').iceRestarts).toBe(0)
  })

  it('repeats an offer that got lost while the other side was away', async () => {
    const wire = new Wire()
    wire.mesh('b').setPeople(everyone('a', 'b'))
    await settle()
    wire.mesh('a').setPeople(everyone('a', 'b'))
    await vi.advanceTimersByTimeAsync(5000)
    expect(wire.log).toEqual(['b offer', 'b offer', 'a answer'])
    await vi.advanceTimersByTimeAsync(20_000)
    expect(wire.log).toHaveLength(3)
  })

  it('keeps a stream the same while its tracks are', async () => {
    const wire = new Wire()
    for (const id of ['a', 'b']) wire.mesh(id).setPeople(everyone('a', 'b'))
    await settle()
    const before = wire.meshes.get('a')!.remote('b')
    wire.last('a').become('connected')
    const after = wire.meshes.get('a')!.remote('b')
    expect(after.link).toBe('connected')
    expect(after.camera).toBe(before.camera)
    expect(after.screen!.getTracks()).toHaveLength(2)
  })
})
