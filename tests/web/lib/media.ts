// SPDX-License-Identifier: LGPL-2.1-or-later
/** What really arrives in a page: pictures by their colours, voices by their level, frames by the clock. */
import type { Locator, Page } from 'playwright-core'
import { eventually, within } from '../../lib/deadline.ts'
import type { Colour } from './browsers.ts'

declare global {
  interface Window {
    /** Every connection that the page made, in order. */
    testConnections: RTCPeerConnection[]
    /** How often a page described itself, took a description, or was told that it should. */
    testDescriptions: { local: number; remote: number; needed: number }
    /** Who was shown to speak, and since when; the last is now. */
    testSpeakers: { at: number; names: string[]; large: string | null }[]
    testPlace: { last: number; longest: number }
    testGaps: Map<HTMLVideoElement, { last: number; longest: number; frames: number }>
  }
}

/** Before anything else in a page: remembers its connections, which no page shows. */
export function watchConnections() {
  window.testConnections = []
  window.testDescriptions = { local: 0, remote: 0, needed: 0 }
  window.testGaps = new Map()
  window.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(configuration?: RTCConfiguration) {
      super(configuration)
      window.testConnections.push(this)
      this.addEventListener('negotiationneeded', () => window.testDescriptions.needed++)
    }
    setLocalDescription(description?: RTCLocalSessionDescriptionInit): Promise<void> {
      window.testDescriptions.local++
      return super.setLocalDescription(description)
    }
    setRemoteDescription(description: RTCSessionDescriptionInit): Promise<void> {
      window.testDescriptions.remote++
      return super.setRemoteDescription(description)
    }
  }
}

export interface Picture {
  width: number
  height: number
  /** Means of red, green and blue. */
  mean: [number, number, number]
  /** How far apart the points are. */
  contrast: number
  /** The picture, small, as red, green, blue, red …, to see whether it moves. */
  points: number[]
}

/** What a <video> shows now. */
export function pictureOf(video: Locator): Promise<Picture> {
  return video.evaluate((element: HTMLVideoElement) => {
    const canvas = document.createElement('canvas')
    canvas.width = 32
    canvas.height = 18
    const context = canvas.getContext('2d', { willReadFrequently: true })!
    context.drawImage(element, 0, 0, canvas.width, canvas.height)
    const spread = (values: number[]) => Math.max(...values) - Math.min(...values)
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height)
    const sums = [0, 0, 0]
    const points: number[] = []
    for (let at = 0; at < data.length; at += 4) {
      for (const channel of [0, 1, 2]) sums[channel] += data[at + channel]
      points.push(data[at], data[at + 1], data[at + 2])
    }
    const mean = sums.map((sum) => (3 * sum) / points.length) as [number, number, number]
    return {
      width: element.videoWidth,
      height: element.videoHeight,
      mean,
      contrast: Math.max(...[0, 1, 2].map((channel) => spread(points.filter((_, at) => at % 3 === channel)))),
      points,
    }
  })
}

/** A colour by its hue, which survives any codec. */
function looks(colour: Colour, [red, green, blue]: [number, number, number]): boolean {
  const much = 30
  switch (colour) {
    case 'red':
      return red > green + much && red > blue + much
    case 'green':
      return green > red + much && green > blue + much
    case 'blue':
      return blue > red + much && blue > green + much
    case 'yellow':
      return red > blue + much && green > blue + much
    case 'violet':
      return red > green + much && blue > green + much
    case 'grey':
      return Math.abs(red - green) < much && Math.abs(green - blue) < much
  }
}

/** That a picture arrives which is not black and changes, and is the film of @colour where one is given. Without, it is that of
 * Firefox, which is even but goes through all colours. */
export async function seen(what: string, video: Locator, colour?: Colour): Promise<void> {
  let first: Picture | undefined
  await eventually(
    `${what} shows ${colour ?? 'a picture'} that moves`,
    async () => {
      const picture = await pictureOf(video)
      const filmed = colour === undefined || (picture.contrast > 15 && looks(colour, picture.mean))
      if (!filmed || Math.max(...picture.mean) < 20) {
        throw new Error(`mean ${picture.mean.map(Math.round).join()}, contrast ${Math.round(picture.contrast)}, ${picture.width}×${picture.height}`)
      }
      first ??= picture
      return picture.points.some((point, at) => Math.abs(point - first!.points[at]) > 10)
    },
    20_000,
  )
}

