import { homedir } from 'node:os'
import { IzeError } from '../ize-error.ts'
import { izeMounts, within } from './mounts.ts'

/** Folders of the system: to mount over one, or (of the first) in one, would take the machine from under its programs. */
const NEVER_WITHIN = ['/bin', '/boot', '/dev', '/etc', '/lib', '/lib64', '/proc', '/sbin', '/sys', '/usr']
const NEVER_ITSELF = ['/', '/home', '/media', '/mnt', '/opt', '/root', '/run', '/srv', '/tmp', '/var']

/**
 * Whether a resolved path may be a mount point at all, by its place alone. `central` is resolved too. Errors, each with
 * one sentence: E_MOUNT_INSIDE_CENTRAL, E_MOUNT_INSIDE_MOUNT, E_MOUNT_SYSTEM, E_MOUNTED.
 */
export async function checkPlace(path: string, central: string): Promise<void> {
  const refuse = (code: string, why: string): never => {
    throw new IzeError(code, `A project cannot be mounted at ${path}: ${why}. Choose another folder.`, {
      mountPoint: path,
    })
  }
  if (within(path, central))
    refuse('E_MOUNT_INSIDE_CENTRAL', `it lies in the central directory ${central}, where Ize keeps its data`)
  if (within(central, path))
    refuse('E_MOUNT_INSIDE_CENTRAL', `the central directory ${central} lies in it and would be hidden`)
  if (NEVER_WITHIN.some((folder) => within(path, folder)) || NEVER_ITSELF.includes(path))
    refuse('E_MOUNT_SYSTEM', 'it is a folder of the system')
  if (path === homedir()) refuse('E_MOUNT_SYSTEM', 'it is your whole home folder, which would be hidden')
  for (const mount of await izeMounts()) {
    if (mount.path === path) refuse('E_MOUNTED', 'a project is mounted there already')
    if (within(path, mount.path)) refuse('E_MOUNT_INSIDE_MOUNT', `it lies in the project mounted at ${mount.path}`)
    if (within(mount.path, path))
      refuse('E_MOUNT_INSIDE_MOUNT', `the project mounted at ${mount.path} lies in it and would be hidden`)
  }
}
