import { pathToText } from '../../../src-preload/path-text.ts'
import { IzeError } from '../ize-error.ts'
import { errno as errnos, errnoName } from '../sys/errno.ts'

const { ENOSPC, EDQUOT, EACCES, EPERM } = errnos

export class Cancelled extends IzeError {
  constructor() {
    super('E_CANCELLED', 'The import was cancelled; nothing of it is left behind.')
  }
}

/** Passes a native result on, or throws what `failure` makes of it. */
export function checked(result: number, doing: string, path: string): number {
  if (result < 0) throw failure(result, doing, path)
  return result
}

/** A native call's -errno at a path (latin1) as E_SPACE, E_IMPORT_READ or E_IMPORT. */
export function failure(result: number, doing: string, path: string): IzeError {
  const errno = -result
  const shown = pathToText(path) || '.'
  if (errno === ENOSPC || errno === EDQUOT) return full()
  if (errno === EACCES || errno === EPERM) {
    return new IzeError(
      'E_IMPORT_READ',
      `"${shown}" may not be read by you (${doing}): change its permissions or move it away, then import again.`,
      { path: shown },
    )
  }
  const message = `The import failed at "${shown}" (${doing}: ${errnoName(result)}).`
  return new IzeError('E_IMPORT', message, { path: shown, errno })
}

/** What Node, SQLite or the addon threw, as E_SPACE when the disk was full; anything else as it is. */
export function importFailure(error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  const spaceless = code === 'ENOSPC' || code === 'EDQUOT' || code === 'SQLITE_FULL'
  return spaceless ? full(error) : error
}

function full(cause?: unknown): IzeError {
  return new IzeError(
    'E_SPACE',
    'The disk of the central directory became full; nothing of the import is left behind. Make room, then import again.',
    {},
    { cause },
  )
}
