/* SPDX-License-Identifier: LGPL-2.1-or-later */
import { useEffect } from 'react'

/** The document's title; assistive technology reads it when the page changes. */
export function useTitle(title: string | undefined) {
  useEffect(() => {
    document.title = title ? `${title} · Greenroom` : 'Greenroom'
  }, [title])
}
