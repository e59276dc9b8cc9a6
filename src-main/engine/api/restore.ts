import type { Result } from '../../../src-preload/contract.ts'
import { pathToText } from '../../../src-preload/path-text.ts'
import type { RestoreEffects } from '../history/restore-steps.ts'
import type { ProjectRecord } from '../project/project-file.ts'
import type { ProjectSession, RestoreStep } from '../project/session.ts'
import type { ApiContext } from './context.ts'
import type { Call } from './handlers.ts'
import { presentVersion } from './present.ts'
import { readRestoreNote, writeRestoreNote } from './restore-note.ts'
import { runRestoreProcess } from './run-restore.ts'
import { timestamp } from './timestamp.ts'

export interface RestoreWish {
  readonly path: string
  readonly version: string
  readonly removeOthers: boolean
  /** Say what would be done, and do nothing. */
  readonly dryRun: boolean
}

export type Circumstances = Pick<Call<'history.restore'>, 'signal' | 'progress'>

/**
 * Puts a version back, as a new one. Before it, everything that was done is brought into history, so that the restore
 * can be undone to exactly what was there; after it, the restore itself is.
 */
export async function restore(
  context: ApiContext,
  project: ProjectRecord,
  { path, version, removeOthers, dryRun }: RestoreWish,
  call: Circumstances,
): Promise<Result<'history.restore'>> {
  const { history } = context.services
  return context.sessions.use(project, async (session) => {
    await session.flush(call.signal)
    const query = { method: 'planRestore', path, version, removeOthers } as const
    const plan = await history.ask(project.root, query, { signal: call.signal })
    const last = await newestChange(context, project)
    const total = plan.steps.length
    if (!dryRun) await putBack(context, project, session, plan.steps, call)
    const newest = { method: 'resolve', path, version: null } as const
    const now = total > 0 && !dryRun ? await history.ask(project.root, newest) : null
    return {
      path: pathToText(path),
      restored: presentVersion(plan.version),
      now: now && presentVersion(now),
      before: plan.before && presentVersion(plan.before),
      type: plan.version.state.type,
      undo: last,
      steps: total,
      effects: presentEffects(plan.effects),
      sentence: plan.sentence,
    }
  })
}

/** Takes the last restore back. Errors: E_NOTHING_TO_UNDO, and as of `restore`. */
export async function undo(
  context: ApiContext,
  project: ProjectRecord,
  dryRun: boolean,
  call: Circumstances,
): Promise<Result<'history.undo'>> {
  return context.sessions.use(project, async (session) => {
    await session.flush(call.signal)
    const query = { method: 'planUndo', noted: await readRestoreNote(project.root) } as const
    const plan = await context.services.history.ask(project.root, query, { signal: call.signal })
    if (!dryRun) await putBack(context, project, session, plan.steps, call)
    const { hash, time } = plan.undone
    return {
      undone: { hash, time: timestamp(...time) },
      steps: plan.steps.length,
      effects: presentEffects(plan.effects),
      sentence: plan.sentence,
    }
  })
}

/**
 * While the project is mounted a process of its own does the steps through the mount, as any program would: page cache,
 * open editors and file watchers see it, and the engine's threads never wait for their own mount.
 */
export async function putBack(
  context: ApiContext,
  project: ProjectRecord,
  session: ProjectSession,
  steps: readonly RestoreStep[],
  { signal, progress }: Circumstances,
): Promise<void> {
  const total = steps.length
  if (total === 0) return
  progress({ done: 0, total })
  await writeRestoreNote(project.root, await newestChange(context, project))
  const mountPoint = context.sessions.mountPoint(project)
  if (mountPoint === null) await session.restoreUnmounted(steps)
  else {
    const unversioned = await context.services.projects.unversioned(project)
    const tell = (done: number): void => progress({ done, total })
    await runRestoreProcess({ mountPoint, root: project.root, steps, unversioned, signal, progress: tell })
  }
  await session.flush(signal)
}

async function newestChange({ services }: ApiContext, project: ProjectRecord): Promise<string | null> {
  const { changes } = await services.history.ask(project.root, { method: 'changes', before: null, limit: 1 })
  return changes[0]?.hash ?? null
}

/** Paths that an answer names of each kind; there may be hundreds of thousands. */
const NAMED = 1000

function presentEffects(effects: RestoreEffects): Result<'history.undo'>['effects'] {
  const present = (paths: readonly string[]): { count: number; paths: string[] } => ({
    count: paths.length,
    paths: paths.slice(0, NAMED).map(pathToText),
  })
  const { created, overwritten, removed } = effects
  return { created: present(created), overwritten: present(overwritten), removed: present(removed) }
}
