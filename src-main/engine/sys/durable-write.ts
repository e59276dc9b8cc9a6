import { randomBytes } from 'node:crypto'
import { link, open, realpath, rename, stat, unlink } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

/**
 * Replaces a small file so that a crash at any moment leaves either the old content or the new one, whole.
 * A symbolic link is followed, and an existing file keeps its permission bits; `mode` is for a new one.
 */
export async function durableWrite(file: string, content: string | Uint8Array, mode = 0o600): Promise<void> {
  const target = await realpath(file).catch(() => file)
  const kept = await stat(target).then(
    (found) => found.mode & 0o7777,
    () => mode,
  )
  const directory = dirname(target)
  const temporary = join(directory, `.${basename(target)}.${randomBytes(6).toString('hex')}.new`)
  try {
    const handle = await open(temporary, 'wx', 0o600)
    try {
      await handle.writeFile(content)
      await handle.chmod(kept)
      // Before the rename: else the name could reach the disk ahead of the bytes.
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(temporary, target)
  } catch (error) {
    await unlink(temporary).catch(() => undefined)
    throw error
  }
  await syncDirectory(directory)
}

/** Makes a small file, whole or not at all, also over a crash. False: there is one of that name, and it stays as it is. */
export async function durableCreate(file: string, content: string | Uint8Array, mode = 0o600): Promise<boolean> {
  const whole = join(dirname(file), `.${basename(file)}.${randomBytes(6).toString('hex')}`)
  await durableWrite(whole, content, mode)
  try {
    // Unlike a rename, it takes no other file's place.
    await link(whole, file)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  } finally {
    await unlink(whole)
    await syncDirectory(dirname(file))
  }
}

/** Makes names that were created, renamed or removed in a directory survive power loss. */
export async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
