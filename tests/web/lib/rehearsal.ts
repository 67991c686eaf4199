// SPDX-License-Identifier: LGPL-2.1-or-later
/** A show as any Friday's, for pictures of the studio that are looked at: people on stage and backstage, a screen, a look of its own,
 * a destination that takes the stream and one that does not. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import type { Broadcast, Room } from '../../../src/web/protocol/contract.ts'
import type { Client } from '../../lib/client.ts'
import { freePort } from '../../lib/daemon.ts'
import { type Actor, play } from './cast.ts'
import type { House, Person } from './house.ts'
import { seen } from './media.ts'
import { openStudio, showOf } from './studio.ts'

export interface Rehearsal {
  account: Client
  room: Room
  show: Broadcast
  host: Person
  ivan: Person
  /** Backstage. */
  yuki: Person
  /** Address of an RTMP server that takes what comes. */
  taken: string
  end(): Promise<void>
}

const backstage: [string, Actor][] = [['Yuki Tanaka', 'yuki'], ['Daniel Okafor', 'daniel']]

/** A picture that a page draws: PNG, from the outside of the project nothing. */
async function drawn(page: Page, what: 'logo' | 'ground'): Promise<Buffer> {
  const address = await page.evaluate((what) => {
    const canvas = document.createElement('canvas')
    const context = canvas.getContext('2d')!
    if (what === 'logo') {
      Object.assign(canvas, { width: 420, height: 120 })
      context.fillStyle = '#0b1110d0'
      context.beginPath()
      context.roundRect(0, 0, 420, 120, 24)
      context.fill()
      context.font = '600 62px Inter Variable, Inter, sans-serif'
      context.fillStyle = '#ffffff'
      context.fillText('build', 40, 82)
      const { width } = context.measureText('build')
      context.fillStyle = '#4fdc9f'
      context.fillText('friday', 40 + width, 82)
    } else {
      Object.assign(canvas, { width: 1280, height: 720 })
      const sky = context.createLinearGradient(0, 0, 0, 720)
      for (const [at, colour] of [[0, '#0c1730'], [0.6, '#1c2b52'], [1, '#0a1020']] as const) sky.addColorStop(at, colour)
      context.fillStyle = sky
      context.fillRect(0, 0, 1280, 720)
      for (let house = 0; house < 22; house++) {
        const top = 330 + ((house * 97) % 210)
        context.fillStyle = house % 2 ? '#0b1224' : '#0f1930'
        context.fillRect(house * 60, top, 58, 720 - top)
        for (let light = 0; light < 12; light++) {
          context.fillStyle = (house * 7 + light * 5) % 4 ? '#17233f' : '#f2b85b'
          context.fillRect(house * 60 + 8 + (light % 3) * 16, top + 14 + Math.floor(light / 3) * 28, 9, 14)
        }
      }
    }
    return canvas.toDataURL('image/png')
  }, what)
  return Buffer.from(address.slice(address.indexOf(',') + 1), 'base64')
}

/** Takes one stream and throws it away. */
async function receiver(): Promise<{ url: string; close(): Promise<void> }> {
  const url = `rtmp://127.0.0.1:${await freePort()}/live`
  const ffmpeg = spawn('ffmpeg', ['-loglevel', 'error', '-listen', '1', '-i', `${url}/key`, '-c', 'copy', '-f', 'null', '-'], { stdio: 'ignore' })
  const kill = () => ffmpeg.kill('SIGKILL')
  process.once('exit', kill)
  return {
    url,
    async close() {
      process.off('exit', kill)
      if (ffmpeg.exitCode === null && kill()) await once(ffmpeg, 'exit')
    },
  }
}

/** Before the show: the host in the studio, two on stage, two backstage. */
export async function rehearse(house: House, browser: Browser, options: BrowserContextOptions): Promise<Rehearsal> {
  const account = await house.account('Olena Koval')
  const room = await account.createRoom({ title: 'Friday build show', visibility: 'public' })
  const host = await house.signedIn(browser, account, options)
  await play(host, 'olena')
  await openStudio(host, room)
  const show = await showOf(account, room)
  await account.call('PATCH', `/api/broadcasts/${show.id}`, { description: 'Episode 31 · hubs, rings and one port' })

  const enter = async (name: string, actor: Actor) => {
    const person = await house.person(browser, name, options)
    await play(person, actor)
    await person.enter(room)
    await host.page.getByRole('article', { name, exact: true }).waitFor()
    return person
  }
  const ivan = await enter('Ivan Petrenko', 'ivan')
  const [yuki] = await Promise.all(backstage.map(async ([name, actor]) => {
    const person = await enter(name, actor)
    if (actor === 'daniel') await person.control('microphone').click()
    await host.button(`Take off stage: ${name}`).click()
    await host.page.locator('[data-side=green-room]').getByRole('article', { name }).waitFor()
    return person
  }))
  const { url, close } = await receiver()
  return { account, room, show, host, ivan, yuki, taken: url, end: close }
}

/** The look of the show, its lines, its destinations, a shared screen. */
export async function dress({ account, show, host, ivan, taken }: Rehearsal) {
  const { page } = host
  const banner = async (title: string, second: string, ticker = false) => {
    await host.button('New banner').click()
    const dialog = page.getByRole('dialog')
    if (ticker) await dialog.getByRole('button', { name: 'Ticker' }).click()
    await dialog.getByLabel(ticker ? 'Text that runs along' : 'Title').fill(title)
    if (!ticker) await dialog.getByLabel('Second line').fill(second)
    await page.keyboard.press('Enter')
    await dialog.waitFor({ state: 'detached' })
  }
  await banner('How one UDP port serves a room', 'Part two of four')
  await banner('Ask in the chat', 'We answer at the end')
  await banner('Next Friday: the mixer, 40 lines at a time', '', true)
  for (const [use, what] of [['logo', 'logo'], ['background', 'ground']] as const) {
    await page.getByLabel(`Upload a ${use}`).setInputFiles({ name: `${what}.png`, mimeType: 'image/png', buffer: await drawn(page, what) })
    await page.locator('.bgs .on[style*=url]').nth(use === 'logo' ? 0 : 1).waitFor()
  }
  const path = `/api/broadcasts/${show.id}/destinations`
  await account.call('POST', path, { platform: 'youtube', name: 'YouTube', rtmpUrl: taken, streamKey: 'key' })
  await account.call('POST', path, { platform: 'twitch', name: 'Twitch', rtmpUrl: `rtmp://127.0.0.1:${await freePort()}/live`, streamKey: 'key' })
  await ivan.control('share').click()
  await ivan.page.getByRole('dialog').getByRole('button', { name: 'Choose what to share' }).click()
  await page.getByRole('article', { name: 'Ivan Petrenko’s screen' }).waitFor()
  await host.button('Top left').click()
  await page.keyboard.press('5')
  await host.button('Show How one UDP port serves a room').click()
  await ivan.say('So every guest shares one socket?')
  await ivan.say('What happens when a phone changes its network in the middle of a show?')
}

export async function goLive({ host }: Rehearsal) {
  await host.button('Go live').click()
  await host.button('End show').waitFor()
  await seen('the programme', host.page.locator('[data-programme=live] video'))
  await host.page.locator('.dest[data-state=live]').first().waitFor()
}
