import { realpath } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { IzeError } from '../ize-error.ts'
import { izeMounts, within } from '../project/mounts.ts'

/**
 * The folder an export may be written to by the engine itself, links followed. Errors: E_UNDER_MOUNT for one in a
 * mounted project, E_EXPORT_TARGET for one in the central directory.
 */
export async function exportTarget(folder: string, centralDirectory: string): Promise<string> {
  const target = await outsideOfMounts(folder, 'export to a folder outside of it')
  if (within(target, centralDirectory) || within(resolve(folder), centralDirectory)) {
    throw new IzeError(
      'E_EXPORT_TARGET',
      `${folder} lies in the central directory ${centralDirectory}, where Ize keeps its projects; export to a folder outside of it.`,
      { folder },
    )
  }
  return target
}

/** A path that the engine itself may open, links followed. Errors: E_UNDER_MOUNT, with the advice. */
export async function outsideOfMounts(path: string, advice: string): Promise<string> {
  const mounts = (await izeMounts()).map(({ path: at }) => at)
  const refuse = (one: string): void => {
    const mount = mounts.find((at) => within(one, at))
    if (mount === undefined) return
    throw new IzeError('E_UNDER_MOUNT', `${path} lies in the mounted project at ${mount}; ${advice}.`, {
      folder: path,
      mount,
    })
  }
  // Before and after links are followed, so that no path under a mount is looked at.
  refuse(resolve(path))
  const target = await followed(resolve(path))
  refuse(target)
  return target
}

/** With the links of whatever part of the path exists followed. */
async function followed(path: string): Promise<string> {
  try {
    return await realpath(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || path === '/') throw error
    return join(await followed(dirname(path)), basename(path))
  }
}
