// SPDX-License-Identifier: LGPL-2.1-or-later
/** What no honest client does: each gets a clear error, and people in another room keep chatting. */
import assert from 'node:assert/strict'
import { describe, test, type TestContext } from 'node:test'
import type { ErrorDetail } from '../../src/web/protocol/contract.ts'
import { withBystanders } from '../lib/bystanders.ts'
import { Client, RoomConnection } from '../lib/client.ts'
import { eventually } from '../lib/deadline.ts'
import { RawSocket, frame } from '../lib/raw.ts'
import { withDaemon } from '../lib/stores.ts'

const CONTINUATION = 0
const TEXT = 1
const BINARY = 2
const CLOSE = 8
const PING = 9

/** The status and the error of a raw answer. */
function parse(answer: string): { status: number; error?: ErrorDetail } {
  const [head = '', body = ''] = answer.split('\r\n\r\n')
  const error = body.startsWith('{') ? (JSON.parse(body) as { error: ErrorDetail }).error : undefined
  return { status: Number(head.split(' ')[1]), ...(error && { error }) }
}

/** That the server says @code with @status to what is sent, and then closes. */
async function refusedRaw(port: number, bytes: string, status: number, code: string) {
  const raw = await RawSocket.open(port)
  raw.send(bytes)
  const { status: answered, error } = parse(await raw.untilClosed())
  assert.deepEqual([answered, error?.code], [status, code])
  assert.ok(error?.message)
}

/** That the server closes a WebSocket with @code. */
async function closedWith(code: number, raw: RawSocket) {
  for (;;) {
    const next = await raw.frame()
    assert.ok(next, 'a close frame comes before the end')
    if (next.opcode !== CLOSE) continue
    assert.equal(next.payload.readUInt16BE(0), code, next.payload.toString('utf8', 2))
    assert.ok(next.payload.length > 2, 'the close says why')
    raw.destroy()
    return
  }
}

