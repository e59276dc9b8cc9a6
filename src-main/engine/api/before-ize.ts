import type { Result } from '../../../src-preload/contract.ts'
import { IzeError } from '../ize-error.ts'
import type { ProjectRecord } from '../project/project-file.ts'
import { inodeOf } from '../sys/inode-of.ts'
import type { ApiContext } from './context.ts'
import { timestampOfMs } from './timestamp.ts'

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
  if ((await inodeOf(kept.folder)) === null) return { before: { folder: kept.folder, since, state: 'gone' } }
  const { state } = await projects.compareOriginal(null, kept.folder, 0, signal)
  return { before: { folder: kept.folder, since, state: state === kept.state ? 'same' : 'changed' } }
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
  const underway = (await journal.list()).found.some(({ uuid }) => uuid === project.uuid)
  if (!before || !kept) throw new IzeError('E_PATH_UNKNOWN', `${project.name} has no original that is kept beside it.`)
  if (before.state === 'changed' || underway) {
    const why = underway ? 'not all of it is in the project yet' : 'something in it was changed since it was imported'
    throw new IzeError('E_BEFORE_CHANGED', `${before.folder} is kept: ${why}. Look at it, and remove it yourself.`, {
      path: before.folder,
    })
  }
  await projects.before.remove(project, kept)
  return { removed: before.folder }
}
