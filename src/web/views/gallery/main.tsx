/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* gallery.html?scene=room&theme=light&lang=uk; without a scene, the list of them. Never part of the product. */
import { createRoot } from 'react-dom/client'
import { MemoryRouter } from 'react-router'
import { useSettings } from '../../state/settings'
import type { Language, Theme } from '../../state/types'
import '../../styles/index.css'
import { App } from '../App'
import { followSettings } from '../appearance'
import { scenes } from './scenes'

const query = new URLSearchParams(location.search)
useSettings.setState({
  theme: (query.get('theme') as Theme | null) ?? 'dark',
  language: (query.get('lang') as Language | null) ?? 'en',
})
await followSettings()

const scene = scenes[query.get('scene') ?? '']
scene?.prepare?.()
createRoot(document.getElementById('root')!).render(
  scene ? (
    <MemoryRouter initialEntries={[scene.path]}>
      <App />
    </MemoryRouter>
  ) : (
    <ul className="page">
      {Object.keys(scenes).map((name) => (
        <li key={name}>
          <a className="acc" href={`?scene=${name}`}>
            {name}
          </a>
        </li>
      ))}
    </ul>
  ),
)
