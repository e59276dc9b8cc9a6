import { IzeError } from '../ize-error.ts'
import type { SentError } from '../project/worker-messages.ts'

/** An error as one thread tells another. */
export function toSent(error: unknown): SentError {
  return { code: error instanceof IzeError ? error.code : 'E_INTERNAL', message: describe(error) }
}

/** The sentence of an error that was meant, all there is of one that was not. */
export function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error instanceof IzeError ? error.message : (error.stack ?? error.message)
}

export const MOUNTED: SentError = {
  code: 'E_INTERNAL',
  message: 'A mounted project is restored through its mount.',
}
