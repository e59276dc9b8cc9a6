import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { IzeError } from '../ize-error.ts'
import { unmountDirect } from '../sys/native.ts'

const MNT_DETACH = 2
const EBUSY = 16
const EINVAL = 22

/**
 * Ends a mount; `lazy` detaches it although files are open. One that is not there any more is fine. Errors:
 * E_MOUNT_BUSY, E_UNMOUNT.
 */
export async function unmountFuse(mountPoint: string, lazy: boolean): Promise<void> {
  if (process.getuid?.() === 0) {
    const done = unmountDirect(Buffer.from(mountPoint).toString('latin1'), lazy ? MNT_DETACH : 0)
    if (done >= 0 || done === -EINVAL) return
    if (done === -EBUSY) throw new IzeError('E_MOUNT_BUSY', `${mountPoint} is in use; unmount with --lazy or --force.`)
    throw new IzeError('E_UNMOUNT', `${mountPoint} could not be unmounted (errno ${-done}).`)
  }
  try {
    await promisify(execFile)('fusermount3', ['-u', ...(lazy ? ['-z'] : []), mountPoint])
  } catch (error) {
    const words = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : ''
    if (/not mounted|not found in/.test(words)) return
    if (/busy/i.test(words)) {
      throw new IzeError('E_MOUNT_BUSY', `${mountPoint} is in use; unmount with --lazy or --force.`)
    }
    throw new IzeError('E_UNMOUNT', `${mountPoint} could not be unmounted: ${words || String(error)}`)
  }
}
