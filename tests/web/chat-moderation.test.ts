// SPDX-License-Identifier: LGPL-2.1-or-later
import assert from 'node:assert/strict'
import { after, afterEach, before, test } from 'node:test'
import type { Browser } from 'playwright-core'
import type { RoomCreate } from '../../src/web/protocol/contract.ts'
import { Client } from '../lib/client.ts'
import { openChromium } from './lib/browsers.ts'
import { House } from './lib/house.ts'
import { heard } from './lib/media.ts'

let house: House
let browser: Browser

before(async () => {
  ;[house, browser] = await Promise.all([House.open(), openChromium()])
})
afterEach(() => house.everyoneLeaves())
after(() => house.close())

/** A host called Mira who is inside, and Ada who is not yet. */
async function hosted(more: Partial<RoomCreate> = {}) {
  const owner = await house.account(`Mira ${Math.random().toString(36).slice(2, 8)}`)
  const room = await owner.createRoom({ title: 'Table', visibility: 'unlisted', ...more })
  const mira = await house.signedIn(browser, owner)
  const ada = await house.person(browser, 'Ada')
  await mira.enter(room)
  return { mira, ada, room, owner }
}

const heading = (person: { page: import('playwright-core').Page }, name: string | RegExp) => person.page.getByRole('heading', { name }).waitFor()

test('what is written is read by everyone, and by whoever comes later', async () => {
  const { mira, ada, room } = await hosted()
  await ada.enter(room)
  await ada.say('Is anybody here?')
  await mira.reads('Is anybody here?')
  await mira.say('I am, see https://example.org/plan')
  await ada.reads('I am, see')
  assert.equal(await (await ada.panel('chat')).getByRole('link').getAttribute('href'), 'https://example.org/plan')

  const ben = await house.person(browser, 'Ben')
  await ben.enter(room)
  await ben.reads('Is anybody here?')
  await ben.reads('I am, see')

  const chat = await mira.panel('chat')
  await chat.getByText('Is anybody here?').hover()
  await chat.getByRole('button', { name: 'Remove the message of Ada' }).click()
  await (await ben.panel('chat')).getByText('Is anybody here?').waitFor({ state: 'detached' })
})

test('a closed chat counts what was not read', async () => {
  const { mira, ada, room } = await hosted()
  await ada.enter(room)
  await ada.page.getByRole('complementary').getByRole('button', { name: 'Close' }).click()
  await mira.say('One')
  await mira.say('Two')
  await ada.button('Chat, 2 new').click()
  await ada.reads('Two')
  await ada.button('Chat').waitFor()
})

test('a host mutes, the muted page stops sending and says so, and only its person unmutes', async () => {
  const { mira, ada, room } = await hosted()
  await ada.enter(room)
  await heard(mira.page, 1)

  await mira.doTo('Ada', 'Mute')
  await ada.toast(`${mira.name} muted you`).waitFor()
  await ada.button('Unmute microphone').waitFor()
  await heard(mira.page, 0)

  await mira.doTo('Ada', 'Ask to unmute')
  const asked = ada.page.getByRole('dialog', { name: `${mira.name} asks you to unmute` })
  await asked.getByRole('button', { name: 'Stay muted' }).click()
  await heard(mira.page, 0)
  await mira.doTo('Ada', 'Ask to unmute')
  await asked.getByRole('button', { name: 'Unmute' }).click()
  await ada.button('Mute microphone').waitFor()
  await heard(mira.page, 1)
})

test('a host takes somebody off the stage and brings them back', async () => {
  const { mira, ada, room } = await hosted()
  await ada.enter(room)
  const me = `${mira.name} (you)`
  await mira.sees(me, 'Ada')
  await mira.doTo('Ada', 'To the green room')
  await ada.toast('You are in the green room').waitFor()
  const badge = mira.tile('Ada').getByText('In the green room', { exact: true })
  await badge.waitFor()
  await mira.doTo('Ada', 'To the stage')
  await ada.toast('You are on stage').waitFor()
  await badge.waitFor({ state: 'detached' })
  await mira.sees(me, 'Ada')
})

test('a raised hand is seen, and a host may lower it', async () => {
  const { mira, ada, room } = await hosted()
  await ada.enter(room)
  await ada.control('hand').click()
  await mira.tile('Ada').getByTitle('Hand raised').waitFor()
  await mira.doTo('Ada', 'Lower hand')
  await ada.button('Raise hand').waitFor()
})

