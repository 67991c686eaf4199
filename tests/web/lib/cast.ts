// SPDX-License-Identifier: LGPL-2.1-or-later
/** Drawn people in front of drawn cameras, for pictures that are looked at; the tests themselves use the browsers' devices. */
import { readFileSync } from 'node:fs'
import type { Person } from './house.ts'

export type Actor = 'olena' | 'ivan' | 'yuki' | 'priya' | 'daniel'

const drawing = (name: string) =>
  `data:image/svg+xml,${encodeURIComponent(readFileSync(new URL(`../cast/${name}.svg`, import.meta.url), 'utf8'))}`

/** Runs in the page: the camera and the screen are drawings on a canvas, the microphone stays the browser's. */
async function act([camera, screen]: readonly [string, string]) {
  const film = async (address: string, width: number, height: number) => {
    const picture = new Image(width, height)
    picture.src = address
    await picture.decode()
    const canvas = document.createElement('canvas')
    canvas.width = width
    canvas.height = height
    const context = canvas.getContext('2d')!
    /* A canvas that does not change sends nothing. */
    setInterval(() => {
      context.drawImage(picture, 0, 0, width, height)
      context.fillStyle = `rgb(0 0 0 / ${(Date.now() / 100) % 2 < 1 ? 0.004 : 0})`
      context.fillRect(0, 0, 1, 1)
    }, 200)
    context.drawImage(picture, 0, 0, width, height)
    return canvas.captureStream(5)
  }
  const devices = navigator.mediaDevices
  const real = devices.getUserMedia.bind(devices)
  devices.getUserMedia = async (constraints) => (constraints?.video ? film(camera, 640, 360) : real(constraints))
  devices.getDisplayMedia = () => film(screen, 1280, 720)
}

export const play = (person: Person, actor: Actor) => person.context.addInitScript(act, [drawing(actor), drawing('share')] as const)
