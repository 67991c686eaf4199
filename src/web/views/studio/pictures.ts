/* SPDX-License-Identifier: LGPL-2.1-or-later */
import { pictureAddress } from '../../protocol/upload'
import { services } from '../../state/services'

/** Where an uploaded picture lies. */
export const usePictureAddress = () => (id: string, size: 320 | 1280) => pictureAddress(services.api.server, id, size)
