import { realpath, stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { IzeError } from '../ize-error.ts'
import { izeMounts, within } from './mounts.ts'

/**
 * The resolved folder, when it may be read by the engine: not under a mount of Ize's own, nor around one. Errors:
 * E_SOURCE_MISSING, E_SOURCE_CENTRAL, E_UNDER_MOUNT.
 */
export async function checkSource(from: string, central: string): Promise<string> {
  const mounts = await izeMounts()
  const refuseMounted = (path: string): void => {
    const mount = mounts.find(({ path: at }) => within(path, at) || within(at, path))
    if (mount)
      throw new IzeError(
        'E_UNDER_MOUNT',
        `"${path}" ${within(path, mount.path) ? 'lies in' : 'holds'} the mounted project at ${mount.path}. Unmount that first, or import a copy.`,
        { path, mount: mount.path },
      )
  }
  // Before anything below it is touched: the engine must not wait for its own mount.
  refuseMounted(resolve(from))
  const source = await realpath(from).catch(() => null)
  if (source === null || !(await stat(source)).isDirectory()) {
    throw new IzeError(
      'E_SOURCE_MISSING',
      `"${from}" ${source === null ? 'does not exist or may not be read' : 'is not a folder'}; name a folder to import.`,
      { path: from },
    )
  }
  refuseMounted(source)
  const inner = await realpath(central)
  if (within(source, inner) || within(inner, source)) {
    throw new IzeError(
      'E_SOURCE_CENTRAL',
      `"${source}" ${within(source, inner) ? 'lies in' : 'holds'} the central directory ${central}, where Ize keeps its projects; it cannot be imported.`,
      { path: source },
    )
  }
  return source
}
