import type { Result } from '../../../src-preload/contract.ts'
import { pathToText } from '../../../src-preload/path-text.ts'
import type { ProjectRecord } from '../project/project-file.ts'
import type { ApiContext } from './context.ts'
import type { Call } from './handlers.ts'
import { presentVersion } from './present.ts'
import { runRestoreProcess } from './run-restore.ts'

/**
 * Puts a version back, as a new one. Before it, everything that was done is brought into history, so that the restore
 * can be undone to exactly what was there; after it, the restore itself is.
 *
 * While the project is mounted a process of its own does it through the mount, as any program would: page cache, open
 * editors and file watchers see it, and the engine's threads never wait for their own mount.
 */
export async function restore(
  { services, sessions }: ApiContext,
  project: ProjectRecord,
  path: string,
  version: string,
  removeOthers: boolean,
  { signal, progress }: Pick<Call<'history.restore'>, 'signal' | 'progress'>,
): Promise<Result<'history.restore'>> {
  return sessions.use(project, async (session) => {
    await session.flush(signal)
    const plan = await services.history.ask(
      project.root,
      { method: 'planRestore', path, version, removeOthers },
      { signal },
    )
    const last = await services.history.ask(project.root, { method: 'changes', before: null, limit: 1 })
    const total = plan.steps.length
    if (total > 0) {
      progress({ done: 0, total })
      const mountPoint = sessions.mountPoint(project)
      if (mountPoint === null) await session.restoreUnmounted(plan.steps)
      else {
        const unversioned = await services.projects.unversioned(project)
        const { root } = project
        const tell = (done: number): void => progress({ done, total })
        await runRestoreProcess({ mountPoint, root, steps: plan.steps, unversioned, signal, progress: tell })
      }
      await session.flush(signal)
    }
    const now = total > 0 ? await services.history.ask(project.root, { method: 'resolve', path, version: null }) : null
    return {
      path: pathToText(path),
      restored: presentVersion(plan.version),
      now: now && presentVersion(now),
      before: plan.before && presentVersion(plan.before),
      type: plan.version.state.type,
      undo: last.changes[0]?.hash ?? null,
      steps: total,
      sentence: plan.sentence,
    }
  })
}
