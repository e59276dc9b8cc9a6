import { rename } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { Result } from '../../../src-preload/contract.ts'
import { pathToText } from '../../../src-preload/path-text.ts'
import { IzeError } from '../ize-error.ts'
import type { ProjectRecord } from '../project/project-file.ts'
import { syncDirectory } from '../sys/durable-write.ts'
import { inodeOf } from '../sys/inode-of.ts'
import type { ApiContext } from './context.ts'
import { timestampOfMs } from './timestamp.ts'

/** Paths that are told of those that were changed. */
const NAMED = 100

/** The kept original of a project that took its place, compared with what it was when all of it was in the project. */
export async function beforeIze(
  { services }: ApiContext,
  project: ProjectRecord,
  signal: AbortSignal,
): Promise<Result<'projects.beforeIze'>> {
  const { projects } = services
  const kept = await projects.before.read(project)
  if (!kept) return { before: null }
  const since = timestampOfMs(kept.since)
  const { folder } = kept
  const nothing = { files: 0, bytes: 0, changed: [], more: 0 }
  if ((await inodeOf(folder)) === null) return { before: { folder, since, state: 'gone', ...nothing } }
  const { state, files, bytes, touched } = await projects.compareOriginal(null, folder, kept.since, signal)
  const counts = { folder, since, files, bytes }
  if (state === kept.state) return { before: { ...counts, state: 'same', changed: [], more: 0 } }
  const changed = touched.slice(0, NAMED).map(pathToText)
  return { before: { ...counts, state: 'changed', changed, more: touched.length - changed.length } }
}

/**
 * Moves that original into a folder: it is the user's from then on. First the rename, synced; then what is known of it
 * goes. Ended in between it is gone from where it was, which is all that is known then.
 * Errors: E_PATH_UNKNOWN, E_BEFORE_CHANGED while it is still needed, E_BEFORE_EXISTS, E_BEFORE_PLACE.
 */
export async function moveBeforeIze(
  { services }: ApiContext,
  project: ProjectRecord,
  into: string,
): Promise<Result<'projects.moveBeforeIze'>> {
  const { projects, journal } = services
  const kept = await projects.before.read(project)
  if (!kept || (await inodeOf(kept.folder)) === null) throw noOriginal(project)
  const { folder } = kept
  if ((await journal.list()).found.some(({ uuid }) => uuid === project.uuid)) throw stillNeeded(folder)
  const moved = join(into, basename(folder))
  if ((await inodeOf(moved)) !== null)
    throw new IzeError('E_BEFORE_EXISTS', `There is already something named ${moved}. Choose another folder.`, {
      path: moved,
    })
  try {
    await rename(folder, moved)
  } catch (error) {
    const other = (error as NodeJS.ErrnoException).code === 'EXDEV'
    const why = other ? 'it is on another disk; copy it there yourself' : (error as Error).message
    throw new IzeError('E_BEFORE_PLACE', `${folder} cannot be moved to ${into}: ${why}.`, { path: into })
  }
  await syncDirectory(into)
  await syncDirectory(dirname(folder))
  await projects.before.forget(project)
  return { moved }
}

function noOriginal({ name }: ProjectRecord): IzeError {
  return new IzeError('E_PATH_UNKNOWN', `${name} has no original that is kept beside it.`)
}

function stillNeeded(folder: string): IzeError {
  const message = `${folder} is kept: not all of it is in the project yet. Try again when that is done.`
  return new IzeError('E_BEFORE_CHANGED', message, { path: folder })
}

/** Errors: E_BEFORE_CHANGED, E_PATH_UNKNOWN. */
export async function removeBeforeIze(
  context: ApiContext,
  project: ProjectRecord,
  signal: AbortSignal,
): Promise<Result<'projects.removeBeforeIze'>> {
  const { projects, journal } = context.services
  const { before } = await beforeIze(context, project, signal)
  const kept = await projects.before.read(project)
  if (!before || !kept) throw noOriginal(project)
  if ((await journal.list()).found.some(({ uuid }) => uuid === project.uuid)) throw stillNeeded(before.folder)
  if (before.state === 'changed') {
    const message = `${before.folder} is kept: something in it was changed since it was imported. Look at it, and remove it yourself.`
    throw new IzeError('E_BEFORE_CHANGED', message, { path: before.folder })
  }
  await projects.before.remove(project, kept)
  return { removed: before.folder }
}
