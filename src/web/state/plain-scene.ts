/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A scene before anybody touched it, for tests. */
import type { Scene } from './types'

export const plainScene: Scene = {
  layout: 'grid',
  order: [],
  transition: { kind: 'cut', ms: 400 },
  nameTags: true,
  colour: '#1b7f5a',
  background: { colour: '#101614', picture: null },
  logo: null,
  overlay: null,
  banner: null,
  ticker: null,
  message: null,
}