describe('abuse', () => {
  const { daemon, chat } = withBystanders({ settings: { 'http.request-timeout': '2', 'rooms.resume-seconds': '1' } })
  const post = (head: string, body = '') =>
    `POST /api/auth/guest HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n${head}\r\n\r\n${body}`

  /** A bad thing, during and after which others are undisturbed. */
  const abuse = (title: string, act: (context: TestContext) => Promise<void>) =>
    test(title, async (context) => {
      await act(context)
      await chat()
    })

  const notJson: Record<string, string | Uint8Array> = {
    'nothing': '',
    'half an object': '{"name":"x"',
    'two values': '{"name":"x"} {}',
    'single quotes': "{'name':'x'}",
    'a comment': '{"name":"x"/*y*/}',
    'a trailing comma': '{"name":"x",}',
    'a bare word': 'name',
    'a duplicate key': '{"name":"x","name":"y"}',
    'a duplicate key, escaped': '{"name":"x","n\\u0061me":"y"}',
    'a lone surrogate': '{"name":"\\ud800"}',
    'surrogates the wrong way round': '{"name":"\\udc00\\ud800"}',
    'a NUL': '{"name":"x\\u0000y"}',
    'a control character': '{"name":"x\ny"}',
    'a number out of range': '{"name":1e999}',
    'a number in hex': '{"name":0x10}',
    'bad UTF-8': Buffer.from('7b226e616d65223a22ff227d', 'hex'),
    'brackets without end': '['.repeat(60_000),
    'objects without end': '{"a":'.repeat(12_000),
  }

  abuse('What is not JSON is refused as such, and so is JSON nested too deep', async () => {
    const client = new Client(daemon())
    for (const [kind, body] of Object.entries(notJson)) {
      const answer = await client.request<{ error?: ErrorDetail }>('POST', '/api/auth/guest', body)
      assert.deepEqual([answer.status, answer.body.error?.code], [400, 'malformed'], kind)
    }
  })

  abuse('What is not JSON on a WebSocket is an error, and the socket stays', async () => {
    const seat = await (await Client.guest(daemon())).connect()
    for (const [kind, text] of Object.entries(notJson).slice(0, 15)) {
      if (typeof text !== 'string') continue
      seat.sendText(text)
      assert.equal((await seat.next('error')).error.code, 'malformed', kind)
    }
    await seat.drop()
  })

  abuse('JSON under another name is refused', async () => {
    const { status, body } = await new Client(daemon()).request<{ error: ErrorDetail }>(
      'POST', '/api/auth/guest', '{"name":"x"}', { 'content-type': 'text/plain' },
    )
    assert.deepEqual([status, body.error.code], [415, 'unsupported_media_type'])
  })

  abuse('An oversized body is refused by its announcement, before it is read', async () => {
    await refusedRaw(daemon().port, post('Content-Length: 300000000', 'x'.repeat(1000)), 413, 'too_large')
    const before = daemon().figures()
    const client = new Client(daemon())
    await client.request('POST', '/api/auth/guest', 'x'.repeat(64 * 1024))
    await refusedRaw(daemon().port, post('Content-Length: 2000000', 'x'.repeat(2_000_000)), 413, 'too_large')
    daemon().assertGrewLess(2_000, before, 'the body is not kept')
  })

  abuse('A body in chunks, of unknown length, is refused', () =>
    refusedRaw(daemon().port, post('Transfer-Encoding: chunked', '3\r\n{} \r\n'), 411, 'length_required'))

  abuse('Headers too long or too many are refused', async () => {
    await refusedRaw(daemon().port, `GET / HTTP/1.1\r\nHost: x\r\nX-Long: ${'x'.repeat(20_000)}\r\n\r\n`, 431, 'headers_too_large')
    await refusedRaw(daemon().port, `GET / HTTP/1.1\r\nHost: x\r\n${'X-Many: y\r\n'.repeat(200)}\r\n`, 431, 'headers_too_large')
    await refusedRaw(daemon().port, `GET /${'x'.repeat(20_000)}`, 431, 'headers_too_large')
  })

  abuse('What is not HTTP is refused', async () => {
    await refusedRaw(daemon().port, '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n', 400, 'malformed')
    await refusedRaw(daemon().port, post('Content-Length: 2\r\nContent-Length: 3', '{}'), 400, 'malformed')
    await refusedRaw(daemon().port, post('Content-Length: 2\r\nTransfer-Encoding: chunked', '{}'), 411, 'length_required')
  })

  abuse('A body that does not come is waited for no longer than a request may take', () =>
    refusedRaw(daemon().port, post('Content-Length: 100', '{"na'), 408, 'timeout'))

  abuse('A message too large closes the WebSocket', async () => {
    const raw = await RawSocket.upgraded(daemon().port)
    raw.send(frame('x'.repeat(144 * 1024 + 1)))
    await closedWith(1009, raw)
  })

  abuse('Fragments that never end are bounded, and fill no memory', async () => {
    const before = daemon().figures()
    const sockets = await Promise.all(Array.from({ length: 20 }, () => RawSocket.upgraded(daemon().port)))
    for (const raw of sockets) {
      raw.send(frame('x'.repeat(1000), { opcode: TEXT, fin: false }))
      for (let n = 0; n < 150; n++) raw.send(frame('x'.repeat(1000), { opcode: CONTINUATION, fin: false }))
    }
    await Promise.all(sockets.map((raw) => closedWith(1009, raw)))
    daemon().assertGrewLess(4_000, before, 'the fragments are not kept')
  })

  abuse('A frame without a mask, of an unknown kind or out of order breaks the protocol', async () => {
    const broken = [
      frame('{"type":"leave"}', { mask: false }),
      frame('x', { opcode: 3 }),
      frame('x', { opcode: CONTINUATION }),
      frame('x'.repeat(126), { opcode: PING }),
      frame('x', { opcode: PING, fin: false }),
    ]
    for (const bytes of broken) {
      const raw = await RawSocket.upgraded(daemon().port)
      raw.send(bytes)
      await closedWith(1002, raw)
    }
  })

  abuse('Text that is no UTF-8 closes the WebSocket, and so do bytes that are no text', async () => {
    const raw = await RawSocket.upgraded(daemon().port)
    raw.send(frame(Buffer.from([0x22, 0xc3, 0x28, 0x22])))
    await closedWith(1007, raw)
    const binary = await RawSocket.upgraded(daemon().port)
    binary.send(frame('{}', { opcode: BINARY }))
    await closedWith(1003, binary)
  })

  abuse('A flood of frames closes the WebSocket', async () => {
    const raw = await RawSocket.upgraded(daemon().port)
    const ping = frame('', { opcode: PING })
    raw.send(Buffer.concat(Array.from({ length: 3_000 }, () => ping)))
    await closedWith(1008, raw)
  })

  abuse('Somebody who stops reading is dropped, while the room goes on and the memory stays', async () => {
    const host = await Client.register(daemon())
    const { id: room } = await host.createRoom()
    const owner = await host.join(room)
    const raw = await RawSocket.upgraded(daemon().port)
    raw.send(frame(JSON.stringify({ type: 'join', room, name: 'Stalled' })))
    const { participant } = await owner.next('participant-joined')
    raw.stall()
    const before = daemon().figures()
    const offer = { type: 'offer', to: participant.id, sdp: 'x'.repeat(130_000) } as const
    /* More than the kernel holds, and as much as a client may send at once. */
    for (let n = 0; n < 110; n++) owner.send(offer)
    const { reason } = await owner.next('participant-left', undefined, 20_000)
    assert.equal(reason, 'lost')
    daemon().assertGrewLess(8_000, before, 'what is not read is not kept')
    raw.destroy()
    await owner.leave()
  })

  abuse('A page of another origin gets nowhere', async () => {
    const client = await Client.guest(daemon())
    const foreign = { origin: 'https://evil.example' }
    for (const method of ['POST', 'OPTIONS', 'DELETE']) {
      const { status, headers, body } = await client.request<{ error?: ErrorDetail }>(method, '/api/auth/logout', undefined, foreign)
      assert.deepEqual([status, body.error?.code], [403, 'origin_forbidden'], method)
      assert.equal(headers.get('access-control-allow-origin'), null)
    }
    const read = await client.request('GET', '/api/auth/me', undefined, foreign)
    assert.equal(read.headers.get('access-control-allow-origin'), null, 'the browser shows it nothing')
    for (const origin of ['https://evil.example', 'null', `http://127.0.0.1:${daemon().port}.evil.example`]) {
      await assert.rejects(RawSocket.upgraded(daemon().port, '/ws', { Origin: origin }), /403/)
    }
    ;(await RawSocket.upgraded(daemon().port, '/ws', { Origin: daemon().url })).destroy()
  })

  abuse('Unknown messages, and messages before joining, are errors that name themselves', async () => {
    const client = await Client.guest(daemon())
    const seat = await client.connect()
    const say = async (message: unknown) => {
      seat.sendText(JSON.stringify(message))
      const { error, to } = await seat.next('error')
      return [error.code, error.field, to]
    }
    assert.deepEqual(await say({ type: 'dance' }), ['invalid_input', 'type', undefined])
    assert.deepEqual(await say({}), ['invalid_input', 'type', undefined])
    assert.deepEqual(await say(['join']), ['invalid_input', 'type', undefined])
    assert.deepEqual(await say({ type: 'join' }), ['invalid_input', 'room', 'join'])
    assert.deepEqual(await say({ type: 'join', room: 'some-room', shoe: 43 }), ['invalid_input', 'shoe', 'join'])
    assert.deepEqual(await say({ type: 'chat-message', text: 'hi' }), ['conflict', undefined, 'chat-message'])
    assert.deepEqual(await say({ type: 'leave' }), ['conflict', undefined, 'leave'])
    await seat.drop()
  })

  abuse('Twenty mistakes close the socket', async () => {
    const seat = await (await Client.guest(daemon())).connect()
    for (let n = 0; n < 20; n++) seat.sendText('{"type":"nonsense"}')
    assert.equal((await seat.untilClosed()).code, 1008)
    assert.equal(seat.take().length, 20, 'each is answered')
  })

  abuse('Of more passwords than can be looked at the rest are asked to come back, and nothing else waits for them', async () => {
    const { user } = await Client.register(daemon())
    const login = { email: user?.email, password: 'correct horse' }
    const answers = Array.from({ length: 150 }, () =>
      new Client(daemon()).request<{ error?: ErrorDetail }>('POST', '/api/auth/login', login),
    )
    const reader = new Client(daemon())
    await reader.call('GET', '/api/rooms')
    await chat()
    const refused = (await Promise.all(answers)).filter(({ status }) => status !== 200)
    assert.ok(refused.length > 0 && refused.length < 150, `${refused.length} of 150 refused`)
    for (const { status, body, headers } of refused) {
      assert.deepEqual([status, body.error?.code], [503, 'busy'])
      assert.ok(Number(headers.get('retry-after')) > 0)
    }
  })

  describe('in its own time', { concurrency: true }, () => {
    abuse('Headers sent by halves are waited for ten seconds', async () => {
      await refusedRaw(daemon().port, 'GET /config HTTP/1.1\r\nHost: loc', 408, 'timeout')
    })

    abuse('A WebSocket that never joins is closed', async () => {
      const raw = await RawSocket.upgraded(daemon().port)
      assert.equal((await raw.frame(15_000))?.payload.readUInt16BE(0), 1008)
      raw.destroy()
    })
  })

  test('All this leaves no descriptor behind', async () => {
    await eventually('the connections are gone', () => daemon().figures().descriptors < 60, 5_000)
  })
})

