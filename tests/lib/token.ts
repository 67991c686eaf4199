// SPDX-License-Identifier: LGPL-2.1-or-later
/** Access tokens as nobody should be able to make them, and, with the daemon's own key, as it makes them itself. */
import { createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

type Claims = Record<string, unknown>

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

export const claimsOf = (token: string) =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')) as Claims

export const signingKey = (dataFolder: string) => readFileSync(join(dataFolder, 'access.key'))

export function makeToken(claims: Claims, key: Uint8Array | null, header: Claims = { alg: 'HS256', typ: 'JWT' }): string {
  const text = `${encode(header)}.${encode(claims)}`
  return `${text}.${key === null ? '' : createHmac('sha256', key).update(text).digest('base64url')}`
}
