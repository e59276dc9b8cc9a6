import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

/**
 * Removes a folder of our own with all below it, whatever the modes and however long the paths, which Node's own `rm`
 * stumbles over. In a process of its own: it may take long. An absent folder is fine.
 */
export async function removeTree(path: string): Promise<void> {
  await promisify(execFile)('rm', ['-rf', '--one-file-system', '--', path])
}
