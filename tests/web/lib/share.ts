// SPDX-License-Identifier: LGPL-2.1-or-later
import type { Person } from './house.ts'

/** Somebody goes through the picker; the browser's own question answers itself. */
export async function share(person: Person, preset: string, more: { keep?: string; sound?: boolean } = {}) {
  await person.control('share').click()
  const picker = person.page.getByRole('dialog')
  await picker.locator(`[data-preset="${preset}"]`).check({ force: true })
  if (more.keep !== undefined) await picker.getByRole('button', { name: more.keep }).click()
  const sound = picker.getByRole('switch')
  if (more.sound !== undefined && (await sound.getAttribute('aria-checked')) !== String(more.sound)) await sound.click()
  await picker.getByRole('button', { name: 'Choose what to share' }).click()
  await picker.waitFor({ state: 'detached' })
}
