/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the view models need from the browser and the server, wired in one place. Tests give them other parts. Made when
   first used: importing a view model touches nothing. */
import { HubLayer } from '../media/hub'
import { Mesh } from '../media/mesh'
import { LevelMeter } from '../media/level'
import type { MediaLayer, Outgoing } from '../media/layer'
import { LocalMedia } from '../media/local'
import { Api, exclusiveAmongTabs } from '../protocol/api'
import type { MediaMode } from '../protocol/contract'
import { serverOfPage, socketAddress } from '../protocol/server'
import { RoomSocket } from '../protocol/socket'

export interface LayerParts {
  me: string
  mode: MediaMode
  epoch: number
  restored: boolean
  send: (message: Outgoing) => void
}
export type Store = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>

export interface Services {
  readonly api: Api
  readonly local: LocalMedia
  readonly storage: Store
  /** From /config, once it was read. */
  signalingUrl: string | null
  createSocket(): RoomSocket
  createLayer(parts: LayerParts): MediaLayer
  newStream(tracks: MediaStreamTrack[]): MediaStream
  getDisplayMedia(options: DisplayMediaStreamOptions): Promise<MediaStream>
  /** Calls back when the network comes or goes. */
  watchNetwork(listener: (online: boolean) => void): () => void
}

class BrowserServices implements Services {
  signalingUrl: string | null = null
  private madeApi: Api | null = null
  private madeLocal: LocalMedia | null = null

  get api(): Api {
    this.madeApi ??= new Api({
      server: serverOfPage(),
      fetch: (input, init) => fetch(input, init),
      exclusive: exclusiveAmongTabs,
    })
    return this.madeApi
  }

  get local(): LocalMedia {
    this.madeLocal ??= new LocalMedia({
      getUserMedia: async (constraints) => navigator.mediaDevices.getUserMedia(constraints),
      meter: (track) => new LevelMeter(track),
    })
    return this.madeLocal
  }

  get storage(): Store {
    return localStorage
  }

  createSocket(): RoomSocket {
    return new RoomSocket({
      connect: (address) => new WebSocket(address),
      address: () => socketAddress(this.api.server, this.signalingUrl),
      token: (renew) => this.api.accessToken(renew),
      storage: sessionStorage,
    })
  }

  createLayer(parts: LayerParts): MediaLayer {
    const browser = {
      createConnection: (configuration: RTCConfiguration) => new RTCPeerConnection(configuration),
      newStream: (tracks: MediaStreamTrack[] = []) => new MediaStream(tracks),
    }
    const [soundCodecs, pictureCodecs] = ['audio', 'video'].map((medium) => RTCRtpReceiver.getCapabilities(medium)?.codecs)
    return parts.mode === 'hub' ? new HubLayer({ ...parts, ...browser, soundCodecs, pictureCodecs }) : new Mesh({ ...parts, ...browser })
  }

  newStream(tracks: MediaStreamTrack[]): MediaStream {
    return new MediaStream(tracks)
  }

  getDisplayMedia(options: DisplayMediaStreamOptions): Promise<MediaStream> {
    return navigator.mediaDevices.getDisplayMedia(options)
  }

  watchNetwork(listener: (online: boolean) => void): () => void {
    const online = () => listener(true)
    const offline = () => listener(false)
    const seen = () => document.visibilityState === 'visible' && navigator.onLine && listener(true)
    addEventListener('online', online)
    addEventListener('offline', offline)
    document.addEventListener('visibilitychange', seen)
    return () => {
      removeEventListener('online', online)
      removeEventListener('offline', offline)
      document.removeEventListener('visibilitychange', seen)
    }
  }
}

export const services: Services = new BrowserServices()
