import { mkdir } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { Progress, Result } from '../../../src-preload/contract.ts'
import { IzeError } from '../ize-error.ts'
import type { Undertaking } from '../project/journal.ts'
import type { ProjectRecord } from '../project/project-file.ts'
import { inodeOf } from '../sys/inode-of.ts'
import { reached } from '../sys/failpoint.ts'
import { removeTree } from '../sys/remove-tree.ts'
import type { ApiContext } from './context.ts'
import type { Call } from './handlers.ts'
import { mountProject } from './mount-project.ts'
import { withReadablePaths } from './readable-paths.ts'

type Stopping = Extract<Undertaking, { kind: 'stop-remembering' }>

/**
 * Turns a project back into a plain folder at its mount point:
 *
 * 1. journal: `verified` is null; 2. the folder is written beside and compared byte for byte; 3. journal: which folder it
 * is; 4. it takes the empty mount point's place, by one rename; 5. the project is removed; 6. the journal's entry goes.
 *
 * Ended before 4, the next start removes what was written and keeps the project; from 4 on it removes the project.
 */
export async function stopRemembering(
  context: ApiContext,
  project: ProjectRecord,
  { progress, signal }: Pick<Call<'projects.stopRemembering'>, 'progress' | 'signal'>,
): Promise<Result<'projects.stopRemembering'>> {
  const { services, sessions, hub } = context
  const { journal, mountPoints, registry } = services
  const folder = project.mountPoint
  if (folder === null) {
    const advice = `Export it: ize export "${project.name}" <folder>.`
    throw new IzeError(
      'E_NOT_MOUNTED',
      `${project.name} was never mounted, so there is no place to leave it at. ${advice}`,
    )
  }
  const mounted = sessions.mountPoint(project) !== null
  if (!mounted) await mountPoints.checkEmpty(folder)
  await sessions.unmount(project, { force: false, lazy: false }).catch((error: unknown) => {
    throw withReadablePaths(error)
  })
  await registry.setMount(project, folder, false)
  const begun: Stopping = {
    kind: 'stop-remembering',
    uuid: project.uuid,
    folder,
    partial: join(dirname(folder), `.${basename(folder)}.${project.uuid.slice(0, 8)}.ize-partial`),
    mounted,
    verified: null,
  }
  try {
    await sessions.use(project, (session) => session.flush(signal))
    const counts = await sessions.withClosed(project, async () => {
      await services.history.forget(project.root)
      await mountPoints.checkEmpty(folder)
      await journal.write(begun)
      return finish(context, project, begun, progress, signal)
    })
    hub.projectsChanged()
    return { folder, ...counts }
  } catch (error) {
    await asItWas(context, project, begun)
    hub.projectsChanged()
    throw error
  }
}

/** What failed midway leaves the project as it was, unless the folder is in its place: then the next start goes on. */
async function asItWas(context: ApiContext, project: ProjectRecord, begun: Stopping): Promise<void> {
  const { journal, registry } = context.services
  const entry = (await journal.list()).found.find(({ uuid }) => uuid === begun.uuid)
  if (entry?.kind === 'stop-remembering' && !(await undoStopping(context, entry))) return
  if (!entry) await registry.setMount(project, begun.folder, begun.mounted)
  if (!begun.mounted) return
  try {
    await mountProject(context, project, begun.folder)
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    context.sessions.setProblem(project, `It could not be mounted again: ${message}`)
  }
}

async function finish(
  { services }: ApiContext,
  project: ProjectRecord,
  begun: Stopping,
  progress: (done: Progress<'projects.stopRemembering'>) => void,
  signal: AbortSignal,
): Promise<{ files: number; directories: number; bytes: number }> {
  const { journal, mountPoints, projects } = services
  await mkdir(begun.partial, { mode: 0o700 }).catch((error: unknown) => {
    const why = error instanceof Error ? error.message : String(error)
    throw new IzeError('E_EXPORT', `A folder cannot be made beside ${begun.folder} (${why}); the project is kept.`)
  })
  const { inode, ...counts } = await projects.writePlain(project, begun.partial, progress, signal)
  reached('plain-folder-written')
  await journal.write({ ...begun, verified: inode })
  reached('plain-folder-verified')
  await mountPoints.replace(begun.folder, begun.partial)
  reached('plain-folder-placed')
  await projects.remove(project)
  reached('plain-folder-left')
  await journal.remove(begun.uuid)
  return counts
}

/** After an end in the middle: whichever of the folder and the project is whole stays, never neither. */
export async function settleStopping(context: ApiContext, begun: Stopping): Promise<void> {
  const { registry, projects, journal } = context.services
  const project = (await registry.list()).projects.find(({ uuid }) => uuid === begun.uuid)
  if (!project) return journal.remove(begun.uuid)
  if (!(await isPlaced(begun))) return void (await undoStopping(context, begun))
  await projects.remove(project)
  await journal.remove(begun.uuid)
}

async function undoStopping({ services }: ApiContext, begun: Stopping): Promise<boolean> {
  const { folder, partial, uuid, mounted } = begun
  // In its place it is the user's; what failed is the removal of the project, which the next start does.
  if (await isPlaced(begun)) return false
  await removeTree(partial)
  await services.mountPoints.release(folder)
  const project = (await services.registry.list()).projects.find((one) => one.uuid === uuid)
  if (project) await services.registry.setMount(project, folder, mounted)
  await services.journal.remove(uuid)
  return true
}

/** Whether the folder that was written stands in its place. */
async function isPlaced({ folder, partial, verified }: Stopping): Promise<boolean> {
  if (verified === null || (await inodeOf(partial)) !== null) return false
  return (await inodeOf(folder)) === verified
}