describe('limits per address', () => {
  const { daemon, chat } = withBystanders({
    settings: { 'limits.joins-per-second': '20', 'http.connections-per-address': '300', 'http.trusted-proxies': '127.0.0.0/30' },
  })

  test('Of two hundred joins a second from one address the most are refused, and others come in', async () => {
    const host = await Client.register(daemon())
    const { id: room } = await host.createRoom({ capacity: 500 })
    const join = async (address: string, name: string) => {
      const connection = await RoomConnection.open(daemon().socketUrl, null, { 'x-forwarded-for': address })
      connection.send({ type: 'join', room, name })
      return connection
    }
    const crowd = await Promise.all(Array.from({ length: 200 }, (_, n) => join('192.0.2.1', `Crowd ${n}`)))
    const other = await join('192.0.2.2', 'Somebody else')
    await other.next('joined', undefined, 3_000)
    const outcomes = await Promise.all(
      crowd.map(async (connection) => {
        await eventually('an answer', () => connection.closed !== null || connection.has('joined'))
        return connection.take().find(({ type }) => type === 'joined' || type === 'error')
      }),
    )
    const refused = outcomes.flatMap((outcome) => (outcome?.type === 'error' ? [outcome.error] : []))
    assert.ok(refused.length >= 120 && refused.length < 200, `${refused.length} of 200 refused`)
    for (const { code, message } of refused) {
      assert.equal(code, 'rate_limited')
      assert.match(message, /try again in \d+ seconds/)
    }
    await chat()
    await Promise.all([...crowd, other].map((connection) => connection.leave()))
  })

  test('One address has so many connections and no more; others are served', async () => {
    const open = () => RawSocket.open(daemon().port, '127.0.0.1', '127.0.0.9')
    const sockets = await Promise.all(Array.from({ length: 300 }, open))
    await eventually('all are accepted', () => daemon().figures().descriptors > 300)
    const [late] = [await open()]
    const { status, error } = parse(await late.untilClosed())
    assert.deepEqual([status, error?.code], [429, 'rate_limited'])
    await new Client(daemon()).call('GET', '/config')
    await chat()
    sockets.forEach((raw) => raw.destroy())
    await eventually('there is room again', async () => {
      const raw = await open()
      raw.send('GET /config HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')
      return parse(await raw.untilClosed()).status === 200
    })
  })
})

