// SPDX-License-Identifier: LGPL-2.1-or-later
/** The line between the browsers and the daemon: it can be cut, stay dead for a while, and lead to another daemon. Media goes
 * from browser to browser and never passes here. */
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'

export class Line {
  /** Where it leads. */
  target: number
  private readonly server: Server
  private readonly sockets = new Set<Socket>()
  private dead = false

  private constructor(server: Server, target: number) {
    this.server = server
    this.target = target
    server.on('connection', (near) => this.join(near))
  }

  static open(target: number): Promise<Line> {
    const server = createServer()
    const line = new Line(server, target)
    return new Promise((resolve, reject) => {
      server.once('error', reject)
      server.listen(0, '127.0.0.1', () => resolve(line))
    })
  }

  get url() {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`
  }

  /** Tears down every connection, and refuses new ones until `mend`. */
  cut() {
    this.dead = true
    for (const socket of this.sockets) socket.destroy()
  }

  mend() {
    this.dead = false
  }

  close() {
    this.cut()
    this.server.close()
  }

  private join(near: Socket) {
    if (this.dead) return void near.destroy()
    const far = connect(this.target, '127.0.0.1')
    for (const [socket, other] of [[near, far], [far, near]] as const) {
      this.sockets.add(socket)
      socket.setNoDelay(true)
      socket.on('error', () => other.destroy())
      socket.on('close', () => {
        this.sockets.delete(socket)
        other.destroy()
      })
    }
    near.pipe(far).pipe(near)
  }
}
