// SPDX-License-Identifier: LGPL-2.1-or-later
/** A house that makes shows, and a host in the studio of a room with a guest in it. */
import type { Browser, BrowserContextOptions, Locator } from 'playwright-core'
import type { Broadcast, BroadcastList, Room } from '../../../src/web/protocol/contract.ts'
import type { Client } from '../../lib/client.ts'
import { build, freePort } from '../../lib/daemon.ts'
import { eventually } from '../../lib/deadline.ts'
import { House, type Person } from './house.ts'

export const still: BrowserContextOptions = { reducedMotion: 'reduce', viewport: { width: 1440, height: 900 } }

export interface Stage {
  account: Client
  room: Room
  host: Person
  guest: Person
  show: Broadcast
}

let hosts = 0

export async function openStudioHouse(): Promise<House> {
  const house = await House.open({
    settings: {
      'media.program': `${build}/src/media/greenroom-media`,
      'media.listen': `0.0.0.0:${await freePort()}`,
      'outputs.allow-private': 'true',
      'pictures.program': `${build}/src/image/greenroom-image`,
    },
  })
  await eventually('the hub is up', () => house.daemon.log.includes('the hub is up'))
  return house
}

export async function openStudio(person: Person, room: Room) {
  await person.page.goto(`/r/${room.slug}/studio`)
  await person.page.locator('.joinbox .btn.primary:enabled').click()
  await person.page.locator('.lay:enabled').first().waitFor()
}

/** A host in the studio of a room, and a guest in the room. */
export async function setStage(house: House, browser: Browser, options: BrowserContextOptions = still): Promise<Stage> {
  const { host: account, room } = await house.room(`Olena ${++hosts}`, { title: 'Friday build show', visibility: 'public' })
  const host = await house.signedIn(browser, account, options)
  await openStudio(host, room)
  const guest = await house.person(browser, 'Ivan Petrenko', still)
  await guest.enter(room)
  await card(host, 'Ivan Petrenko').waitFor()
  return { account, room, host, guest, show: await showOf(account, room) }
}

export async function showOf(account: Client, room: Room): Promise<Broadcast> {
  const shows = await account.call<BroadcastList>('GET', `/api/broadcasts?roomId=${room.id}`)
  return shows.items[0]
}

export const card = (person: Person, name: string): Locator => person.page.getByRole('article', { name, exact: true })
export const side = (person: Person, name: 'stage' | 'green-room') => person.page.locator(`[data-side=${name}]`)
