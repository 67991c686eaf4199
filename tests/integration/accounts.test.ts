// SPDX-License-Identifier: LGPL-2.1-or-later
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { describe, test } from 'node:test'
import type { Session, User } from '../../src/web/protocol/contract.ts'
import { Client } from '../lib/client.ts'
import { onBothStores, withDaemon } from '../lib/stores.ts'
import { claimsOf, makeToken, signingKey } from '../lib/token.ts'

const password = 'correct horse'
const sessionsOf = async (client: Client) => (await client.call<{ items: Session[] }>('GET', '/api/auth/sessions')).items

/** The same person on another device. */
const elsewhere = (client: Client) => Client.login(client.server, client.user?.email ?? '', password)

onBothStores({}, (daemon) => {
  test('The setup token makes one administrator, however many try at once', async () => {
    const setup = await daemon().setupToken()
    const [ada, bob] = [new Client(daemon()), new Client(daemon())]
    const answers = await Promise.all(
      [ada, bob].map((client, index) =>
        client.request('POST', '/api/auth/register', { email: `admin${index}@example.org`, password, name: `Admin ${index}`, setup }),
      ),
    )
    assert.deepEqual(answers.map(({ status }) => status).sort(), [201, 403])

    const late = { email: 'late@example.org', password, name: 'Late', setup }
    assert.equal((await ada.refused(403, 'forbidden', 'POST', '/api/auth/register', late)).field, 'setup')
    await ada.refused(401, 'bad_credentials', 'POST', '/api/auth/login', { email: late.email, password })
  })

  test('An administrator gives and takes roles, which hold at once; the last one cannot step down', async () => {
    const users = daemon()
    const login = await Promise.allSettled([0, 1].map((index) => Client.login(users, `admin${index}@example.org`, password)))
    const admin = login.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))[0]
    assert.ok(admin?.user, 'the administrator of the test before can sign in')
    const ben = await Client.register(users)

    await ben.refused(403, 'forbidden', 'GET', '/api/users')
    const change = (id: string | undefined, role: User['role']) => admin.call<User>('PATCH', `/api/users/${id}`, { role })
    assert.equal((await change(ben.user?.id, 'moderator')).role, 'moderator')
    await ben.call('GET', '/api/rooms?scope=all')
    assert.equal((await ben.call<User>('GET', '/api/auth/me')).role, 'moderator')
    await change(ben.user?.id, 'user')
    await ben.refused(403, 'forbidden', 'GET', '/api/rooms?scope=all')

    await admin.refused(409, 'conflict', 'PATCH', `/api/users/${admin.user.id}`, { role: 'user' })
    const guest = await Client.guest(users)
    await admin.refused(409, 'conflict', 'PATCH', `/api/users/${guest.user?.id}`, { role: 'admin' })
    await admin.refused(404, 'not_found', 'PATCH', '/api/users/01890000-0000-7000-8000-000000000000', { role: 'admin' })
    for (const role of ['moderator', 'user', 'moderator', 'user'] as const) {
      const renamed = [1, 2, 3].map((n) => ben.call('PATCH', '/api/auth/me', { name: `Ben ${role} ${n}` }))
      await Promise.all([...renamed, change(ben.user?.id, role)])
      assert.equal((await ben.call<User>('GET', '/api/auth/me')).role, role, 'a new name undoes no new role')
    }
    const { items } = await admin.call<{ items: User[] }>('GET', '/api/users')
    assert.ok(!items.some(({ role }) => role === 'guest'), 'guests are not listed')
  })

  test('Who registers is signed in, and signs in again by e-mail or by name', async () => {
    const ann = await Client.register(daemon(), { email: 'Ann@Example.org', name: 'Ann Smith' })
    assert.equal((await ann.call<User>('GET', '/api/auth/me')).email, 'ann@example.org')
    assert.deepEqual((await Client.login(daemon(), 'ANN@example.ORG', password)).user, ann.user)
    assert.deepEqual((await Client.login(daemon(), 'ann smith', password)).user, ann.user)
  })

  test('A taken e-mail or name is refused by its field, whatever its case', async () => {
    const { user } = await Client.register(daemon(), { name: 'Taken Name' })
    const other = new Client(daemon())
    const register = (email: string, name: string) => ({ email, name, password })
    const byEmail = register(user?.email?.toUpperCase() ?? '', 'Free Name')
    assert.equal((await other.refused(409, 'email_taken', 'POST', '/api/auth/register', byEmail)).field, 'email')
    const byName = register('free@example.org', 'taken name')
    assert.equal((await other.refused(409, 'name_taken', 'POST', '/api/auth/register', byName)).field, 'name')
  })

  test('What a registration lacks is named', async () => {
    const client = new Client(daemon())
    const good = { email: 'good@example.org', password, name: 'Good' }
    for (const [field, value] of Object.entries({ email: 'nowhere', password: 'short', name: ' spaced ', setup: 7 })) {
      const error = await client.refused(400, 'invalid_input', 'POST', '/api/auth/register', { ...good, [field]: value })
      assert.equal(error.field, field)
    }
    const extra = await client.refused(400, 'invalid_input', 'POST', '/api/auth/register', { ...good, role: 'admin' })
    assert.equal(extra.field, 'role')
  })

  test('A wrong password and an unknown account are refused alike', async () => {
    const { user } = await Client.register(daemon())
    const client = new Client(daemon())
    const wrong = await client.refused(401, 'bad_credentials', 'POST', '/api/auth/login', { email: user?.email, password: 'wrong horse' })
    const unknown = await client.refused(401, 'bad_credentials', 'POST', '/api/auth/login', { email: 'no@example.org', password })
    assert.deepEqual(wrong, unknown)
  })

  test('A guest has a name and no e-mail, and may not make rooms', async () => {
    const guest = await Client.guest(daemon(), 'Zoë')
    const me = await guest.call<User>('GET', '/api/auth/me')
    assert.deepEqual([me.name, me.role, me.email], ['Zoë', 'guest', undefined])
    await guest.refused(403, 'forbidden', 'POST', '/api/rooms', { title: 'Mine' })
    await guest.refused(403, 'forbidden', 'PATCH', '/api/auth/me', { name: 'Other' })
    assert.equal((await Client.guest(daemon(), 'Zoë')).user?.name, 'Zoë', 'guests share names')
  })

  test('A new name needs no password; a new e-mail or password needs the current one', async () => {
    const cat = await Client.register(daemon())
    assert.equal((await cat.call<User>('PATCH', '/api/auth/me', { name: 'Catherine' })).name, 'Catherine')
    for (const change of [{ email: 'cat@example.org' }, { password: 'another horse' }, { password: 'x'.repeat(8), currentPassword: 'no' }]) {
      const error = await cat.refused(401, 'bad_credentials', 'PATCH', '/api/auth/me', change)
      assert.equal(error.field, 'currentPassword')
    }
    await cat.call('PATCH', '/api/auth/me', { email: 'cat@example.org', currentPassword: password })
    assert.equal((await Client.login(daemon(), 'cat@example.org', password)).user?.name, 'Catherine')
  })

  test('A new password ends every other session and keeps this one', async () => {
    const dan = await Client.register(daemon())
    const phone = await elsewhere(dan)
    await dan.call('PATCH', '/api/auth/me', { password: 'another horse', currentPassword: password })
    await dan.call('GET', '/api/auth/me')
    await phone.refused(401, 'token_invalid', 'GET', '/api/auth/me')
    await phone.refused(401, 'token_invalid', 'POST', '/api/auth/refresh')
    await dan.refresh()
    const old = { email: dan.user?.email, password }
    await phone.refused(401, 'token_invalid', 'POST', '/api/auth/login', old)
    phone.token = null
    await phone.refused(401, 'bad_credentials', 'POST', '/api/auth/login', old)
  })

  test('The refresh cookie is for the server alone', async () => {
    const { headers } = await new Client(daemon()).request('POST', '/api/auth/guest', { name: 'Eve' })
    const [cookie] = headers.getSetCookie()
    assert.match(cookie ?? '', /^greenroom_refresh=[\w-]{40,};/)
    for (const attribute of ['HttpOnly', 'SameSite=Lax', 'Path=/api/auth']) {
      assert.ok(cookie?.includes(attribute), `${cookie} has ${attribute}`)
    }
  })

  test('A refresh cookie works once; a used one ends the whole session', async () => {
    const fay = await Client.register(daemon())
    const stolen = new Client(daemon())
    fay.cookies.forEach((value, name) => stolen.cookies.set(name, value))
    await fay.refresh()
    await fay.call('GET', '/api/auth/me')

    await stolen.refused(401, 'token_invalid', 'POST', '/api/auth/refresh')
    assert.equal(stolen.cookies.size, 0, 'a dead cookie is taken away')
    await fay.refused(401, 'token_invalid', 'GET', '/api/auth/me')
    fay.token = null
    await fay.refused(401, 'token_invalid', 'POST', '/api/auth/refresh')
    await fay.refused(401, 'unauthenticated', 'POST', '/api/auth/refresh')
  })

  test('A refresh cookie sent twice at once is never good for two', async () => {
    const gus = await Client.guest(daemon())
    const twins = [0, 1].map(() => Object.assign(new Client(daemon()), { cookies: new Map(gus.cookies) }))
    const answers = await Promise.all(twins.map((twin) => twin.request('POST', '/api/auth/refresh')))
    assert.ok(answers.filter(({ status }) => status === 200).length <= 1, String(answers.map(({ status }) => status)))
    await gus.refused(401, 'token_invalid', 'GET', '/api/auth/me')
  })

  test('Signing out ends the session at once, and again does no harm', async () => {
    const hal = await Client.guest(daemon())
    await hal.call('POST', '/api/auth/logout')
    assert.equal(hal.cookies.size, 0)
    await hal.refused(401, 'token_invalid', 'GET', '/api/auth/me')
    await new Client(daemon()).call('POST', '/api/auth/logout')
  })

  test('Sessions are listed to their owner, and one that is revoked is out at once', async () => {
    const ida = await Client.register(daemon())
    const phone = await elsewhere(ida)
    const sessions = await sessionsOf(ida)
    assert.deepEqual(sessions.map(({ current }) => current).sort(), [false, true])
    assert.ok(sessions.every(({ agent, address }) => agent !== '' && address === '127.0.0.1'))

    const other = sessions.find(({ current }) => !current)
    const stranger = await Client.guest(daemon())
    await stranger.refused(404, 'not_found', 'DELETE', `/api/auth/sessions/${other?.id}`)
    await phone.call('GET', '/api/auth/me')
    await ida.call('DELETE', `/api/auth/sessions/${other?.id}`)
    await phone.refused(401, 'token_invalid', 'GET', '/api/auth/me')
    await phone.refused(401, 'token_invalid', 'POST', '/api/auth/refresh')
    await ida.refused(404, 'not_found', 'DELETE', `/api/auth/sessions/${other?.id}`)
    assert.equal((await sessionsOf(ida)).length, 1)
  })

  test('A forged token opens nothing', async () => {
    const joe = await Client.guest(daemon())
    const genuine = joe.token ?? ''
    const claims = claimsOf(genuine)
    const [head, body, signature] = genuine.split('.')
    const admin = Buffer.from(JSON.stringify({ ...claims, role: 'admin' })).toString('base64url')
    const forged = {
      'no algorithm': makeToken(claims, null, { alg: 'none', typ: 'JWT' }),
      'no signature': `${head}.${body}.`,
      'another key': makeToken(claims, randomBytes(32)),
      'an empty key': makeToken(claims, Buffer.alloc(0)),
      'changed claims': `${head}.${admin}.${signature}`,
      'a cut signature': genuine.slice(0, -1),
      'nonsense': 'a.b.c',
      'nothing': '',
      'a novel': 'x'.repeat(8_000),
    }
    for (const [kind, token] of Object.entries(forged)) {
      joe.token = token
      const { status, body: answer } = await joe.request<{ error?: { code: string } }>('GET', '/api/auth/me')
      assert.deepEqual([status, answer.error?.code], [401, 'token_invalid'], kind)
    }
    joe.token = null
    await joe.refused(401, 'unauthenticated', 'GET', '/api/auth/me')
  })

  test('An expired token says so, and so do a token without a session and one for another use', async () => {
    const kim = await Client.guest(daemon())
    const key = signingKey(daemon().folder)
    const claims = claimsOf(kim.token ?? '')
    const second = Math.floor(Date.now() / 1000)
    kim.token = makeToken({ ...claims, exp: second + 60 }, key)
    await kim.call('GET', '/api/auth/me')
    kim.token = makeToken({ ...claims, iat: second - 61, exp: second - 1 }, key)
    await kim.refused(401, 'token_expired', 'GET', '/api/auth/me')
    kim.token = makeToken({ ...claims, sid: undefined }, key)
    await kim.refused(401, 'token_invalid', 'GET', '/api/auth/me')
    kim.token = makeToken({ ...claims, aud: 'resume' }, key)
    await kim.refused(401, 'token_invalid', 'GET', '/api/auth/me')
  })

  test('An expired or forged token does not take a seat', async () => {
    const lea = await Client.register(daemon())
    const room = await lea.createRoom()
    const claims = claimsOf(lea.token ?? '')
    await lea.turnedAway('token_invalid', room.id, { token: makeToken(claims, randomBytes(32)) })
    await lea.turnedAway('token_expired', room.id, { token: makeToken({ ...claims, exp: 1 }, signingKey(daemon().folder)) })
  })
})