describe('a client hosted elsewhere', () => {
  const origin = 'https://app.example.org'
  const daemon = withDaemon({ settings: { 'http.allowed-origins': origin, 'http.trusted-proxies': '127.0.0.1' } })

  test('An allowed origin may ask, preflight and connect', async () => {
    const client = new Client(daemon())
    const preflight = await client.request('OPTIONS', '/api/rooms', undefined, {
      origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization,content-type',
    })
    assert.equal(preflight.status, 204)
    for (const [name, value] of Object.entries({
      'access-control-allow-origin': origin,
      'access-control-allow-credentials': 'true',
      'access-control-allow-methods': /POST.*PATCH.*DELETE/,
      'access-control-allow-headers': /Authorization.*Content-Type/,
      'vary': /Origin/,
    })) {
      assert.match(preflight.headers.get(name) ?? '', value instanceof RegExp ? value : new RegExp(`^${value}$`), name)
    }
    const guest = await client.request('POST', '/api/auth/guest', { name: 'Far' }, { origin })
    assert.deepEqual([guest.status, guest.headers.get('access-control-allow-origin')], [201, origin])
    const refused = await client.request('GET', '/api/auth/me', undefined, { origin })
    assert.deepEqual([refused.status, refused.headers.get('access-control-allow-origin')], [401, origin], 'errors are readable too')
    ;(await RawSocket.upgraded(daemon().port, '/ws', { Origin: origin })).destroy()
    await assert.rejects(RawSocket.upgraded(daemon().port, '/ws', { Origin: 'https://other.example.org' }), /403/)
  })

  test('Over TLS its refresh cookie goes with requests of its site too, and with those of no other', async () => {
    const cookie = async (headers: Record<string, string>) => {
      const answer = await new Client(daemon()).request('POST', '/api/auth/guest', { name: 'Far' }, { 'x-forwarded-proto': 'https', ...headers })
      return answer.headers.getSetCookie()[0] ?? ''
    }
    assert.match(await cookie({ origin }), /HttpOnly; SameSite=None; Secure$/)
    assert.match(await cookie({}), /HttpOnly; SameSite=Lax; Secure$/)
    assert.match(await cookie({ 'origin': daemon().url }), /HttpOnly; SameSite=Lax; Secure$/)
  })
})
