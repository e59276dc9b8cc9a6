import { IzeError } from '../ize-error.ts'
import { errno, errnoName } from '../sys/errno.ts'
import * as native from '../sys/native.ts'
import { explained } from './mount-advice.ts'

const { ENOENT, ENXIO } = errno

/**
 * Mounts and gives the descriptor of /dev/fuse. Root mounts itself (only root may enter, as for every Ize mount: one
 * user); others through fusermount3. Errors: E_MOUNT_FUSE with what to do.
 */
export function mountFuse(point: string, helper: string | null): number {
  const path = Buffer.from(point).toString('latin1')
  if (helper !== null) {
    try {
      return native.mountViaHelper(path, 'default_permissions,subtype=ize', 'ize', helper)
    } catch (error) {
      throw mountFailed(point, error instanceof Error ? error.message : String(error))
    }
  }
  const fd = native.mountDirect(path, 'default_permissions,max_read=1048576', 'ize')
  if (fd < 0) throw mountFailed(point, fd === -ENOENT || fd === -ENXIO ? 'fuse device not found' : errnoName(fd))
  return fd
}

function mountFailed(point: string, why: string): IzeError {
  return new IzeError('E_MOUNT_FUSE', `Could not mount at ${point}: ${explained(why)}`, { mountPoint: point })
}
