import { createHash } from 'node:crypto'
import { lstat, mkdir } from 'node:fs/promises'
import { dirname, isAbsolute, join } from 'node:path'
import { IzeError } from '../ize-error.ts'

/** sun_path of unix(7) with its final NUL. */
const LONGEST = 107

/**
 * Where the engine of a central directory listens: `$XDG_RUNTIME_DIR/ize/{8 hex}.sock`, else `/tmp/ize-{uid}/{8 hex}.sock`.
 * The lock file names it for the clients, whose environment may differ from the engine's.
 */
export function socketPath(centralDirectory: string, env: NodeJS.ProcessEnv = process.env): string {
  const name = `${createHash('sha256').update(centralDirectory).digest('hex').slice(0, 8)}.sock`
  const runtime = env['XDG_RUNTIME_DIR']
  if (runtime && isAbsolute(runtime)) {
    const path = join(runtime, 'ize', name)
    if (Buffer.byteLength(path) <= LONGEST) return path
  }
  return join('/tmp', `ize-${process.getuid?.() ?? 0}`, name)
}

/**
 * Makes the socket's directory for its owner alone. Errors: E_SOCKET_UNSAFE when it belongs to someone else, is no
 * directory, or others may enter it: /tmp is open to all, and whoever owns the directory could take the socket's place.
 */
export async function prepareSocketDirectory(socket: string): Promise<void> {
  const directory = dirname(socket)
  await mkdir(directory, { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error
  })
  const found = await lstat(directory)
  if (!found.isDirectory() || found.uid !== process.getuid?.() || (found.mode & 0o077) !== 0) {
    throw new IzeError(
      'E_SOCKET_UNSAFE',
      `${directory}, where the engine's socket belongs, is not a folder of yours alone. Remove it or make it mode 0700, then try again.`,
      { directory },
    )
  }
}
