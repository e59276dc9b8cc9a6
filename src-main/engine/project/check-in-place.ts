import { constants } from 'node:fs'
import { access, realpath } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { IzeError } from '../ize-error.ts'
import { inodeOf } from '../sys/inode-of.ts'
import { checkSource } from './check-source.ts'
import { checkPlace } from './mount-checks.ts'
import { allMounts } from './mounts.ts'

export interface InPlace {
  /** The folder, resolved. */
  readonly folder: string
  /** Where the original is kept. */
  readonly before: string
  /** The folder's inode. */
  readonly original: number
}

/**
 * Whether a project may take the place of the folder that it is made of. Errors: those of an import's source and of a
 * mount point's place, E_BEFORE_EXISTS, E_MOUNT_FAILED.
 */
export async function checkInPlace(from: string, central: string): Promise<InPlace> {
  const folder = await checkSource(from, central)
  await checkPlace(folder, await realpath(central))
  if ((await allMounts()).some(({ path }) => path === folder)) {
    throw new IzeError(
      'E_MOUNT_SYSTEM',
      `${folder} is a disk of its own, which cannot be moved aside; mount the project at another folder.`,
      { mountPoint: folder },
    )
  }
  const before = join(dirname(folder), `${basename(folder)}.before-ize`)
  const original = await inodeOf(folder)
  if ((await inodeOf(before)) !== null) {
    throw new IzeError(
      'E_BEFORE_EXISTS',
      `${before} is there already: move it away, so that the original can be kept there.`,
      {
        path: before,
      },
    )
  }
  try {
    await access(dirname(folder), constants.W_OK)
  } catch (error) {
    const message = `${folder} cannot be moved aside: you may not change ${dirname(folder)}. Mount the project at another folder.`
    throw new IzeError('E_MOUNT_FAILED', message, { mountPoint: folder }, { cause: error })
  }
  if (original === null) throw new IzeError('E_SOURCE_MISSING', `"${from}" is gone.`, { path: from })
  return { folder, before, original }
}