/** The loudest moment among the @streams of a page's elements within a while, 0…1, for each. */
function peaks(page: Page, selector: string, milliseconds: number): Promise<number[]> {
  const listening = page.evaluate(
    async ([selector, milliseconds]) => {
      const context = new AudioContext()
      await context.resume()
      const listeners = [...document.querySelectorAll<HTMLMediaElement>(selector)].flatMap((element) => {
        const tracks = (element.srcObject as MediaStream | null)?.getAudioTracks() ?? []
        if (tracks.length === 0) return []
        const analyser = context.createAnalyser()
        analyser.fftSize = 4096
        context.createMediaStreamSource(new MediaStream(tracks)).connect(analyser)
        return [{ analyser, samples: new Float32Array(analyser.fftSize), peak: 0 }]
      })
      const end = performance.now() + milliseconds
      while (performance.now() < end) {
        for (const listener of listeners) {
          listener.analyser.getFloatTimeDomainData(listener.samples)
          for (const sample of listener.samples) listener.peak = Math.max(listener.peak, Math.abs(sample))
        }
        await new Promise((resolve) => setTimeout(resolve, 40))
      }
      await context.close()
      return listeners.map(({ peak }) => peak)
    },
    [selector, milliseconds] as const,
  )
  return within(milliseconds + 10_000, 'listening', listening)
}

const audible = 0.01
/** Chromium's fake microphone beeps once a second. */
const listenFor = 1200

/** That exactly @count voices are heard on a page. */
export const heard = (page: Page, count: number, selector = 'audio') =>
  eventually(
    `${count} voices are heard`,
    async () => {
      const levels = await peaks(page, selector, listenFor)
      if (levels.filter((level) => level > audible).length !== count) throw new Error(`levels ${levels.map((level) => level.toFixed(3)).join()}`)
      return true
    },
    20_000,
  )

/** The loudest frequency of each element of a page that is heard at this moment, Hz. */
export const tones = (page: Page, selector = 'audio') =>
  page.evaluate(
    async ([selector, audible]) => {
      const context = new AudioContext()
      await context.resume()
      const listeners = [...document.querySelectorAll<HTMLMediaElement>(selector)].flatMap((element) => {
        const tracks = (element.srcObject as MediaStream | null)?.getAudioTracks() ?? []
        if (tracks.length === 0) return []
        const analyser = context.createAnalyser()
        analyser.fftSize = 4096
        context.createMediaStreamSource(new MediaStream(tracks)).connect(analyser)
        return [analyser]
      })
      await new Promise((resolve) => setTimeout(resolve, 200))
      const found = listeners.flatMap((analyser) => {
        const samples = new Float32Array(analyser.fftSize)
        const decibels = new Float32Array(analyser.frequencyBinCount)
        analyser.getFloatTimeDomainData(samples)
        analyser.getFloatFrequencyData(decibels)
        if (!samples.some((sample) => Math.abs(sample) > audible)) return []
        const loudest = decibels.indexOf(Math.max(...decibels))
        return [(loudest * context.sampleRate) / analyser.fftSize]
      })
      await context.close()
      return found
    },
    [selector, audible] as const,
  )

/** From now on, notes who is shown to speak and who is large. */
export const watchSpeakers = (page: Page) =>
  page.evaluate(() => {
    const label = (tile: Element | null) => tile?.getAttribute('aria-label') ?? null
    window.testSpeakers = []
    const look = () => {
      const names = [...document.querySelectorAll('.tile.talk')].flatMap((tile) => label(tile) ?? [])
      const large = label(document.querySelector('.tile.large'))
      const last = window.testSpeakers.at(-1)
      if (last?.names.join() !== names.join() || last.large !== large) window.testSpeakers.push({ at: performance.now(), names, large })
    }
    setInterval(look, 20)
    look()
  })

/** What `watchSpeakers` noted, and the time of the page. */
export const shownSpeakers = (page: Page) => page.evaluate(() => ({ now: performance.now(), noted: window.testSpeakers }))

/** What of SDP a page has had to do with so far. */
export const descriptions = (page: Page) => page.evaluate(() => window.testDescriptions)

/** From now on, measures the time between frames of every <video> with a picture from elsewhere. */
export const watchFrames = (page: Page, selector: string) =>
  page.evaluate((selector) => {
    for (const video of document.querySelectorAll<HTMLVideoElement>(selector)) {
      const gap = { last: performance.now(), longest: 0, frames: 0 }
      window.testGaps.set(video, gap)
      const next = (now: number) => {
        gap.longest = Math.max(gap.longest, now - gap.last)
        gap.last = now
        gap.frames++
        video.requestVideoFrameCallback(next)
      }
      video.requestVideoFrameCallback(next)
    }
  }, selector)

