/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A picture on its way to the server, with how far it has got, which fetch() does not tell. */
import type { UploadedPicture } from './contract'
import { ApiError, asApiError, errorOfResponse } from './errors'
import type { ServerPlace } from './server'

/** Where a picture lies in one of its sizes. */
export const pictureAddress = (server: ServerPlace, id: string, size: 320 | 1280 | 1920): string =>
  `${server.base}/api/pictures/${encodeURIComponent(id)}/${size}`

const timeLimit = 120_000

export function uploadPicture(
  server: ServerPlace,
  token: string | null,
  file: Blob,
  progress: (done: number) => void,
): Promise<UploadedPicture> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('POST', `${server.base}/api/upload`)
    request.responseType = 'json'
    request.timeout = timeLimit
    request.withCredentials = server.foreign
    if (token !== null) request.setRequestHeader('Authorization', `Bearer ${token}`)
    request.upload.onprogress = ({ loaded, total }) => progress(total > 0 ? loaded / total : 0)
    request.onload = () => {
      const { status, response } = request
      if (status >= 200 && status < 300) return resolve(response as UploadedPicture)
      reject(errorOfResponse(new Response(null, { status }), response))
    }
    request.onerror = () => reject(asApiError(new TypeError()))
    request.ontimeout = () => reject(new ApiError('timeout', 'The server took too long to answer.'))
    const form = new FormData()
    form.set('file', file)
    request.send(form)
  })
}
