/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a room's hosts have at hand, as the page shows it: what the server has, and on top what was done here and is still on
   its way. Changes are made to whatever the list is by then, so two hosts who prepare lines at once lose none. Owned by the
   studio's view model. */
import type { Brand, BrandDocument, BrandUpdate } from '../protocol/contract'
import { attempt, done } from './outcome'
import type { Outcome } from './types'

export type BrandChange = (brand: BrandDocument) => BrandDocument

/** How often somebody else may come first. */
const tries = 4

export class BrandChanges {
  private server: Brand | null = null
  private pending: BrandChange[] = []
  private line: Promise<unknown> = Promise.resolve()

  constructor(
    private readonly read: () => Promise<Brand>,
    private readonly send: (update: BrandUpdate) => Promise<Brand>,
    private readonly changed: (brand: BrandDocument) => void,
  ) {}

  /** From the server, by answer or by message; one that is older than what is known says nothing. */
  receive(brand: Brand): void {
    if (this.server !== null && brand.revision < this.server.revision) return
    this.server = brand
    this.publish()
  }

  change(change: BrandChange): Promise<Outcome> {
    this.pending = [...this.pending, change]
    this.publish()
    const answer = this.line.then(async (): Promise<Outcome> => {
      const outcome = await this.push(change)
      this.pending = this.pending.filter((other) => other !== change)
      this.publish()
      return outcome
    })
    this.line = answer
    return answer
  }

  private async push(change: BrandChange): Promise<Outcome> {
    for (let left = tries; ; left--) {
      const outcome = await attempt(async () => {
        this.server ??= await this.read()
        const { revision, brand } = this.server
        return this.send({ revision, brand: change(brand) })
      })
      if (outcome.ok) {
        this.receive(outcome.value)
        return done
      }
      if (outcome.problem.code !== 'conflict' || left <= 1) return outcome
      const newest = await attempt(() => this.read())
      if (!newest.ok) return newest
      this.receive(newest.value)
    }
  }

  private publish(): void {
    this.changed(this.pending.reduce((brand, change) => change(brand), this.server?.brand ?? { banners: [], pictures: [] }))
  }
}
