/* SPDX-License-Identifier: LGPL-2.1-or-later */

/** Up to two letters: of the first two words, or the first two of one word. */
export function initials(name: string): string {
  const words = name.replace(/[^\p{L}\p{N}\s]/gu, ' ').trim().split(/\s+/)
  const [first = '', second] = words
  const letters = second ? [...first].slice(0, 1).concat([...second].slice(0, 1)) : [...first].slice(0, 2)
  return letters.join('').toUpperCase()
}

/** One of six grounds, the same for the same name everywhere. */
export function ground(name: string): number {
  let hash = 0
  for (const letter of name) hash = (hash * 31 + letter.codePointAt(0)!) >>> 0
  return (hash % 6) + 1
}

interface AvatarProps {
  name: string
  size?: 20 | 24 | 28 | 40 | 56 | 80
  speaking?: boolean
  /** One letter, where faces overlap. */
  short?: boolean
}

export function Avatar({ name, size, speaking, short }: AvatarProps) {
  const classes = ['av', size && `s${size}`, `c${ground(name)}`, speaking && 'speaking']
  return (
    <span className={classes.filter(Boolean).join(' ')} aria-hidden="true">
      {short ? initials(name).slice(0, 1) : initials(name)}
    </span>
  )
}

export function AvatarStack({ names, onSheet, size }: { names: string[]; onSheet?: boolean; size?: 24 }) {
  return (
    <span className={onSheet ? 'stack onsheet' : 'stack'}>
      {names.map((name, index) => (
        <Avatar key={`${name}${index}`} name={name} size={size} short />
      ))}
    </span>
  )
}
