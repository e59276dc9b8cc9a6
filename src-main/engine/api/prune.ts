import type { Params, Result } from '../../../src-preload/contract.ts'
import type { ProjectRecord } from '../project/project-file.ts'
import { IzeError } from '../ize-error.ts'
import { parsePolicy, POLICY_FORM, policyText } from '../store/retention/policy.ts'
import type { ApiContext } from './context.ts'
import type { Call } from './handlers.ts'
import { timestamp } from './timestamp.ts'

/** What of a request a prune and a packing need; the engine's own have no one to tell. */
export type Circumstances = Pick<Call<'history.prune'>, 'signal' | 'progress'>

/** Lets go of what the settings, or `keep` and `limit`, do not keep; with `dryRun` it is only said what that is. */
export async function prune(
  { services, sessions }: ApiContext,
  project: ProjectRecord,
  { dryRun = false, ...wish }: Omit<Params<'history.prune'>, 'project'>,
  { signal, progress }: Circumstances,
): Promise<Result<'history.prune'>> {
  const { history, config } = services
  const keep = normal(wish.keep ?? String((await config.get(project, 'retention.keep')).value))
  const limit = wish.limit ?? Number((await config.get(project, 'retention.limit-bytes')).value)
  return sessions.use(project, async (session) => {
    progress({ phase: 'plan', done: 0, total: null })
    const query = { method: 'planPrune', keep, limit, now: Date.now() } as const
    const { order, oldest, ...plan } = await history.ask(project.root, query, { signal })
    const told = { keep, limit, ...plan, oldest: oldest && timestamp(...oldest) }
    if (dryRun || order.objects.length === 0) return { ...told, packed: null }
    const { before, after } = await session.collect(order, { signal, progress })
    // Whoever reads has the old packs open.
    history.refresh(project.root)
    return { ...told, packed: { before, after } }
  })
}

/** Errors: E_ARGUMENT. */
function normal(keep: string): string {
  const policy = parsePolicy(keep)
  if (policy) return policyText(policy)
  throw new IzeError('E_ARGUMENT', `"${keep}" does not say what is to be kept; write ${POLICY_FORM}.`)
}
