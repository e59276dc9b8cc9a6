import { constants } from 'node:os'
import { getSystemErrorName } from 'node:util'
import { IzeError } from '../ize-error.ts'

const { ENOSPC, EDQUOT, EACCES, EPERM } = constants.errno

export class Cancelled extends IzeError {
  constructor() {
    super('E_CANCELLED', 'The import was cancelled; nothing of it is left behind.')
  }
}

/** Passes a native result on, or throws E_SPACE, E_IMPORT_READ or E_IMPORT naming the path (latin1). */
export function checked(result: number, doing: string, path: string): number {
  if (result >= 0) return result
  const errno = -result
  const shown = Buffer.from(path, 'latin1').toString('utf8') || '.'
  if (errno === ENOSPC || errno === EDQUOT) {
    throw new IzeError('E_SPACE', `The disk of the central directory became full at "${shown}"; nothing of the import is left behind.`, { path: shown })
  }
  if (errno === EACCES || errno === EPERM) {
    throw new IzeError('E_IMPORT_READ', `"${shown}" may not be read by you (${doing}): change its permissions or move it away, then import again.`, { path: shown })
  }
  throw new IzeError('E_IMPORT', `The import failed at "${shown}" (${doing}: ${getSystemErrorName(result)}).`, { path: shown, errno })
}
