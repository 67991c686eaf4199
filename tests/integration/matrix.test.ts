// SPDX-License-Identifier: LGPL-2.1-or-later
/** Every route of the contract × everyone who might call it. A route without a row fails, and so does a row without route. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Message } from '../../src/web/protocol/contract.ts'
import { Client, type RoomConnection } from '../lib/client.ts'
import { Contract } from '../lib/contract.ts'
import { form, png, upload } from '../lib/pictures.ts'
import { withDaemon } from '../lib/stores.ts'

/** host: was made host of the room and is inside. */
const callers = ['nobody', 'guest', 'user', 'host', 'owner', 'moderator', 'admin'] as const
type Caller = (typeof callers)[number]

/** A room with its host inside, made anew for each request. */
interface Scene {
  room: string
  owner: Client
  host: RoomConnection
}

interface Request {
  body?: unknown
  headers?: Record<string, string>
  query?: string
  [parameter: string]: unknown
}

interface Row {
  expected: Record<Caller, number>
  /** What the request says; `room` fills itself in. */
  request?: (caller: Client, scene: Scene) => Request | Promise<Request>
}

const row = (expected: number[], request?: Row['request']): Row => ({
  expected: Object.fromEntries(callers.map((caller, index) => [caller, expected[index] ?? NaN])) as Record<Caller, number>,
  ...(request && { request }),
})

const nowhere = '01890000-0000-7000-8000-000000000000'
let serial = 0

/** Somebody who came into the scene's room. */
async function visitor({ room, owner }: Scene) {
  const seat = await (await Client.guest(owner.server)).join(room)
  visitors.push(seat)
  return seat
}
const visitors: RoomConnection[] = []

const offer: Request = {
  body: 'v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\n',
  headers: { 'content-type': 'application/sdp' },
}

/** A picture of the owner of the scene's room. */
async function pictureOf({ owner }: Scene): Promise<Request> {
  return { picture: (await upload(owner, form(png(4, 4)))).body.id, size: '320' }
}

/** A form as a page sends it, in text as far as it goes. */
const formText = async (): Promise<Request> => {
  const sent = new Response(form(png(4, 4)))
  return { headers: { 'content-type': sent.headers.get('content-type') ?? '' }, body: new Uint8Array(await sent.arrayBuffer()) }
}

/** A planned show of the scene's room. */
const withShow = (more: Request = {}) => async (_: Client, { owner, room }: Scene): Promise<Request> => {
  const { id } = await owner.call<{ id: string }>('POST', '/api/broadcasts', { title: 'Show', roomId: room })
  return { broadcast: id, ...more }
}
const withDestination = (more: Request = {}) => async (caller: Client, scene: Scene): Promise<Request> => {
  const { broadcast } = await withShow()(caller, scene)
  const body = { platform: 'custom', rtmpUrl: 'rtmp://127.0.0.1:1/live', streamKey: 'secret' }
  const { id } = await scene.owner.call<{ id: string }>('POST', `/api/broadcasts/${broadcast as string}/destinations`, body)
  return { broadcast, destination: id, ...more }
}
const withSavedScene = (more: Request = {}) => async (caller: Client, scene: Scene): Promise<Request> => {
  const { broadcast } = await withShow()(caller, scene)
  const saved = await scene.owner.call<{ id: string }>('POST', `/api/broadcasts/${broadcast as string}/scenes`, { name: 'Two', scene: {} })
  return { broadcast, scene: saved.id, ...more }
}

const forHosts = (success: number, guest = 403) => [401, guest, 403, success, success, success, success]

