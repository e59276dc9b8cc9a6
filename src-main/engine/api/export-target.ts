import { realpath } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { IzeError } from '../ize-error.ts'
import { izeMounts, within } from '../project/mounts.ts'

/**
 * The folder an export may be written to by the engine itself, links followed. Errors: E_UNDER_MOUNT for one in a
 * mounted project, E_EXPORT_TARGET for one in the central directory.
 */
export async function exportTarget(folder: string, centralDirectory: string): Promise<string> {
  const mounts = (await izeMounts()).map(({ path }) => path)
  const refuse = (path: string): void => {
    const mount = mounts.find((at) => within(path, at))
    if (mount !== undefined)
      throw new IzeError(
        'E_UNDER_MOUNT',
        `${folder} lies in the mounted project at ${mount}; export to a folder outside of it.`,
        { folder, mount },
      )
    if (within(path, centralDirectory))
      throw new IzeError(
        'E_EXPORT_TARGET',
        `${folder} lies in the central directory ${centralDirectory}, where Ize keeps its projects; export to a folder outside of it.`,
        { folder },
      )
  }
  // Before and after links are followed, so that no path under a mount is looked at.
  refuse(resolve(folder))
  const target = await followed(resolve(folder))
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
