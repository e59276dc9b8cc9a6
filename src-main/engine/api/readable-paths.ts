import { pathToText } from '../../../src-preload/path-text.ts'
import { IzeError } from '../ize-error.ts'
import type { OpenFile } from '../project/session.ts'

/** E_MOUNT_BUSY names who holds which path; those are bytes. */
export function withReadablePaths(error: unknown): unknown {
  if (!(error instanceof IzeError) || !Array.isArray(error.data['openFiles'])) return error
  const openFiles = (error.data['openFiles'] as OpenFile[]).map((file) => ({ ...file, path: pathToText(file.path) }))
  return new IzeError(error.code, error.message, { ...error.data, openFiles })
}