/*                             nobody guest user host owner moderator admin */
const rows: Record<string, Row> = {
  getHealth: row([200, 200, 200, 200, 200, 200, 200]),
  getConfig: row([200, 200, 200, 200, 200, 200, 200]),
  /* From this machine everybody may; a forwarded request is not from this machine. */
  getMetrics: row([401, 403, 403, 403, 403, 403, 200], () => ({ headers: { 'x-forwarded-for': '192.0.2.1' } })),
  getContract: row([200, 200, 200, 200, 200, 200, 200]),

  register: row([201, 201, 201, 201, 201, 201, 201], () => {
    const name = `Newcomer ${++serial}`
    return { body: { email: `newcomer${serial}@example.org`, password: 'correct horse', name } }
  }),
  login: row([200, 200, 200, 200, 200, 200, 200], (_, { owner }) => ({
    body: { email: owner.user?.email, password: 'correct horse' },
  })),
  guest: row([201, 201, 201, 201, 201, 201, 201], () => ({ body: { name: 'Passer-by' } })),
  refresh: row([401, 200, 200, 200, 200, 200, 200]),
  logout: row([204, 204, 204, 204, 204, 204, 204], () => ({ headers: { cookie: 'greenroom_refresh=unknown' } })),
  getMe: row([401, 200, 200, 200, 200, 200, 200]),
  updateMe: row([401, 403, 200, 200, 200, 200, 200], () => ({ body: { name: `Renamed ${++serial}` } })),
  listSessions: row([401, 200, 200, 200, 200, 200, 200]),
  revokeSession: row([401, 404, 404, 404, 404, 404, 404], () => ({ session: nowhere })),

  listUsers: row([401, 403, 403, 403, 403, 403, 200]),
  updateUser: row([401, 403, 403, 403, 403, 403, 200], (_, { owner }) => ({ user: owner.user?.id, body: { role: 'user' } })),

  listRooms: row([200, 200, 200, 200, 200, 200, 200]),
  createRoom: row([401, 403, 201, 201, 201, 201, 201], () => ({ body: { title: 'Another' } })),
  getRoom: row([403, 403, 403, 200, 200, 200, 200]),
  updateRoom: row(forHosts(200), () => ({ body: { title: 'Renamed' } })),
  deleteRoom: row(forHosts(204)),
  listInvites: row(forHosts(200)),
  createInvite: row(forHosts(201), () => ({ body: { uses: 3 } })),
  deleteInvite: row(forHosts(204), async (_, { owner, room }) => ({ code: (await owner.invite(room)).code })),
  getInvite: row([200, 200, 200, 200, 200, 200, 200], async (_, { owner, room }) => ({ code: (await owner.invite(room)).code })),
  listParticipants: row(forHosts(200)),
  updateParticipant: row(forHosts(200), async (_, scene) => ({
    participant: (await visitor(scene)).me,
    body: { stage: 'backstage' },
  })),
  removeParticipant: row(forHosts(204), async (_, scene) => ({ participant: (await visitor(scene)).me, query: '?ban=true' })),
  listBans: row(forHosts(200)),
  deleteBan: row(forHosts(204), async (_, scene) => {
    await scene.owner.remove(scene.room, (await visitor(scene)).me, true)
    const { items } = await scene.owner.call<{ items: { id: string }[] }>('GET', `/api/rooms/${scene.room}/bans`)
    return { ban: items[0]?.id }
  }),
  listMessages: row(forHosts(200), async (_, { host }) => {
    host.send({ type: 'chat-message', text: 'to be read' })
    await host.next('chat-message')
    return {}
  }),
  /* No hub runs here: whoever bears something gets as far as that. */
  startWhip: row([401, 503, 503, 503, 503, 503, 503], () => offer),
  startWhep: row([401, 503, 503, 503, 503, 503, 503], () => offer),
  stopWhip: row([404, 404, 404, 404, 404, 404, 404], () => ({ visit: 'ended-long-ago-by-somebody' })),
  stopWhep: row([404, 404, 404, 404, 404, 404, 404], () => ({ visit: 'ended-long-ago-by-somebody' })),
  uploadPicture: row([401, 403, 201, 201, 201, 201, 201], formText),
  listPictures: row([401, 403, 200, 200, 200, 200, 200]),
  getPicture: row([200, 200, 200, 200, 200, 200, 200], (_, scene) => pictureOf(scene)),
  getPictureFile: row([200, 200, 200, 200, 200, 200, 200], (_, scene) => pictureOf(scene)),
  deletePicture: row([401, 403, 403, 403, 204, 204, 204], (_, scene) => pictureOf(scene)),
  listBroadcasts: row([200, 200, 200, 200, 200, 200, 200]),
  createBroadcast: row(forHosts(201), (_, { room }) => ({ body: { title: 'Show', roomId: room } })),
  getBroadcast: row([200, 200, 200, 200, 200, 200, 200], withShow()),
  updateBroadcast: row(forHosts(200), withShow({ body: { title: 'Another' } })),
  deleteBroadcast: row(forHosts(204), withShow()),
  /* Nothing makes shows here: hosts get as far as that; tests/integration/studio.test.ts gets further. */
  startBroadcast: row(forHosts(503), withShow({ body: {} })),
  endBroadcast: row(forHosts(409), withShow()),
  getBroadcastStatistics: row(forHosts(409), withShow()),
  getScene: row(forHosts(200), withShow()),
  updateScene: row(forHosts(200), withShow({ body: { layout: 'solo' } })),
  getBrand: row(forHosts(200), withShow()),
  setBrand: row(forHosts(200), withShow({ body: { revision: 0, brand: { banners: [], pictures: [] } } })),
  listScenes: row(forHosts(200), withShow()),
  saveScene: row(forHosts(201), withShow({ body: { name: 'Two', scene: {} } })),
  replaceScene: row(forHosts(200), withSavedScene({ body: { name: 'Three', scene: {} } })),
  deleteScene: row(forHosts(204), withSavedScene()),
  listDestinations: row(forHosts(200), withShow()),
  addDestination: row(forHosts(201), withShow({ body: { platform: 'twitch', streamKey: 'secret' } })),
  updateDestination: row(forHosts(200), withDestination({ body: { enabled: false } })),
  removeDestination: row(forHosts(204), withDestination()),
  testDestination: row(forHosts(503), withDestination()),
  listBroadcastRecordings: row(forHosts(200), withShow()),
  startRecording: row(forHosts(409), withShow({ body: {} })),
  listRecordings: row([401, 403, 200, 200, 200, 200, 200]),
  /* Whose a recording is: tests/integration/studio.test.ts. */
  getRecording: row([401, 404, 404, 404, 404, 404, 404], () => ({ recording: nowhere })),
  deleteRecording: row([401, 404, 404, 404, 404, 404, 404], () => ({ recording: nowhere })),
  stopRecording: row([401, 404, 404, 404, 404, 404, 404], () => ({ recording: nowhere })),
  downloadRecording: row([401, 404, 404, 404, 404, 404, 404], () => ({ recording: nowhere })),

  deleteMessage: row(forHosts(204), async (_, { host, owner, room }) => {
    host.send({ type: 'chat-message', text: 'to be taken away' })
    await host.next('chat-message')
    const { items } = await owner.call<{ items: Message[] }>('GET', `/api/rooms/${room}/messages`)
    return { message: items[0]?.id }
  }),
}

