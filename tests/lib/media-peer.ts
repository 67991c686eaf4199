// SPDX-License-Identifier: LGPL-2.1-or-later
/** A webrtcbin of its own process (media-peer.c) for somebody whose words are a RoomConnection's. */
import { spawn, type ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { TrackLine } from '../../src/web/protocol/contract.ts'
import type { RoomConnection } from './client.ts'
import { build } from './daemon.ts'
import { eventually } from './deadline.ts'

export class MediaPeer {
  frames = 0
  private tracks: TrackLine[] = []
  private offer = ''
  private readonly process: ChildProcess

  private constructor() {
    this.process = spawn(`${build}/tests/lib/media-peer`, [], { stdio: ['pipe', 'pipe', 'inherit'] })
    createInterface({ input: this.process.stdout! }).on('line', (line) => this.take(line))
  }

  /** Offers on behalf of @seat what a media or joined message of @epoch asked for, and connects. */
  static async connect(seat: RoomConnection, epoch: number): Promise<MediaPeer> {
    const peer = new MediaPeer()
    await eventually('the peer has an offer', () => peer.offer !== '', 15_000)
    seat.send({ type: 'offer', sdp: peer.offer, tracks: peer.tracks, epoch })
    const { sdp } = await seat.next('answer')
    peer.process.stdin!.write(`${Buffer.from(sdp).toString('base64')}\n`)
    return peer
  }

  end() {
    this.process.kill('SIGKILL')
  }

  private take(line: string) {
    const [word, ...rest] = line.trim().split(' ')
    if (word === 'frames') this.frames = Number(rest[0])
    else if (word === 'offer') this.offer = Buffer.from(rest[0]!, 'base64').toString()
    else if (word === 'tracks') for (let i = 0; i + 1 < rest.length; i += 2) this.tracks.push({ mid: rest[i]!, kind: rest[i + 1] as TrackLine['kind'] })
  }
}
