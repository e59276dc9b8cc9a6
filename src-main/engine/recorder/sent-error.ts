import { IzeError } from '../ize-error.ts'
import type { SentError } from '../project/worker-messages.ts'

/** What the recorder met, as the other threads hear it: E_SPACE, E_RECORD, or the error's own code. */
export function toSent(error: unknown): SentError {
  const code = error instanceof IzeError ? error.code : codeOf(error)
  return { code, message: error instanceof Error ? error.message : String(error) }
}

function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return code === 'ENOSPC' || code === 'EDQUOT' ? 'E_SPACE' : 'E_RECORD'
}
