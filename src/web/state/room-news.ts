/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the server says in the room that this person is in, for view models beside the room's own. */
import type { ServerMessage } from '../protocol/contract'

type Listener = (message: ServerMessage) => void

const listeners = new Set<Listener>()

export function tellListeners(message: ServerMessage): void {
  for (const listener of listeners) listener(message)
}

/** Answers how to stop. */
export function listenToRoom(listener: Listener): () => void {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}
