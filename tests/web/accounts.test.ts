// SPDX-License-Identifier: LGPL-2.1-or-later
import assert from 'node:assert/strict'
import { after, afterEach, before, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { eventually } from '../lib/deadline.ts'
import { openChromium, openFirefox } from './lib/browsers.ts'
import { House, type Person } from './lib/house.ts'

let house: House
let chromium: Browser
let firefox: Browser

before(async () => {
  ;[house, chromium, firefox] = await Promise.all([House.open(), openChromium(), openFirefox()])
})
afterEach(() => house.everyoneLeaves())
after(() => house.close())

const password = 'a long enough one'

async function fillIn(person: Person, fields: Record<string, string>) {
  for (const [label, text] of Object.entries(fields)) await person.write(person.page.getByLabel(label, { exact: true }), text)
}

async function signUp(person: Person, name: string, email: string, address = '/signup') {
  await person.page.goto(address)
  await fillIn(person, { Name: name, 'E-mail': email, Password: password })
  await person.button('Create an account').click()
}

/** Only who is signed in may start a room. */
const isIn = (person: Person) => person.button('Start a room').first().waitFor()
const isOut = (person: Person) => person.page.getByRole('link', { name: 'Sign in' }).first().waitFor()

test('the setup link makes the first account the administrator', async () => {
  const ada = await house.person(chromium, 'Ada')
  await signUp(ada, 'Ada', 'ada@example.org', `/signup?setup=${await house.daemon.setupToken()}`)
  await isIn(ada)
  await ada.page.getByRole('link', { name: 'Administration' }).click()
  await ada.page.getByText('ada@example.org').waitFor()
})

for (const [name, browser] of [['Chromium', () => chromium], ['Firefox', () => firefox]] as const) {
  test(`signing up, out and in again works in ${name}, and a reload keeps the session`, async () => {
    const email = `ben.${name}@example.org`
    const ben = await house.person(browser(), 'Ben')
    await signUp(ben, `Ben ${name}`, email)
    await isIn(ben)
    await ben.page.reload()
    await isIn(ben)

    await ben.page.goto('/settings')
    await ben.button('Sign out').click()
    await isOut(ben)
    await ben.page.reload()
    await isOut(ben)

    await ben.page.goto('/signin')
    await fillIn(ben, { 'E-mail': email, Password: 'not the right one' })
    await ben.button('Sign in').click()
    await ben.page.getByRole('alert').getByText('E-mail or password is wrong.').waitFor()
    await fillIn(ben, { Password: password })
    await ben.button('Sign in').click()
    await isIn(ben)
  })
}

test('a name or an address that is taken is said beside its field', async () => {
  const taken = await house.account('Cleo')
  const dora = await house.person(chromium, 'Dora')
  await signUp(dora, 'Cleo', 'dora@example.org')
  await dora.page.getByRole('alert').getByText('Somebody has this name already.').waitFor()
  await signUp(dora, 'Dora', taken.user!.email!)
  await dora.page.getByRole('alert').getByText('There is an account with this e-mail already.').waitFor()
})

test('somebody signs in on the way to a room and arrives there', async () => {
  const { host, room } = await house.room('Edda', { guests: false })
  const edda = await house.person(chromium, 'Edda')
  await edda.page.goto(`/r/${room.slug}`)
  await edda.page.getByRole('heading', { name: 'This room takes no guests' }).waitFor()
  await edda.page.getByRole('link', { name: 'Sign in' }).click()
  await fillIn(edda, { 'E-mail': host.user!.email!, Password: 'correct horse' })
  await edda.button('Sign in').click()
  await edda.button('Join').click()
  await edda.isInside()
})

test('a guest comes in by a link, under a name of their own', async () => {
  const { host, room } = await house.room('Fred', { visibility: 'private' })
  const { url } = await host.invite(room.id)
  const gina = await house.person(chromium, 'Gina')
  await gina.page.goto(new URL(url).pathname + new URL(url).search)
  assert.ok(await gina.button('Join').isDisabled(), 'nobody enters without a name')
  await fillIn(gina, { 'Your name': 'Gina' })
  await gina.button('Join').click()
  await gina.isInside()
  await gina.myTile.waitFor()
})

test('somebody starts a room, and the link they give brings others in', async () => {
  const hanna = await house.signedIn(chromium, await house.account('Hanna'))
  await hanna.page.goto('/')
  await hanna.button('Start a room').first().click()
  const start = hanna.page.getByRole('dialog', { name: 'Start a room' })
  await hanna.write(start.getByLabel('Title'), 'Reading circle')
  await start.getByRole('button', { name: 'Invite only' }).click()
  await start.getByRole('button', { name: 'Open the room' }).click()
  await hanna.page.getByRole('heading', { name: 'Reading circle' }).waitFor()
  await hanna.button('Join').click()
  await hanna.isInside()
  await hanna.page.getByRole('banner').getByRole('button', { name: 'Invite' }).click()
  const link = hanna.page.getByRole('dialog', { name: 'Invite people' }).getByLabel('Link')
  const address = await eventually('the link is there', async () => (await link.inputValue()) || undefined)

  const igor = await house.person(firefox, 'Igor')
  await igor.page.goto(address)
  await fillIn(igor, { 'Your name': 'Igor' })
  await igor.button('Join').click()
  await igor.isInside()
  await Promise.all([igor.sees('Hanna', 'Igor (you)'), hanna.sees('Hanna (you)', 'Igor')])
})

test('two tabs that open at the same time stay signed in, again and again', async () => {
  const hugo = await house.signedIn(chromium, await house.account('Hugo'))
  const second = await hugo.context.newPage()
  for (let round = 0; round < 4; round++) {
    await Promise.all([hugo.page, second].map((page) => page.goto('/')))
    await Promise.all([hugo.page, second].map((page) => page.getByRole('button', { name: 'Start a room' }).first().waitFor()))
  }
})

test('a session that was ended elsewhere is over', async () => {
  const account = await house.account('Ida')
  const here = await house.signedIn(chromium, account)
  const there = await house.signedIn(firefox, account)
  await there.page.goto('/')
  await isIn(there)
  await here.page.goto('/settings')
  await here.button('Sign out all others').click()
  await here.button('Sign out all others').waitFor({ state: 'detached' })
  await there.page.reload()
  await isOut(there)
})
