/* SPDX-License-Identifier: LGPL-2.1-or-later */
import sprite from './icons.svg?raw'

export type IconName =
  | 'alert' | 'ban' | 'banner' | 'bell' | 'bolt' | 'bookmark' | 'calendar' | 'cam' | 'cam-off' | 'chat' | 'check'
  | 'clock' | 'copy' | 'cpu' | 'crown' | 'door' | 'down' | 'download' | 'edit' | 'exit' | 'eye' | 'film' | 'full'
  | 'gear' | 'globe' | 'grid' | 'hand' | 'headphones' | 'home' | 'image' | 'info' | 'key' | 'keyboard' | 'leave'
  | 'left' | 'link' | 'live' | 'lock' | 'mic' | 'mic-off' | 'minus' | 'monitor' | 'moon' | 'more' | 'palette'
  | 'people' | 'phone' | 'pin' | 'pip' | 'play' | 'plus' | 'record' | 'refresh' | 'right' | 'screen' | 'screen-stop'
  | 'search' | 'send' | 'server' | 'shield' | 'sidebar' | 'sliders' | 'spotlight' | 'stats' | 'sun' | 'trash'
  | 'undo' | 'up' | 'upload' | 'user' | 'volume' | 'volume-off' | 'wifi' | 'wifi-weak' | 'x'

/** Decoration only: what an icon means is said by the text or the label of what it stands in. */
export function Icon({ name, size }: { name: IconName; size?: 'xs' | 'sm' | 'lg' }) {
  return (
    <svg className={size ? `i ${size}` : 'i'} aria-hidden="true">
      <use href={`#${name}`} />
    </svg>
  )
}

/** The drawings all icons refer to; once per page. */
export function IconSprite() {
  return <div className="sprite" aria-hidden="true" dangerouslySetInnerHTML={{ __html: sprite }} />
}
