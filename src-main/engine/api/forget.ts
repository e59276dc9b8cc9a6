import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Result } from '../../../src-preload/contract.ts'
import { pathToText } from '../../../src-preload/path-text.ts'
import type { ForgetPlan } from '../history/forget-plan.ts'
import type { Version } from '../history/version-rows.ts'
import { projectLayout } from '../project/layout.ts'
import type { ProjectRecord } from '../project/project-file.ts'
import type { ApiContext } from './context.ts'
import type { Call } from './handlers.ts'
import { tellHistoryChanged } from './history-changed.ts'
import { presentVersion } from './present.ts'

export interface ForgetWish {
  readonly path: string
  /** Null: all versions. */
  readonly versions: readonly string[] | null
  /** Only say what would go. */
  readonly dryRun: boolean
}

/**
 * Forgets the contents of versions for good, or says what would go. All that was done before is brought into history
 * first, so that what files have now is known. Errors: as of `planForget`, E_FORGET.
 */
export async function forget(
  context: ApiContext,
  project: ProjectRecord,
  { path, versions, dryRun }: ForgetWish,
  { signal, progress }: Pick<Call<'history.forget'>, 'signal' | 'progress'>,
): Promise<Result<'history.forget'>> {
  const { services, sessions } = context
  const { history } = services
  return sessions.use(project, async (session) => {
    await session.flush(signal)
    progress({ step: 'check' })
    const query = { method: 'planForget', path, versions: versions && [...versions] } as const
    const plan = await history.ask(project.root, query, { signal })
    if (!dryRun && plan.objects.length > 0) {
      // What has the store or search.db open would keep removed files on the disk.
      await history.forget(project.root)
      await session.forget(plan.objects, (step) => progress({ step }))
      await history.forget(project.root)
      await tellHistoryChanged(context, project)
    }
    return present(plan, warningsOf(project, plan), !dryRun)
  })
}

function present(plan: ForgetPlan, warnings: string[], done: boolean): Result<'history.forget'> {
  const { goes, also, stays, already, objects, bytes } = plan
  const facts = (version: Version): Result<'history.forget'>['goes'][number] => ({
    ...presentVersion(version),
    size: version.state.size ?? 0,
  })
  return {
    goes: goes.map(facts),
    also: also.map(facts),
    stays: stays.map(({ version, path }) => ({ ...facts(version), heldBy: pathToText(path) })),
    ...{ already, contents: objects.length, bytes, warnings, done },
  }
}

/** Where a copy may be that is not touched. */
function warningsOf({ root }: ProjectRecord, { objects }: ForgetPlan): string[] {
  const damaged = join(projectLayout(root).dirty, 'damaged')
  if (objects.length === 0 || !existsSync(damaged) || readdirSync(damaged).length === 0) return []
  return [`${damaged} has parts of a damaged log, which Ize never removes: look whether what you forget is in them.`]
}
