/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Short messages over the page. Any view model or page may raise one; views/parts/Toasts shows them. */
import { create } from 'zustand'
import type { NoticesState } from './types'

let lastId = 0

export const useNotices = create<NoticesState>((set, get) => ({
  notices: [],

  notify(notice) {
    const id = ++lastId
    /* The same message twice is one message: the newer takes the place of the older. */
    const others = get().notices.filter(
      (other) => other.key !== notice.key || JSON.stringify(other.values) !== JSON.stringify(notice.values),
    )
    set({ notices: [...others, { ...notice, id }].slice(-4) })
    return id
  },

  dismiss(id) {
    set({ notices: get().notices.filter((notice) => notice.id !== id) })
  },
}))

export const notify = useNotices.getState().notify