/** The longest time without a frame since `watchFrames`, the time since the last one included, and how many came. */
export const frameGaps = (page: Page) =>
  page.evaluate(() =>
    [...window.testGaps].map(([video, { last, longest, frames }]) => ({
      longest: Math.round(Math.max(longest, performance.now() - last)),
      frames,
      shown: video.isConnected,
    })),
  )

/** From now on, measures the time between frames at a place on the page, whichever element shows them. */
export const watchPlace = (page: Page, selector: string) =>
  page.evaluate((selector) => {
    const gap = { last: performance.now(), longest: 0 }
    window.testPlace = gap
    let current: HTMLVideoElement | null = null
    const follow = (video: HTMLVideoElement) =>
      video.requestVideoFrameCallback((now) => {
        if (video !== current || window.testPlace !== gap) return
        gap.longest = Math.max(gap.longest, now - gap.last)
        gap.last = now
        follow(video)
      })
    const timer = setInterval(() => {
      if (window.testPlace !== gap) return clearInterval(timer)
      const found = document.querySelector<HTMLVideoElement>(selector)
      if (found === null || found === current) return
      current = found
      follow(found)
    }, 10)
  }, selector)

/** The longest time without a frame since `watchPlace`, the time since the last one included. */
export const gapAtPlace = (page: Page) =>
  page.evaluate(() => Math.round(Math.max(window.testPlace.longest, performance.now() - window.testPlace.last)))

export interface Arrival {
  mid: string
  kind: string
  frames: number
  width: number
  height: number
  energy: number
  bytes: number
}

/** What the statistics of a page's living connections say about what arrives, one list for each connection. */
export const arrivals = (page: Page) =>
  page.evaluate(async () => {
    const living = window.testConnections.filter(({ connectionState }) => connectionState === 'connected')
    return Promise.all(
      living.map(async (connection) =>
        [...(await connection.getStats()).values()]
          .filter(({ type }) => type === 'inbound-rtp')
          .map(
            (entry): Arrival => ({
              mid: entry.mid,
              kind: entry.kind,
              frames: entry.framesDecoded ?? 0,
              width: entry.frameWidth ?? 0,
              height: entry.frameHeight ?? 0,
              energy: entry.totalAudioEnergy ?? 0,
              bytes: entry.bytesReceived ?? 0,
            }),
          ),
      ),
    )
  })

/** The codecs of what a page's last connection sends or receives of pictures now, by mid: "VP8". */
export const codecs = (page: Page, way: 'outbound-rtp' | 'inbound-rtp') =>
  page.evaluate(async (way) => {
    const report = await window.testConnections.at(-1)!.getStats()
    const media = [...report.values()].filter(({ type, kind, codecId }) => type === way && kind === 'video' && codecId)
    return Object.fromEntries(media.map(({ mid, codecId }) => [mid, String(report.get(codecId)?.mimeType).replace('video/', '')])) as Record<string, string>
  }, way)

/** Connections made so far, and how many of them live. */
export const connections = (page: Page) =>
  page.evaluate(() => ({
    made: window.testConnections.length,
    connected: window.testConnections.filter(({ connectionState }) => connectionState === 'connected').length,
    ended: window.testConnections.flatMap((connection) =>
      connection.connectionState === 'closed' ? [] : connection.getReceivers().filter(({ track }) => track.readyState === 'ended'),
    ).length,
  }))

/** How the encoders of a page's tracks of @kind are told to work. */
export const encoders = (page: Page, kind: 'audio' | 'video') =>
  page.evaluate(
    (kind) =>
      window.testConnections
        .filter(({ connectionState }) => connectionState === 'connected')
        .flatMap((connection) => connection.getTransceivers())
        .filter(({ sender }) => sender.track?.kind === kind)
        .map(({ mid, sender }) => {
          const { encodings, degradationPreference } = sender.getParameters() as RTCRtpSendParameters & { degradationPreference?: string }
          const { maxBitrate, maxFramerate, scaleResolutionDownBy } = encodings[0] ?? {}
          return { mid, hint: sender.track!.contentHint, maxBitrate, maxFramerate, scaleResolutionDownBy, degradationPreference }
        }),
    kind,
  )
