import { pathToText } from '../../../src-preload/path-text.ts'
import { IzeError } from '../ize-error.ts'
import * as native from '../sys/native.ts'
import { firstDifference } from './compare-folders.ts'
import { statOf } from './import-types.ts'
import { openFolder, PlainCopy, type CopyCounts } from './plain-copy.ts'

export interface PlainFolderRequest {
  /** `working/` of a project that nobody has open, all operations applied. */
  readonly working: string
  /** An empty folder. */
  readonly folder: string
}

export interface PlainFolder extends CopyCounts {
  readonly inode: number
}

/**
 * Writes what programs see of a project into an empty folder, sees it onto the disk, and compares it byte for byte.
 * Errors: E_SPACE, E_EXPORT, E_CANCELLED; what is in the folder then is worth nothing.
 */
export function writePlainFolder(
  { working, folder }: PlainFolderRequest,
  progress: (counts: CopyCounts) => void,
  cancelled: () => boolean,
): PlainFolder {
  const from = openFolder(working)
  const to = openFolder(folder)
  try {
    const copy = new PlainCopy({ cancelled, progress }, to)
    copy.tree(from, to)
    if (native.syncFileSystem(to) < 0) throw new IzeError('E_EXPORT', `${folder} could not be written to the disk.`)
    const differs = firstDifference(from, to, cancelled)
    if (cancelled()) throw new IzeError('E_CANCELLED', 'Cancelled; nothing of the copy is left behind.')
    if (differs !== null) {
      const path = pathToText(differs)
      throw new IzeError('E_EXPORT', `"${path}" could not be written to ${folder} as it is; the project is kept.`, {
        path,
      })
    }
    const stats = new Float64Array(native.STAT_WORDS)
    native.statIdentity(to, '', stats, new Uint8Array(native.IDENTITY_BYTES))
    return { ...copy.counts(), inode: statOf(stats, 'ino') }
  } finally {
    native.closeFd(from)
    native.closeFd(to)
  }
}
