import { constants } from 'node:fs'
import { chmod, lstat, mkdir, readdir, realpath, rename, rmdir, stat, unlink, writeFile } from 'node:fs/promises'
import { basename, dirname, isAbsolute, join, resolve } from 'node:path'
import { IzeError } from '../ize-error.ts'
import { syncDirectory } from '../sys/durable-write.ts'
import { chmodAt, closeFd, openAt } from '../sys/native.ts'
import type { CentralDirectory } from './central-directory.ts'
import { checkPlace } from './mount-checks.ts'
import { allMounts, izeMounts, within } from './mounts.ts'
import type { ProjectRecord } from './project-file.ts'
import { clearStaleMounts } from './stale-mounts.ts'

/** What a mount point holds while nothing is mounted there. */
export const NOTE = 'NOT MOUNTED - open Ize.txt'
const GUARDED = 0o555
const OPEN = 0o755
const O_PATH = 0o10000000
const AT_FDCWD = -100

export interface PreparedMountPoint {
  /** Resolved. */
  readonly mountPoint: string
  /** Folder into which what lay there was moved; null: there was nothing but the note. */
  readonly kept: string | null
}

/**
 * The folders projects are mounted at. One that is not mounted is 0555 and holds a note, so that it is never a silently
 * empty folder that programs write into; what some program put there all the same is moved beside it and named.
 */
export class MountPoints {
  constructor(private readonly central: CentralDirectory) {}

  /**
   * Checks a folder, makes it when it is absent, clears a mount whose engine died, and opens the folder for mounting.
   * `live` are the mount points this engine serves. Errors: E_MOUNT_NOT_DIRECTORY, E_MOUNT_NOT_EMPTY,
   * E_MOUNT_INSIDE_CENTRAL, E_MOUNT_INSIDE_MOUNT, E_MOUNT_SYSTEM, E_MOUNTED, E_MOUNT_FAILED.
   */
  async prepare(wanted: string, live: readonly string[]): Promise<PreparedMountPoint> {
    if (!isAbsolute(wanted)) throw failed('E_MOUNT_NOT_DIRECTORY', wanted, 'the path must be absolute')
    const central = await realpath(this.central.path)
    const path = resolve(wanted)
    await clearStaleMounts(path, live)
    // Before and after links are followed: nothing under a live mount is to be touched.
    await checkPlace(path, central)
    const made = await makeFolder(path)
    const mountPoint = await realpath(path)
    if (mountPoint !== path) {
      await clearStaleMounts(mountPoint, live)
      await checkPlace(mountPoint, central)
    }
    const kept = made ? null : await this.keepStrays(mountPoint)
    await this.open(mountPoint)
    return { mountPoint, kept }
  }

  /**
   * Shuts the folder below the mount while it is mounted, so that it is shut too when the machine stops without an
   * unmount. Call it before mounting and `shut` of what it returns after.
   */
  guard(mountPoint: string): { shut(): void; close(): void } {
    const fd = openAt(AT_FDCWD, Buffer.from(mountPoint).toString('latin1'), O_PATH | constants.O_DIRECTORY, 0)
    return {
      // Not being able to is no reason to fail a mount that works.
      shut: () => void (fd >= 0 && chmodAt(fd, '', GUARDED)),
      close: () => void (fd >= 0 && closeFd(fd)),
    }
  }

  /** After an unmount: the note and the mode again. A folder that is gone, or another's mount, is left alone. */
  async release(mountPoint: string): Promise<void> {
    if ((await allMounts()).some(({ path }) => path === mountPoint) || (await this.underMount(mountPoint))) return
    try {
      if (!(await lstat(mountPoint)).isDirectory()) return
      await chmod(mountPoint, OPEN)
      await writeNote(mountPoint)
      await chmod(mountPoint, GUARDED)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return
      throw failed('E_MOUNT_FAILED', mountPoint, `the note cannot be left there (${(error as Error).message})`, error)
    }
  }

  /**
   * Puts a plain folder where the mount point is, which holds nothing but the note or is absent: the note goes, and one
   * rename takes the empty folder's place. Errors: E_MOUNT_NOT_EMPTY, E_MOUNT_FAILED.
   */
  async replace(mountPoint: string, by: string): Promise<void> {
    await this.checkEmpty(mountPoint)
    try {
      if (await lstat(mountPoint).catch(() => null)) {
        await chmod(mountPoint, OPEN)
        await unlink(join(mountPoint, NOTE)).catch(unlessAbsent)
      }
      await rename(by, mountPoint)
      await syncDirectory(dirname(mountPoint))
    } catch (error) {
      const why = `the plain folder cannot be put there (${(error as Error).message})`
      throw failed('E_MOUNT_FAILED', mountPoint, why, error)
    }
  }

