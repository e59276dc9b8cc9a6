import { execFile } from 'node:child_process'
import { statfs } from 'node:fs/promises'
import { promisify } from 'node:util'
import { IzeError } from '../ize-error.ts'
import { errnoName } from '../sys/errno.ts'
import { unmountDirect } from '../sys/native.ts'
import { izeMounts } from './mounts.ts'

const MNT_DETACH = 2
/** A dead connection answers at once; a mount that does not is served by someone. */
const ANSWER_MS = 2000

/** Whether an Ize mount is one whose engine died. The engine asks this only of mounts that are not its own. */
export async function isStale(mountPoint: string): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const silent = new Promise<boolean>((answer) => {
    timer = setTimeout(() => answer(false), ANSWER_MS)
  })
  // The kernel may know the attributes and would answer stat(2) itself.
  const dead = statfs(mountPoint).then(
    () => false,
    (error: NodeJS.ErrnoException) => error.code === 'ENOTCONN',
  )
  return Promise.race([dead, silent]).finally(() => clearTimeout(timer))
}

/**
 * Takes away the mounts of engines that died, at one path or (null) wherever they are; `live` are this engine's own.
 * Returns the mount points that were cleared. Errors: E_MOUNT_FAILED.
 */
export async function clearStaleMounts(at: string | null, live: readonly string[]): Promise<readonly string[]> {
  const cleared: string[] = []
  // The last one mounted lies on top.
  for (const { path } of (await izeMounts()).toReversed()) {
    if ((at !== null && path !== at) || live.includes(path) || !(await isStale(path))) continue
    await detach(path)
    cleared.push(path)
  }
  return cleared
}

/** Unmounts lazily, as root directly, else through fusermount3. Errors: E_MOUNT_FAILED. */
export async function detach(mountPoint: string): Promise<void> {
  const result = unmountDirect(Buffer.from(mountPoint).toString('latin1'), MNT_DETACH)
  if (result >= 0) return
  try {
    await promisify(execFile)('fusermount3', ['-u', '-z', '--', mountPoint])
  } catch (error) {
    const why = (error as { stderr?: string }).stderr?.trim() || `${errnoName(result)}; ${(error as Error).message}`
    throw new IzeError(
      'E_MOUNT_FAILED',
      `The dead mount at ${mountPoint} cannot be taken away (${why}). Try: fusermount3 -uz ${mountPoint}`,
      { mountPoint },
      { cause: error },
    )
  }
}
