// SPDX-License-Identifier: LGPL-2.1-or-later
/** The contract as the daemon serves it, and whether an answer keeps it. */
import assert from 'node:assert/strict'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import type { Answer } from './client.ts'

type Json = Record<string, unknown>

const base = 'https://contract.example/'
const families = join(import.meta.dirname, '../../schemas/ws')

/** A family of messages, as in schemas/ws. */
interface Family extends Json {
  '$id': string
  'x-server': string[]
  '$defs': Record<string, Json>
}

interface Operation {
  operationId: string
  responses: Record<string, Json>
}

interface OpenApi {
  paths: Record<string, Record<string, Operation>>
}

export interface Route {
  name: string
  method: string
  path: string
}

export class Contract {
  readonly routes: Route[] = []
  private readonly messages = new Map<string, string>()
  private readonly ajv = new Ajv2020({ strict: false, allErrors: true })
  private readonly operations = new Map<string, { operation: Operation; pointer: string }>()
  private readonly document: OpenApi

  constructor(document: OpenApi) {
    this.document = document
    formats.default(this.ajv)
    this.ajv.addSchema(document, `${base}openapi.yaml`)
    this.addFamilies()
    for (const [path, methods] of Object.entries(document.paths)) {
      for (const [method, operation] of Object.entries(methods)) {
        const pointer = `#/paths/${path.replaceAll('~', '~0').replaceAll('/', '~1')}/${method}/responses`
        this.routes.push({ name: operation.operationId, method: method.toUpperCase(), path })
        this.operations.set(operation.operationId, { operation, pointer })
      }
    }
  }

  static read = async (url: string) => new Contract((await (await fetch(`${url}/api/openapi.json`)).json()) as OpenApi)

  route(name: string): Route {
    const route = this.routes.find((one) => one.name === name)
    assert.ok(route, `the contract has ${name}`)
    return route
  }

  /** That @answer is one that the contract promises for the operation: its status, its media type, its body. */
  check(name: string, answer: Answer) {
    const found = this.operations.get(name)
    assert.ok(found, `the contract has ${name}`)
    const key = [String(answer.status), 'default'].find((status) => status in found.operation.responses)
    assert.ok(key, `${name} answered ${answer.status}, of which the contract knows nothing`)

    const content = (this.resolve(found.operation.responses[key] as Json).content ?? {}) as Json
    const type = (answer.headers.get('content-type') ?? '').split(';')[0] ?? ''
    assert.deepEqual([type], Object.keys(content).length === 0 ? [''] : Object.keys(content), `the media type of ${name}`)
    const schema = (content[type] as Json | undefined)?.schema as Json | undefined
    if (type !== 'application/json' || schema === undefined) return

    const pointer = typeof schema.$ref === 'string' ? { $ref: `${base}openapi.yaml${schema.$ref}` } : schema
    const validate: ValidateFunction = this.ajv.compile(pointer)
    assert.ok(validate(answer.body), `${name} ${answer.status}: ${this.ajv.errorsText(validate.errors)}\n${JSON.stringify(answer.body)}`)
  }

  /** The types of all messages that the server may send. */
  get serverMessages() {
    return [...this.messages.keys()].sort()
  }

  /** That @message is one that the server may send, as its schema says; gives its type. */
  checkMessage(message: unknown): string {
    const { type } = message as { type: string }
    const $ref = this.messages.get(type)
    assert.ok($ref, `the contract has the message ${type}`)
    const validate: ValidateFunction = this.ajv.compile({ $ref })
    assert.ok(validate(message), `${type}: ${this.ajv.errorsText(validate.errors)}\n${JSON.stringify(message)}`)
    return type
  }

  private addFamilies() {
    for (const file of readdirSync(families)) {
      const family = JSON.parse(readFileSync(join(families, file), 'utf8')) as Family
      this.ajv.addSchema({ ...family, $id: `${base}ws/${file}` })
      for (const type of family['x-server']) {
        /* Where both sides have a message of that name, the server's has a definition of its own. */
        const name = `server:${type}` in family.$defs ? `server:${type}` : type
        this.messages.set(type, `${base}ws/${file}#/$defs/${name}`)
      }
    }
  }

  private resolve(value: Json): Json {
    if (typeof value.$ref !== 'string') return value
    return value.$ref.split('/').slice(1).reduce<Json>((node, key) => node[key] as Json, this.document as unknown as Json)
  }
}