test('newcomers wait until a host lets them in, or does not', async () => {
  const { mira, ada, room } = await hosted({ waitingRoom: true })
  await ada.knock(room)
  await ada.button('Join').click()
  await ada.page.getByText('You wait in the green room until the host lets you in.').waitFor()
  await mira.toast('Ada waits to come in').getByRole('button', { name: 'Let in' }).click()
  await ada.isInside()

  const ben = await house.person(browser, 'Ben')
  await ben.knock(room)
  await ben.button('Join').click()
  const people = await mira.panel('people')
  await people.locator('[data-waiting]', { hasText: 'Ben' }).getByText('no account').waitFor()
  await people.getByRole('button', { name: /^Deny.*Ben$/ }).click()
  await heading(ben, 'The host did not let you in')
  await mira.sees(`${mira.name} (you)`, 'Ada')
})

test('whoever is removed is told, and may come back', async () => {
  const { mira, ada, room } = await hosted()
  await ada.enter(room)
  await mira.doTo('Ada', 'Remove from the room…')
  await mira.page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
  await heading(ada, 'You were removed from the room')
  await mira.sees(`${mira.name} (you)`)
  await ada.button('Come back').click()
  await ada.button('Join').click()
  await ada.isInside()
})

test('whoever is banned is told, and does not come back', async () => {
  const { mira, ada, room } = await hosted()
  await ada.enter(room)
  await mira.doTo('Ada', 'Ban from the room…')
  await mira.page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
  await heading(ada, 'You cannot come back to this room')
  await ada.page.goto(`/r/${room.slug}`)
  await heading(ada, 'You cannot enter this room')
  assert.equal(await ada.button('Join').count(), 0)
})

test('a locked room lets nobody in, and an opened one does', async () => {
  const { mira, ada, room } = await hosted()
  const lock = (await mira.panel('people')).getByRole('switch', { name: 'Lock the room' })
  await lock.click()
  await mira.page.getByTitle('Locked').waitFor()
  await ada.page.goto(`/r/${room.slug}`)
  await heading(ada, 'This room is locked')
  await lock.click()
  await mira.page.getByTitle('Locked').waitFor({ state: 'detached' })
  await ada.button('Try again').click()
  await ada.page.getByLabel('Your name').waitFor()
})

test('a full room says so, and takes the next one when a seat is free', async () => {
  const { ada, room } = await hosted({ capacity: 2 })
  const seat = await (await Client.guest(house.daemon, 'Ben')).join(room.slug)
  await ada.page.goto(`/r/${room.slug}`)
  await heading(ada, 'The room is full')
  await ada.page.getByText('2 of 2 seats are taken').waitFor()
  seat.send({ type: 'leave' })
  await seat.untilClosed()
  await ada.button('Try again').click()
  await ada.page.getByLabel('Your name').waitFor()
})

test('a room by invitation wants a code that works', async () => {
  const { ada, room, owner } = await hosted({ visibility: 'private' })
  await ada.page.goto(`/r/${room.slug}`)
  await heading(ada, 'This room is by invitation')
  await ada.page.goto(`/r/${room.slug}?invite=wrong-code-11`)
  await heading(ada, 'This room is by invitation')
  await ada.write(ada.page.getByLabel('Invite link or code'), 'no-such-code-99')
  await ada.button('Join').click()
  await ada.page.getByText('No room has this code').waitFor()

  const { code } = await owner.invite(room.id)
  await ada.write(ada.page.getByLabel('Invite link or code'), code)
  await ada.button('Join').click()
  await ada.write(ada.page.getByLabel('Your name'), 'Ada')
  await ada.button('Join').click()
  await ada.isInside()
})

test('a room that does not exist, and one that is closed, say so', async () => {
  const { mira, ada, room } = await hosted()
  await ada.page.goto('/r/nobody-made-this')
  await heading(ada, 'No such room')
  await ada.enter(room)
  await mira.button('More').click()
  await mira.page.getByRole('menuitem', { name: 'Close the room…' }).click()
  await mira.page.getByRole('dialog').getByRole('button', { name: 'Close the room' }).click()
  await heading(ada, 'The room is closed')
  await heading(mira, 'The room is closed')
})