describe('routes and callers', () => {
  const daemon = withDaemon({ settings: { 'outputs.allow-private': 'true' } })
  let contract: Contract
  let people: Record<Caller, Client>

  before(async () => {
    contract = await Contract.read(daemon().url)
    const admin = await Client.register(daemon(), { setup: await daemon().setupToken() })
    const [user, host, owner, moderator] = await Promise.all([0, 1, 2, 3].map(() => Client.register(daemon())))
    assert.ok(user && host && owner && moderator)
    await admin.call('PATCH', `/api/users/${moderator.user?.id}`, { role: 'moderator' })
    people = { nobody: new Client(daemon()), guest: await Client.guest(daemon()), user, host, owner, moderator, admin }
  })
  after(() => Promise.all(visitors.map((seat) => seat.leave())))

  async function scene(): Promise<Scene> {
    /* Private, so that even reading it takes a right; the invite is for the host and for visitors. */
    const { id: room } = await people.owner.createRoom({ visibility: 'private' })
    const { code } = await people.owner.invite(room, { role: 'host' })
    const host = await people.host.join(room, { invite: code })
    await people.owner.updateRoom(room, { visibility: 'unlisted' })
    return { room, owner: people.owner, host }
  }

  /** A copy, so that the cookies of one answer are not those of the next request. */
  const copy = ({ server, token, cookies }: Client) => Object.assign(new Client(server), { token, cookies: new Map(cookies) })

  async function send(name: string, caller: Client, stage: Scene, request: Request) {
    const { method, path } = contract.route(name)
    const { body, headers, query = '', ...parameters } = { ...request, room: stage.room }
    const filled = path.replace(/\{(\w+)\}/g, (_, parameter: string) => String((parameters as Request)[parameter]))
    assert.doesNotMatch(filled, /undefined/, 'every parameter of the path is filled in')
    return caller.request(method, filled + query, body, headers)
  }

  test('Every route of the contract has a row here, and every row a route', () => {
    assert.deepEqual(Object.keys(rows).sort(), contract.routes.map(({ name }) => name).sort())
  })

  for (const [name, { expected, request }] of Object.entries(rows)) {
    test(`${name} answers each caller as it should, in the words of the contract`, async () => {
      const statuses: Partial<Record<Caller, number>> = {}
      for (const caller of callers) {
        const stage = await scene()
        const filled = (await request?.(people[caller], stage)) ?? {}
        if (name === 'getRoom') await people.owner.updateRoom(stage.room, { visibility: 'private' })
        const answer = await send(name, copy(people[caller]), stage, filled)
        contract.check(name, answer)
        statuses[caller] = answer.status
        await stage.host.leave()
      }
      assert.deepEqual(statuses, expected)
    })
  }

  test('The figures are for the operator: this machine needs no token', async () => {
    assert.equal((await people.nobody.request('GET', '/metrics')).status, 200)
  })

  test('What is not in the contract is not found, and another method is not allowed', async () => {
    await people.admin.refused(404, 'not_found', 'GET', '/api/nothing')
    await people.admin.refused(404, 'not_found', 'POST', '/api/rooms/one/two/three')
    await people.admin.refused(405, 'method_not_allowed', 'PUT', '/api/rooms')
  })
})
