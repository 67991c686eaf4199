/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The scene as the page shows it: what the server has, and on top what it was asked for and has not answered yet. Changes
   travel one after the other, so that the last one wins; each can be taken back. Owned by the studio's view model. */
import type * as Contract from '../protocol/contract'
import { attempt } from './outcome'
import { applyPatch, inverseOf } from './scene'
import type { Outcome, Scene, ScenePatch } from './types'

const kept = 50

export class SceneChanges {
  private server: Contract.Scene | null = null
  private pending: ScenePatch[] = []
  private past: ScenePatch[] = []
  private line: Promise<unknown> = Promise.resolve()

  constructor(
    private readonly send: (patch: ScenePatch) => Promise<Contract.Scene>,
    private readonly changed: (scene: Scene | null, canUndo: boolean) => void,
  ) {}

  /** From the server, by answer or by message; one that is older than what is known says nothing. */
  receive(scene: Contract.Scene): void {
    if (this.server !== null && scene.revision < this.server.revision) return
    this.server = scene
    this.publish()
  }

  /** The same after an absence, however the server counts now; what was done here can still be undone. */
  resume(scene: Contract.Scene): void {
    this.server = scene
    this.publish()
  }

  get current(): Scene | null {
    return this.server && this.pending.reduce(applyPatch, this.server.scene)
  }

  async change(patch: ScenePatch): Promise<Outcome> {
    const { current } = this
    if (current === null) return this.push(patch)
    const inverse = inverseOf(current, patch)
    this.past = [...this.past.slice(1 - kept), inverse]
    const outcome = await this.push(patch)
    /* What did not happen cannot be undone. */
    if (!outcome.ok) {
      this.past = this.past.filter((other) => other !== inverse)
      this.publish()
    }
    return outcome
  }

  undo(): Promise<Outcome> {
    const patch = this.past.at(-1)
    this.past = this.past.slice(0, -1)
    return patch === undefined ? Promise.resolve({ ok: true, value: undefined }) : this.push(patch)
  }

  private push(patch: ScenePatch): Promise<Outcome> {
    this.pending = [...this.pending, patch]
    this.publish()
    const answer = this.line.then(async (): Promise<Outcome> => {
      const outcome = await attempt(() => this.send(patch))
      this.pending = this.pending.filter((other) => other !== patch)
      if (outcome.ok) this.receive(outcome.value)
      else this.publish()
      return outcome.ok ? { ok: true, value: undefined } : outcome
    })
    this.line = answer
    return answer
  }

  private publish(): void {
    this.changed(this.current, this.past.length > 0)
  }
}
