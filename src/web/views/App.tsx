/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which page lives where. Pages that many never open are downloaded when they are. */
import { lazy, Suspense } from 'react'
import { Route, Routes } from 'react-router'
import { withTexts } from '../locales'
import { SignInPage } from './account/SignInPage'
import { SignUpPage } from './account/SignUpPage'
import { HomePage } from './home/HomePage'
import { RoomsPage } from './home/RoomsPage'
import { NotFoundPage } from './NotFoundPage'
import { IconSprite } from './parts/Icon'
import { Toasts } from './parts/Toasts'

const RoomRoute = lazy(() => import('./room/RoomRoute'))
const ShowPage = lazy(() => withTexts('studio', import('./shows/ShowPage')))
const ShowsPage = lazy(() => withTexts('studio', import('./shows/ShowsPage')))
const RecordingsPage = lazy(() => withTexts('studio', import('./shows/RecordingsPage')))
const SettingsPage = lazy(() => import('./settings/SettingsPage'))
const AdminPage = lazy(() => import('./admin/AdminPage'))

export function App() {
  return (
    <>
      <IconSprite />
      <Suspense fallback={null}>
        <Routes>
          <Route path="/" element={<HomePage />} />
          <Route path="/rooms" element={<RoomsPage />} />
          <Route path="/signin" element={<SignInPage />} />
          <Route path="/signup" element={<SignUpPage />} />
          <Route path="/r/:slug/studio?" element={<RoomRoute />} />
          <Route path="/shows/:id" element={<ShowPage />} />
          <Route path="/shows" element={<ShowsPage />} />
          <Route path="/recordings" element={<RecordingsPage />} />
          <Route path="/settings" element={<SettingsPage />} />
          <Route path="/admin" element={<AdminPage />} />
          <Route path="*" element={<NotFoundPage />} />
        </Routes>
      </Suspense>
      <Toasts />
    </>
  )
}
