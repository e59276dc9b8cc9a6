import type { Params, Result } from '../../../src-preload/contract.ts'
import type { ProjectRecord } from '../project/project-file.ts'
import { IzeError } from '../ize-error.ts'
import { parsePolicy, POLICY_FORM, policyText } from '../store/retention/policy.ts'
import type { ApiContext } from './context.ts'
import type { Call } from './handlers.ts'
import { tellHistoryChanged } from './history-changed.ts'
import { timestamp } from './timestamp.ts'

/** Below this there is nothing to be had by folding. */
const FOLD_BYTES = 4 * 1024 * 1024
/** Pijul's share is due when it is so many times what the store takes. */
const FOLD_SHARE = 2

/** What of a request a prune and a packing need; the engine's own have no one to tell. */
export type Circumstances = Pick<Call<'history.prune'>, 'signal' | 'progress'>

/** Lets go of what the settings, or `keep` and `limit`, do not keep; with `dryRun` it is only said what that is. */
export async function prune(
  context: ApiContext,
  project: ProjectRecord,
  { dryRun = false, ...wish }: Omit<Params<'history.prune'>, 'project'>,
  { signal, progress }: Circumstances,
): Promise<Result<'history.prune'>> {
  const { services, sessions } = context
  const { history, config } = services
  const keep = normal(wish.keep ?? String((await config.get(project, 'retention.keep')).value))
  const limit = wish.limit ?? Number((await config.get(project, 'retention.limit-bytes')).value)
  return sessions.use(project, async (session) => {
    progress({ phase: 'plan', done: 0, total: null })
    const query = { method: 'planPrune', keep, limit, now: Date.now() } as const
    const { order, oldest, ...plan } = await history.ask(project.root, query, { signal })
    const told = { keep, limit, ...plan, oldest: oldest && timestamp(...oldest) }
    if (dryRun || order.objects.length === 0) {
      return { ...told, packed: null, folded: 0, due: (await session.status()).pruneDue }
    }
    const { before, after } = await session.collect(order, { signal, progress })
    const { pijul, store } = await history.ask(project.root, { method: 'size', limit: 1 }, { signal })
    const folded = foldIsDue(pijul, store) ? await session.fold() : null
    // Whoever reads has the old packs open.
    history.refresh(project.root)
    await tellHistoryChanged(context, project)
    return { ...told, packed: { before, after }, folded: folded?.folded ?? 0, due: null }
  })
}

/** Pijul has a second copy of every text that ever was; what was pruned is gone from there once it is folded. */
function foldIsDue(pijul: number, store: number): boolean {
  return pijul > FOLD_BYTES && pijul > FOLD_SHARE * store
}

/** Errors: E_ARGUMENT. */
function normal(keep: string): string {
  const policy = parsePolicy(keep)
  if (policy) return policyText(policy)
  throw new IzeError('E_ARGUMENT', `"${keep}" does not say what is to be kept; write ${POLICY_FORM}.`)
}
