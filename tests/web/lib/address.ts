// SPDX-License-Identifier: LGPL-2.1-or-later
import { networkInterfaces } from 'node:os'

/** Where others find this machine, if it has such an address. A browser sends from there, and Firefox nowhere else. */
export function outsideAddress(): string {
  const mine = Object.values(networkInterfaces()).flat().find((address) => address?.family === 'IPv4' && !address.internal)
  return mine?.address ?? '127.0.0.2'
}
