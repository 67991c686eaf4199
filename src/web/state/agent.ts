/* SPDX-License-Identifier: LGPL-2.1-or-later */

const browsers: [RegExp, string][] = [
  [/Edg(e|A|iOS)?\//, 'Edge'],
  [/OPR\//, 'Opera'],
  [/Firefox\/|FxiOS\//, 'Firefox'],
  [/Chrom(e|ium)\/|CriOS\//, 'Chrome'],
  [/Safari\//, 'Safari'],
]
const systems: [RegExp, string][] = [
  [/Android/, 'Android'],
  [/iPhone/, 'iPhone'],
  [/iPad/, 'iPad'],
  [/Windows/, 'Windows'],
  [/Mac OS X|Macintosh/, 'macOS'],
  [/CrOS/, 'ChromeOS'],
  [/Linux|X11/, 'Linux'],
]

const match = (table: [RegExp, string][], agent: string) => table.find(([pattern]) => pattern.test(agent))?.[1]

/** A user agent, as people would say it. What is not a browser keeps its own first word. */
export function describeAgent(agent: string): { device: string; phone: boolean } {
  const browser = match(browsers, agent) ?? agent.split(/[/\s]/)[0] ?? ''
  const system = match(systems, agent)
  return {
    device: system ? `${browser} on ${system}` : browser,
    phone: /Mobile|Android|iPhone/.test(agent),
  }
}