describe('where the operator wants no strangers', () => {
  const daemon = withDaemon({ settings: { 'accounts.registration': 'false', 'rooms.guests': 'false' } })

  test('Only the setup token registers, and nobody comes as a guest', async () => {
    const client = new Client(daemon())
    const mia = { email: 'mia@example.org', password, name: 'Mia' }
    await client.refused(403, 'forbidden', 'POST', '/api/auth/register', mia)
    await client.refused(403, 'forbidden', 'POST', '/api/auth/guest', { name: 'Mia' })
    const { user } = await Client.register(daemon(), { ...mia, setup: await daemon().setupToken() })
    assert.equal(user?.role, 'admin')
    const config = await client.call<{ registration: boolean; guests: boolean }>('GET', '/config')
    assert.deepEqual([config.registration, config.guests], [false, false])
  })
})

describe('rate limits', () => {
  const daemon = withDaemon({
    settings: {
      'http.trusted-proxies': '127.0.0.0/8',
      'limits.login-per-minute': '5',
      'limits.register-per-hour': '3',
      'limits.requests-per-second': '1',
      'limits.requests-burst': '40',
    },
  })
  const from = (address: string) => ({ 'x-forwarded-for': address })
  const post = (address: string, path: string, body: unknown) =>
    new Client(daemon()).request<{ error?: { code: string } }>('POST', path, body, from(address))

  test('Logins are counted per address, and others are not held up', async () => {
    const attempt = (address: string, email: string) => post(address, '/api/auth/login', { email, password })
    for (let n = 0; n < 5; n++) assert.equal((await attempt('192.0.2.1', `n${n}@example.org`)).status, 401)
    const refused = await attempt('192.0.2.1', 'n6@example.org')
    assert.deepEqual([refused.status, refused.body.error?.code], [429, 'rate_limited'])
    assert.ok(Number(refused.headers.get('retry-after')) > 0)
    assert.equal((await attempt('192.0.2.2', 'n6@example.org')).status, 401)
  })

  test('Logins are counted per account, wherever they come from and however it is spelt', async () => {
    const attempt = (n: number) => post(`192.0.2.${10 + n}`, '/api/auth/login', { email: n % 2 ? 'Victim@example.org' : 'victim@example.org', password })
    for (let n = 0; n < 5; n++) assert.equal((await attempt(n)).status, 401)
    assert.equal((await attempt(5)).status, 429)
  })

  test('Registrations are counted per address', async () => {
    const attempt = (n: number, address = '192.0.2.30') =>
      post(address, '/api/auth/register', { email: `r${n}@example.org`, password, name: `Reg ${n}` })
    for (let n = 0; n < 3; n++) assert.equal((await attempt(n)).status, 201)
    assert.equal((await attempt(3)).status, 429)
    assert.equal((await attempt(3, '192.0.2.31')).status, 201)
  })

  test('Requests are counted per address, and an IPv6 network counts as one', async () => {
    const ask = (address: string) => new Client(daemon()).request('GET', '/config', undefined, from(address))
    const answers = await Promise.all(Array.from({ length: 50 }, (_, n) => ask(`2001:db8::${n}`)))
    const refused = answers.filter(({ status }) => status === 429).length
    assert.ok(refused >= 5 && refused <= 10, `${refused} of 50 were refused`)
    assert.equal((await ask('2001:db8:1::1')).status, 200)
  })
})
