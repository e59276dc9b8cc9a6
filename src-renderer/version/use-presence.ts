import type { CallError } from '../bridge/call.ts'
import { useQuery } from '../bridge/use-query.ts'
import type { Presence } from './sides.ts'

export interface PresenceQuery {
  /** Null: not known yet. */
  readonly presence: Presence | null
  /** Why it cannot be known. */
  readonly error: CallError | null
  readonly again: () => void
}

/** What was at a path at a version; null: now. `ask` false: nothing is asked. */
export function usePresence(
  project: string,
  path: string,
  version: string | null,
  stale: unknown,
  ask = true,
): PresenceQuery {
  const params = { project, path, deep: false, limit: 1, ...(version === null ? {} : { version }) }
  const { data, error, again } = useQuery('history.tree', ask ? params : null, { stale })
  if (error) {
    const absence = absenceOf(error)
    return absence ? { presence: absence, error: null, again } : { presence: null, error, again }
  }
  if (!data) return { presence: null, error: null, again }
  const [entry] = data.entries
  const isFile = entry?.path === path && path !== ''
  return { presence: isFile ? { kind: 'file', entry } : { kind: 'folder' }, error: null, again }
}

function absenceOf({ code, message, data }: CallError): Presence | null {
  if (code === 'E_VERSION_ABSENT') return { kind: 'deleted', why: message }
  return code === 'E_VERSION_UNKNOWN' && data['notYet'] === true ? { kind: 'not-yet', why: message } : null
}
