import { useQuery } from '../bridge/use-query.ts'
import type { CallError } from '../bridge/call.ts'
import type { Moment } from '../state/projects.ts'
import { parseMoment } from './moments/choose.ts'

export type ChosenMoment =
  | { readonly state: 'none'; readonly moment: null }
  | { readonly state: 'loading'; readonly moment: null }
  | { readonly state: 'ready'; readonly moment: Moment }
  /** It is in the address and no longer, or never was, in the history. */
  | { readonly state: 'gone'; readonly moment: null }
  | { readonly state: 'failed'; readonly moment: null; readonly error: CallError }

/** The moment that the address names: one of the list, or asked for. */
export function useMoment(project: string, name: string | undefined, shown: readonly Moment[]): ChosenMoment {
  const wanted = name === undefined ? null : parseMoment(name)
  const known = wanted && (shown.find(({ first }) => first === wanted.first) ?? null)
  const params = wanted && !known ? { project, before: wanted.first + 1, limit: 1 } : null
  const asked = useQuery('history.moments', params, { keep: true })
  if (name === undefined) return { state: 'none', moment: null }
  if (!wanted) return { state: 'gone', moment: null }
  if (known) return { state: 'ready', moment: known }
  const [found] = asked.data?.moments ?? []
  if (found && found.first <= wanted.first && found.last >= wanted.first) return { state: 'ready', moment: found }
  if (asked.state === 'failed') return { state: 'failed', moment: null, error: asked.error }
  return asked.state === 'loading' ? { state: 'loading', moment: null } : { state: 'gone', moment: null }
}
