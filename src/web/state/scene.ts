/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Scenes as values: merge patches and what takes them back, and who is seen. Pure. */
import type { ParticipantView, Scene, ScenePatch, SceneSource } from './types'

type Members = Record<string, unknown>

const isObject = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** RFC 7396. */
function merge(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch
  const result: Members = isObject(target) ? { ...target } : {}
  for (const [name, value] of Object.entries(patch)) result[name] = value === null ? null : merge(result[name], value)
  return result
}

export const applyPatch = (scene: Scene, patch: ScenePatch): Scene => merge(scene, patch) as Scene

/** What puts every member that the patch touches back to how it was. */
export function inverseOf(scene: Scene, patch: ScenePatch): ScenePatch {
  const members = scene as unknown as Members
  return Object.fromEntries(Object.keys(patch).map((name) => [name, members[name]])) as ScenePatch
}

/** Everything a scene says, as a patch that makes any other scene look like it. */
export const patchOf = (scene: Scene): ScenePatch => ({ ...scene })

export const sameSource = (one: Pick<SceneSource, 'participantId' | 'kind'>, other: typeof one): boolean =>
  one.participantId === other.participantId && one.kind === other.kind

/** What can be seen of whom is on stage: screens first, as the server orders them where nobody says otherwise. */
export function sourcesOnStage(people: readonly ParticipantView[]): SceneSource[] {
  const onStage = people.filter(({ stage, role }) => stage === 'stage' && role !== 'viewer')
  return [
    ...onStage.filter(({ screen }) => screen).map(({ id }): SceneSource => ({ participantId: id, kind: 'screen' })),
    ...onStage.map(({ id }): SceneSource => ({ participantId: id, kind: 'camera' })),
  ]
}

export interface SeenSource extends SceneSource {
  /** Whether it is in the picture at all. */
  seen: boolean
}

/** Everything on stage: what is seen in its order, then what is not. */
export function arrange(order: readonly SceneSource[], people: readonly ParticipantView[]): SeenSource[] {
  const all = sourcesOnStage(people)
  if (order.length === 0) return all.map((source) => ({ ...source, seen: true }))
  const listed = order.filter((source) => all.some((other) => sameSource(source, other)))
  const rest = all.filter((source) => !listed.some((other) => sameSource(source, other)))
  return [...listed.map((source) => ({ ...source, seen: true })), ...rest.map((source) => ({ ...source, seen: false }))]
}

const plain = ({ participantId, kind, fit }: SceneSource): SceneSource =>
  fit === undefined ? { participantId, kind } : { participantId, kind, fit }

/** The order with a source moved to a place among those that are seen; it is seen from then on. */
export function moveTo(all: readonly SeenSource[], source: SceneSource, place: number): SceneSource[] {
  const moved = all.find((other) => sameSource(other, source)) ?? source
  const seen = all.filter((other) => other.seen && !sameSource(other, source))
  const index = Math.max(0, Math.min(place, seen.length))
  return [...seen.slice(0, index), moved, ...seen.slice(index)].map(plain)
}

export const withoutSource = (all: readonly SeenSource[], source: SceneSource): SceneSource[] =>
  all.filter((other) => other.seen && !sameSource(other, source)).map(plain)

export const withFit = (all: readonly SeenSource[], source: SceneSource, fit: 'crop' | 'fit'): SceneSource[] =>
  all.filter(({ seen }) => seen).map((other) => plain(sameSource(other, source) ? { ...other, fit } : other))
