import type { Params, Result } from '../../../src-preload/contract.ts'
import type { ProjectRecord } from '../project/project-file.ts'
import type { ApiContext } from './context.ts'
import type { Call } from './handlers.ts'
import { projectPath } from './project-path.ts'
import { putBack } from './restore.ts'

/** Puts lines of a version back as a restore, which `undo` takes back. Errors: as of `planRestoreLines` and `restore`. */
export async function restoreLines(
  context: ApiContext,
  project: ProjectRecord,
  { path, from, to, fromLine, fromCount, toLine, toCount, choice }: Params<'history.restoreLines'>,
  { signal }: Pick<Call<'history.restoreLines'>, 'signal'>,
): Promise<Result<'history.restoreLines'>> {
  return context.sessions.use(project, async (session) => {
    await session.flush(signal)
    const query = {
      method: 'planRestoreLines',
      ...{ path: projectPath(path), from, to: to ?? null },
      ...{ fromLine, fromCount, toLine, toCount, choice },
    } as const
    const plan = await context.services.history.ask(project.root, query, { signal })
    if (plan.kind === 'conflict') return plan
    await putBack(context, project, session, plan.steps, { signal, progress: () => undefined })
    return { kind: 'done', sentence: plan.sentence }
  })
}
