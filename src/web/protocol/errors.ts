/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One error type for everything that fails on the way to the server and back. */
import type { ErrorDetail } from './contract'

export class ApiError extends Error {
  override readonly name = 'ApiError'

  constructor(
    /** One of src/base/error.c, or `offline` when nothing answered. */
    readonly code: string,
    message: string,
    readonly field: string | undefined = undefined,
    /** The HTTP status; 0 when there was none. */
    readonly status = 0,
    /** Milliseconds, from Retry-After. */
    readonly retryAfter: number | undefined = undefined,
  ) {
    super(message)
  }

  static from(detail: ErrorDetail, status = 0): ApiError {
    return new ApiError(detail.code, detail.message, detail.field, status)
  }
}

/* What a proxy in front of the daemon says has a status but none of our bodies. */
const codeOfStatus: Record<number, string> = {
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'not_found',
  408: 'timeout',
  413: 'too_large',
  429: 'rate_limited',
  502: 'unavailable',
  503: 'unavailable',
  504: 'timeout',
}

const isErrorDetail = (value: unknown): value is ErrorDetail =>
  typeof value === 'object' && value !== null && 'code' in value && typeof value.code === 'string' && 'message' in value

export function errorOfResponse(response: Response, body: unknown): ApiError {
  const seconds = Number(response.headers.get('Retry-After'))
  const retryAfter = seconds > 0 ? seconds * 1000 : undefined
  const detail = typeof body === 'object' && body !== null && 'error' in body ? body.error : null

  if (isErrorDetail(detail)) {
    return new ApiError(detail.code, String(detail.message), detail.field, response.status, retryAfter)
  }
  const code = codeOfStatus[response.status] ?? 'internal'
  return new ApiError(code, `The server answered ${response.status}.`, undefined, response.status, retryAfter)
}

/** Whatever was thrown, as an ApiError. */
export function asApiError(thrown: unknown): ApiError {
  if (thrown instanceof ApiError) return thrown
  if (thrown instanceof DOMException && thrown.name === 'TimeoutError') {
    return new ApiError('timeout', 'The server took too long to answer.')
  }
  /* fetch() reports every failure of the network as a TypeError, without saying which. */
  if (thrown instanceof TypeError) return new ApiError('offline', 'The server cannot be reached.')
  return new ApiError('internal', thrown instanceof Error ? thrown.message : String(thrown))
}
