import { pathToText } from '../../../src-preload/path-text.ts'
import { IzeError } from '../ize-error.ts'

/** A failed system call at a path (latin1) of an export, as a sentence; other errors as they are. */
export function exportFailure(cause: unknown, path: string): unknown {
  if (cause instanceof IzeError || !(cause instanceof Error)) return cause
  const code = 'code' in cause ? cause.code : undefined
  const full = code === 'ENOSPC' || code === 'EDQUOT'
  const why = full ? 'the disk is full' : cause.message
  const message = `The export stopped at "${pathToText(path)}": ${why}. Nothing of it is left behind.`
  return new IzeError(full ? 'E_SPACE' : 'E_EXPORT', message, {}, { cause })
}
