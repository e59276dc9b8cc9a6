import type { Params, Result } from '../../../src-preload/contract.ts'
import { pathToText } from '../../../src-preload/path-text.ts'
import type { ProjectRecord } from '../project/project-file.ts'
import type { ApiContext } from './context.ts'
import { projectPath } from './project-path.ts'
import { type Circumstances, putBack } from './restore.ts'

/** Paths that an answer names; those with something to choose come first. */
const NAMED = 1000

/** Takes back what consecutive changes did, as one restore, which `undo` takes back in turn. Errors: as of `planUndoMoment`. */
export async function undoMoment(
  context: ApiContext,
  project: ProjectRecord,
  { first, last, choices = [], dryRun = false }: Params<'history.undoMoment'>,
  call: Circumstances,
): Promise<Result<'history.undoMoment'>> {
  return context.sessions.use(project, async (session) => {
    await session.flush(call.signal)
    const chosen = new Map(choices.map(({ path, choice }) => [projectPath(path), choice]))
    const query = { method: 'planUndoMoment', first, last, choices: chosen } as const
    const plan = await context.services.history.ask(project.root, query, { signal: call.signal })
    if (!dryRun) await putBack(context, project, session, plan.steps, call)
    const asked = plan.paths.filter(({ state }) => state === 'choose')
    const others = plan.paths.filter(({ state }) => state !== 'choose')
    const paths = [...asked, ...others].slice(0, NAMED)
    return {
      paths: paths.map(({ path, ...rest }) => ({ ...rest, path: pathToText(path) })),
      more: plan.paths.length - paths.length,
      restored: plan.restored,
      kept: plan.kept,
      sentence: plan.sentence,
    }
  })
}
