import { constants } from 'node:fs'
import { dirname } from 'node:path'
import { IzeError } from '../ize-error.ts'
import * as native from '../sys/native.ts'
import { checked } from './import-errors.ts'
import type { SourceTree } from './import-scan.ts'
import type { ImportPlan } from './import-types.ts'

const { O_RDONLY, O_DIRECTORY } = constants
/** Beside the files themselves: databases, the state of the log, and room to go on. */
const MARGIN = 64 * 1024 * 1024
const PER_FILE = 4096

/** A copy of every file, and again the bytes of what is versioned: as objects, and as Pijul's compressed texts. */
export function planFor(tree: SourceTree, workingFd: number): ImportPlan {
  const volume = new Float64Array(9)
  checked(native.statFs(workingFd, volume), 'look at the disk', '')
  const [, , , freeBlocks = 0, , , , blockSize = 0] = volume
  const needed = tree.allocated + tree.versionedBytes + tree.found.files * PER_FILE + MARGIN
  return { ...tree.found, needed, free: freeBlocks * blockSize }
}

export function tooLarge(plan: ImportPlan, source: string): IzeError {
  const figures = { needed: plan.needed, free: plan.free }
  return new IzeError(
    'E_SPACE',
    `"${source}" may need ${megabytes(plan.needed)} MB in the central directory, and ${megabytes(plan.free)} MB are free on its disk. Make room, leave something out with "ignore" patterns, or move the central directory.`,
    figures,
  )
}

/** A descriptor of a folder of the machine. */
export function openDirectory(path: string): number {
  const shown = dirname(path)
  return checked(
    native.openAt(native.AT_FDCWD, Buffer.from(path).toString('latin1'), O_RDONLY | O_DIRECTORY, 0),
    'open',
    shown,
  )
}

function megabytes(bytes: number): string {
  return Math.ceil(bytes / 1e6).toLocaleString('en')
}