  /** Errors: E_MOUNT_NOT_EMPTY when it holds more than the note, or something is mounted there; E_MOUNT_NOT_DIRECTORY. */
  async checkEmpty(mountPoint: string): Promise<void> {
    if ((await allMounts()).some(({ path }) => path === mountPoint) || (await this.underMount(mountPoint)))
      throw failed('E_MOUNT_NOT_EMPTY', mountPoint, 'something is mounted there')
    const stats = await lstat(mountPoint).catch(unlessAbsent)
    if (!stats) return
    if (!stats.isDirectory()) throw failed('E_MOUNT_NOT_DIRECTORY', mountPoint, 'it is not a folder')
    const [stray] = (await readdir(mountPoint)).filter((name) => name !== NOTE)
    if (stray !== undefined)
      throw failed(
        'E_MOUNT_NOT_EMPTY',
        mountPoint,
        `it holds "${stray}", which was put there while nothing was mounted`,
      )
  }

  /** For a project that is removed: takes the note away, and the folder when it is empty then. */
  async abandon(mountPoint: string): Promise<void> {
    if ((await allMounts()).some(({ path }) => path === mountPoint) || (await this.underMount(mountPoint))) return
    try {
      const names = await readdir(mountPoint)
      if (!names.includes(NOTE)) return
      await chmod(mountPoint, OPEN)
      await unlink(join(mountPoint, NOTE))
      if (names.length === 1) await rmdir(mountPoint)
    } catch {
      // The folder is the user's own now; that it stays as it is harms nobody.
    }
  }

  /** Moves what lies in a guarded folder beside it; a folder that Ize never guarded must be empty. */
  private async keepStrays(mountPoint: string): Promise<string | null> {
    const names = await readdir(mountPoint)
    const strays = names.filter((name) => name !== NOTE)
    if (strays.length === 0) return null
    const shown =
      strays
        .slice(0, 3)
        .map((name) => `"${name}"`)
        .join(', ') + (strays.length > 3 ? ` and ${strays.length - 3} more` : '')
    if (!names.includes(NOTE)) {
      throw failed(
        'E_MOUNT_NOT_EMPTY',
        mountPoint,
        `the folder is not empty (${shown}); mounting would hide that. Import it with "ize init <name> --from ${mountPoint}", or name an empty folder`,
      )
    }
    const kept = foundName(mountPoint, new Date())
    try {
      await chmod(mountPoint, OPEN)
      await mkdir(kept)
      for (const name of await readdir(mountPoint, 'buffer')) {
        if (name.equals(Buffer.from(NOTE))) continue
        await rename(
          Buffer.concat([Buffer.from(`${mountPoint}/`), name]),
          Buffer.concat([Buffer.from(`${kept}/`), name]),
        )
      }
    } catch (error) {
      throw failed(
        'E_MOUNT_NOT_EMPTY',
        mountPoint,
        `programs have put something there while it was not mounted (${shown}), and it cannot be moved to ${kept} (${(error as Error).message}). Move it away`,
        error,
      )
    }
    return kept
  }

  /** Root may mount over a shut folder; fusermount3 asks whether its user may write there. */
  private async open(mountPoint: string): Promise<void> {
    try {
      const { uid, mode } = await stat(mountPoint)
      const user = process.geteuid?.() ?? 0
      if (user === 0 || (mode & 0o200 && uid === user)) return
      await chmod(mountPoint, OPEN)
    } catch (error) {
      throw failed('E_MOUNT_FAILED', mountPoint, `the folder is not yours (${(error as Error).message})`, error)
    }
  }

  private async underMount(path: string): Promise<boolean> {
    return (await izeMounts()).some((mount) => within(path, mount.path))
  }
}

/** Where what was found at a mount point is kept: beside it, under a name with the time (in UTC). */
export function foundName(mountPoint: string, now: Date): string {
  const stamp = now.toISOString().slice(0, 19).replaceAll(':', '.').replace('T', ' ')
  return join(dirname(mountPoint), `${basename(mountPoint)} (found ${stamp})`)
}

export function mountPointOf(project: ProjectRecord, wanted: string | undefined): string {
  if (wanted) return wanted
  if (project.mountPoint) return project.mountPoint
  throw new IzeError(
    'E_MOUNT_NOT_DIRECTORY',
    `"${project.name}" was never mounted: say where, as in: ize mount "${project.name}" ~/work/${project.name}`,
    { project: project.name },
  )
}

/** True when the folder had to be made. */
async function makeFolder(path: string): Promise<boolean> {
  try {
    const first = await mkdir(path, { recursive: true })
    if (first !== undefined) return true
    return false
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code === 'EEXIST' || code === 'ENOTDIR')
      throw failed('E_MOUNT_NOT_DIRECTORY', path, 'there is something that is not a folder', error)
    throw failed('E_MOUNT_FAILED', path, `the folder cannot be made (${(error as Error).message})`, error)
  }
}

async function writeNote(mountPoint: string): Promise<void> {
  const text =
    'This folder is empty because its Ize project is not mounted. Nothing is lost.\n' +
    'To have your files here again, open Ize, or type:  ize mount <project>   ("ize list" names the projects)\n' +
    'Please do not put files here meanwhile.\n'
  await writeFile(join(mountPoint, NOTE), text, { mode: 0o444, flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error
  })
}

function unlessAbsent(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT') return null
  throw error
}

function failed(code: string, path: string, why: string, cause?: unknown): IzeError {
  return new IzeError(
    code,
    `A project cannot be mounted at ${path}: ${why}.`,
    { mountPoint: path },
    cause === undefined ? {} : { cause },
  )
}
