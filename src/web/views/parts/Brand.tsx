/* SPDX-License-Identifier: LGPL-2.1-or-later */
import { Link } from 'react-router'

export function Logo({ size = 24 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" aria-hidden="true">
      <rect x="2" y="2" width="20" height="20" rx="6.5" fill="var(--accent)" />
      <path
        d="M8 18V9.2A2.2 2.2 0 0 1 10.2 7h3.6A2.2 2.2 0 0 1 16 9.2V18"
        fill="none"
        stroke="var(--on-accent)"
        strokeWidth="2"
        strokeLinecap="round"
      />
      <circle cx="13.4" cy="13.2" r="1.25" fill="var(--on-accent)" />
    </svg>
  )
}

export function Brand({ flush }: { flush?: boolean }) {
  return (
    <Link className={flush ? 'brand p-0' : 'brand'} to="/" aria-label="Greenroom">
      <Logo />
      <span>Greenroom</span>
    </Link>
  )
}
