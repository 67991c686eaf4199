/* SPDX-License-Identifier: LGPL-2.1-or-later */
import type { KeyboardEvent, ReactNode } from 'react'
import { useEffect, useLayoutEffect, useRef, useState } from 'react'
import { createPortal } from 'react-dom'
import { Icon } from './Icon'
import type { IconName } from './Icon'

export type MenuEntry =
  | { kind: 'item'; icon?: IconName; label: string; keys?: string; bad?: boolean; checked?: boolean; act: () => void }
  | { kind: 'caption'; label: string }
  | { kind: 'rule' }

interface MenuProps {
  /** The name of the button, for those who do not see its icon. */
  label: string
  className?: string
  title?: string
  button: ReactNode
  /** Asked for when the menu opens. */
  entries: () => MenuEntry[]
}

const step: Record<string, number> = { ArrowDown: 1, ArrowUp: -1 }

export function Menu({ label, className, title, button, entries }: MenuProps) {
  const trigger = useRef<HTMLButtonElement>(null)
  const [open, setOpen] = useState(false)

  const close = (focus: boolean) => {
    setOpen(false)
    if (focus) trigger.current?.focus()
  }

  return (
    <>
      <button
        ref={trigger}
        type="button"
        className={className ?? 'btn quiet icon sm'}
        title={title}
        aria-label={label}
        aria-haspopup="menu"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        {button}
      </button>
      {open && <MenuSheet label={label} trigger={trigger.current!} entries={entries()} onClose={close} />}
    </>
  )
}

interface MenuSheetProps {
  label: string
  trigger: HTMLElement
  entries: MenuEntry[]
  onClose: (focus: boolean) => void
}

/* On the body, since glass and scrolling panels would clip or capture it. */
function MenuSheet({ label, trigger, entries, onClose }: MenuSheetProps) {
  const menu = useRef<HTMLDivElement>(null)
  const [place, setPlace] = useState<{ left: number; top: number } | null>(null)
  const items = () => [...menu.current!.querySelectorAll<HTMLElement>('.item')]

  useLayoutEffect(() => {
    const anchor = trigger.getBoundingClientRect()
    const { offsetWidth: width, offsetHeight: height } = menu.current!
    const below = anchor.bottom + 8
    const fits = below + height < innerHeight - 8
    setPlace({
      left: Math.max(8, Math.min(anchor.left, innerWidth - width - 8)),
      top: Math.max(8, fits ? below : anchor.top - height - 8),
    })
  }, [trigger])

  useEffect(() => {
    if (place) items()[0]?.focus()
  }, [place])

  useEffect(() => {
    const away = (event: PointerEvent) => {
      const target = event.target as Node
      if (!menu.current?.contains(target) && !trigger.contains(target)) onClose(false)
    }
    const resized = () => onClose(false)
    addEventListener('pointerdown', away)
    addEventListener('resize', resized)
    return () => {
      removeEventListener('pointerdown', away)
      removeEventListener('resize', resized)
    }
  })

  const key = (event: KeyboardEvent) => {
    event.stopPropagation()
    if (event.key === 'Escape' || event.key === 'Tab') {
      event.preventDefault()
      onClose(true)
      return
    }
    const move = step[event.key]
    if (!move) return
    event.preventDefault()
    const all = items()
    const now = all.indexOf(document.activeElement as HTMLElement)
    all[(now + move + all.length) % all.length]?.focus()
  }

  return createPortal(
    <div
      ref={menu}
      className="glass menu floating"
      role="menu"
      aria-label={label}
      style={place ?? { visibility: 'hidden' }}
      onKeyDown={key}
    >
      {entries.map((entry, index) =>
        entry.kind === 'rule' ? (
          <hr key={index} className="rule" role="separator" />
        ) : entry.kind === 'caption' ? (
          <div key={index} className="cap" role="presentation">
            {entry.label}
          </div>
        ) : (
          <button
            key={index}
            type="button"
            className={entry.bad ? 'item bad' : 'item'}
            role={entry.checked === undefined ? 'menuitem' : 'menuitemradio'}
            aria-checked={entry.checked}
            onClick={() => {
              onClose(true)
              entry.act()
            }}
          >
            {entry.icon && <Icon name={entry.icon} size="sm" />}
            <span className="grow cut">{entry.label}</span>
            {entry.checked && <Icon name="check" size="sm" />}
            {entry.keys && <kbd>{entry.keys}</kbd>}
          </button>
        ),
      )}
    </div>,
    document.body,
  )
}
