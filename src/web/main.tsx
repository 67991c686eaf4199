/* SPDX-License-Identifier: LGPL-2.1-or-later */
import { createRoot } from 'react-dom/client'
import { BrowserRouter } from 'react-router'
import { useSession } from './state/session'
import './styles/index.css'
import { App } from './views/App'
import { followSettings } from './views/appearance'

void useSession.getState().start()
await followSettings()
createRoot(document.getElementById('root')!).render(
  <BrowserRouter>
    <App />
  </BrowserRouter>,
)
