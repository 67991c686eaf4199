// SPDX-License-Identifier: LGPL-2.1-or-later
/** The peer of the server's benchmark: what a small team would write on Node with the `ws` package. It answers one JSON
 * text over HTTP and passes chat around rooms, stores nothing, checks nothing. Prints its port. */
import { createServer } from 'node:http'
import { WebSocketServer } from 'ws'

const body = process.env.PEER_BODY ?? '{}'
const rooms = new Map()
const server = createServer((request, response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) })
  response.end(body)
})

new WebSocketServer({ server }).on('connection', (socket) => {
  let room
  socket.on('message', (bytes) => {
    const message = JSON.parse(bytes.toString())
    if (message.type === 'join') {
      room = rooms.get(message.room) ?? new Set()
      rooms.set(message.room, room.add(socket))
      socket.send(JSON.stringify({ type: 'joined', me: 'x' }))
    } else if (message.type === 'chat-message') {
      const text = JSON.stringify({ type: 'chat-message', message: { name: 'Somebody', text: message.text } })
      for (const other of room) other.send(text)
    }
  })
  socket.on('close', () => room?.delete(socket))
})

server.listen(0, '127.0.0.1', () => console.log(server.address().port))
