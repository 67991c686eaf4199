// SPDX-License-Identifier: LGPL-2.1-or-later
/** Many light participants: one page that publishes any number of voices by WHIP, each a tone of its own, silent until told to
 * sing, and some with a small picture. They take no orders: what a host mutes goes on being sent. */
import assert from 'node:assert/strict'
import type { Browser, Page } from 'playwright-core'
import type { Room } from '../../../src/web/protocol/contract.ts'
import { Client } from '../../lib/client.ts'
import type { House } from './house.ts'

interface Voice {
  peer: RTCPeerConnection
  loudness: GainNode
}

declare global {
  interface Window {
    choir: { audio: AudioContext; picture: MediaStreamTrack; voices: Map<string, Voice> }
  }
}

/** Where the tones begin, and how far apart they are, Hz: far enough to be told apart, and from a browser's own tones. */
const lowest = 1500
const apart = 250

export class Choir {
  readonly page: Page
  private readonly house: House
  private readonly room: Room
  private readonly visits = new Map<string, string>()
  private readonly tones = new Map<string, number>()

  private constructor(page: Page, house: House, room: Room) {
    this.page = page
    this.house = house
    this.room = room
  }

  /** In a @browser that lets pages make sound untouched. */
  static async open(browser: Browser, house: House, room: Room): Promise<Choir> {
    const page = await (await browser.newContext()).newPage()
    await page.goto(`${house.daemon.url}/health`)
    await page.evaluate(() => {
      const canvas = document.createElement('canvas')
      canvas.width = 64
      canvas.height = 36
      const context = canvas.getContext('2d')!
      let frame = 0
      setInterval(() => {
        context.fillStyle = frame++ % 2 === 0 ? '#c0a000' : '#a0c000'
        context.fillRect(0, 0, canvas.width, canvas.height)
      }, 200)
      window.choir = { audio: new AudioContext(), picture: canvas.captureStream(5).getVideoTracks()[0], voices: new Map() }
    })
    return new Choir(page, house, room)
  }

  /** Somebody comes in, with a tone that nobody else has. */
  async add(name: string, { picture = false } = {}): Promise<void> {
    const { token } = await Client.guest(this.house.daemon, name)
    const tone = lowest + apart * this.tones.size
    this.tones.set(name, tone)
    const { status, text, location } = await this.page.evaluate(
      async ([name, tone, picture, room, token]) => {
        const { audio, voices, picture: track } = window.choir
        const peer = new RTCPeerConnection()
        const loudness = new GainNode(audio, { gain: 0 })
        const out = audio.createMediaStreamDestination()
        const source = new OscillatorNode(audio, { frequency: tone })
        source.connect(loudness).connect(out)
        source.start()
        voices.set(name, { peer, loudness })
        peer.addTransceiver(out.stream.getAudioTracks()[0], { direction: 'sendonly' })
        if (picture) peer.addTransceiver(track, { direction: 'sendonly' })
        await peer.setLocalDescription()
        const response = await fetch(`/api/rooms/${room}/whip`, {
          method: 'POST',
          headers: { authorization: `Bearer ${token}`, 'content-type': 'application/sdp' },
          body: peer.localDescription!.sdp,
        })
        const text = await response.text()
        if (response.status === 201) await peer.setRemoteDescription({ type: 'answer', sdp: text })
        return { status: response.status, text, location: response.headers.get('location') ?? '' }
      },
      [name, tone, picture, this.room.id, token ?? ''] as const,
    )
    assert.equal(status, 201, text)
    this.visits.set(name, location)
  }

  /** Many come in, a few at a time. */
  async addAll(names: string[], more: { picture?: boolean } = {}): Promise<void> {
    for (let at = 0; at < names.length; at += 6) await Promise.all(names.slice(at, at + 6).map((name) => this.add(name, more)))
  }

  /** Somebody goes, as an encoder does. */
  async remove(name: string): Promise<void> {
    await this.page.evaluate(async ([name, visit]) => {
      await fetch(visit, { method: 'DELETE' })
      window.choir.voices.get(name)?.peer.close()
      window.choir.voices.delete(name)
    }, [name, this.visits.get(name) ?? ''] as const)
  }

  /** How loud each is from now on, 0…1; whoever is not named is silent. */
  sing = (loudness: Record<string, number>) =>
    this.page.evaluate((loudness) => {
      for (const [name, voice] of window.choir.voices) voice.loudness.gain.value = loudness[name] ?? 0
    }, loudness)

  /** What one has sent so far, packets of sound. */
  sent = (name: string) =>
    this.page.evaluate(async (name) => {
      const report = await window.choir.voices.get(name)!.peer.getStats()
      return Number([...report.values()].find(({ type }) => type === 'outbound-rtp')?.packetsSent ?? 0)
    }, name)

  /** Whose tone it is. */
  whose(frequency: number): string | undefined {
    return [...this.tones].find(([, tone]) => Math.abs(tone - frequency) < apart / 2)?.[0]
  }

  close = () => this.page.context().close()
}
