import { rename } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Result } from '../../../src-preload/contract.ts'
import { pathToText } from '../../../src-preload/path-text.ts'
import { IzeError } from '../ize-error.ts'
import { foundFolders, waitingNames } from '../project/found-folders.ts'
import type { ProjectRecord } from '../project/project-file.ts'
import { syncDirectory } from '../sys/durable-write.ts'
import { reached } from '../sys/failpoint.ts'
import { inodeOf } from '../sys/inode-of.ts'
import type { ApiContext } from './context.ts'
import type { Call } from './handlers.ts'
import { runAdoptFound } from './run-adopt.ts'
import { timestampOfMs } from './timestamp.ts'

/** Names that are told of what lies at the mount point. */
const NAMED = 5

/** What programs have put at the mount point while the project was not mounted. */
export async function foundOf(project: ProjectRecord): Promise<Result<'projects.found'>> {
  const { mountPoint } = project
  if (mountPoint === null) return { found: [], waiting: null }
  const waiting = await waitingNames(mountPoint)
  const found = await foundFolders(mountPoint)
  return {
    found: found.map(({ folder, since, files, bytes, names }) => ({
      ...{ folder, files, bytes, since: timestampOfMs(since), names: names.map(pathToText) },
    })),
    waiting:
      waiting.length === 0
        ? null
        : {
            folder: mountPoint,
            names: waiting.slice(0, NAMED).map(pathToText),
            more: Math.max(0, waiting.length - NAMED),
          },
  }
}

/**
 * Takes a folder that was found into the mounted project:
 *
 * 1. what is in it is copied through the mount, compared, and named: nothing is written over; 2. all of it comes into
 * history; 3. the folder gets another name, and is offered no more.
 *
 * The originals are never removed. Ended before 3, it is offered again, and doing all of it again does only what is
 * missing. Errors: E_NOT_MOUNTED, E_PATH_UNKNOWN, E_SPACE, E_EXPORT.
 */
export async function adoptFound(
  { sessions }: ApiContext,
  project: ProjectRecord,
  folder: string,
  { signal }: Pick<Call<'projects.adopt'>, 'signal'>,
): Promise<Result<'projects.adopt'>> {
  const mountPoint = sessions.mountPoint(project)
  if (mountPoint === null) {
    const message = `${project.name} is not mounted. Mount it first: ize mount "${project.name}".`
    throw new IzeError('E_NOT_MOUNTED', message, { project: project.name })
  }
  const found = (await foundFolders(mountPoint)).find((one) => one.folder === folder)
  if (!found) {
    const message = `${folder} is not what was found at the mount point of ${project.name}; "ize init --from" imports any folder.`
    throw new IzeError('E_PATH_UNKNOWN', message, { path: folder })
  }
  const { taken, same, renamed } = await runAdoptFound(folder, mountPoint, `found ${found.stamp}`)
  reached('found-copied')
  await sessions.use(project, (session) => session.flush(signal))
  reached('found-recorded')
  const moved = await free(`${mountPoint} (taken in ${found.stamp})`)
  await rename(folder, moved)
  await syncDirectory(dirname(moved))
  const present = renamed.map(({ path, as }) => ({ path: pathToText(path), as: pathToText(as) }))
  return { taken, same, renamed: present, moved }
}

async function free(wanted: string): Promise<string> {
  for (let number = 1; ; number++) {
    const path = number === 1 ? wanted : `${wanted} ${number}`
    if ((await inodeOf(path)) === null) return path
  }
}
