// SPDX-License-Identifier: LGPL-2.1-or-later
import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import type { Plugin } from 'vite'
import { defineConfig } from 'vitest/config'

const here = (path: string) => new URL(path, import.meta.url).pathname

/* The gallery shows pages in given states without a server: the view models are replaced by drawn ones. */
const drawnViewModels = (): Plugin => ({
  name: 'greenroom:drawn-view-models',
  enforce: 'pre',
  resolveId: (source) =>
    /\/state\/(session|rooms|devices|lobby|room|admin)$/.test(source) ? here('views/gallery/models.ts') : null,
})

export default defineConfig(({ mode }) => ({
  plugins: [mode === 'gallery' && drawnViewModels(), react(), tailwindcss()],
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 400,
    emptyOutDir: true,
  },
  server: {
    host: '127.0.0.1',
    proxy: {
      '/api': 'http://127.0.0.1:8080',
      '/config': 'http://127.0.0.1:8080',
      '/ws': { target: 'ws://127.0.0.1:8080', ws: true },
    },
  },
  test: {
    include: ['**/*.test.ts'],
    exclude: ['node_modules'],
  },
}))
