import { chmod, mkdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { IzeError } from '../ize-error.ts'

/** The folder that holds everything of one user's projects (docs/state-directory.md). */
export interface CentralDirectory {
  readonly path: string
  readonly projects: string
  readonly configFile: string
  readonly lock: string
}

export function centralDirectory(path: string): CentralDirectory {
  return {
    path,
    projects: join(path, 'projects'),
    configFile: join(path, 'config.toml'),
    lock: join(path, 'engine.lock'),
  }
}

/**
 * Makes the central directory when it is absent and shuts everyone else out of it: it holds copies of whatever the
 * user works on. Errors: E_CENTRAL_DIR.
 */
export async function openCentralDirectory(path: string): Promise<CentralDirectory> {
  const central = centralDirectory(path)
  try {
    await mkdir(central.projects, { recursive: true, mode: 0o700 })
    const found = await stat(path)
    const user = process.geteuid?.()
    if (user !== undefined && found.uid !== user) {
      throw new IzeError(
        'E_CENTRAL_DIR',
        `The central directory ${path} belongs to user ${found.uid}, not to you (${user}). Choose another with: ize config set --user central-dir <folder>.`,
        { path },
      )
    }
    if ((found.mode & 0o077) !== 0) await chmod(path, 0o700)
  } catch (error) {
    if (error instanceof IzeError) throw error
    throw new IzeError(
      'E_CENTRAL_DIR',
      `The central directory ${path} cannot be used: ${(error as Error).message}.`,
      { path },
      { cause: error },
    )
  }
  return central
}

/** Where a project is while it is made, and while it is removed: names that no list shows and every start sweeps. */
export function stagingFolder(projects: string, uuid: string): string {
  return join(projects, `.${uuid}.partial`)
}

export function removedFolder(projects: string, uuid: string): string {
  return join(projects, `.${uuid}.removed`)
}

export function isLeftover(name: string): boolean {
  return /^\..*\.(partial|removed)$/.test(name)
}
