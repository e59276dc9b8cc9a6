import { assertNever } from '../assert-never.ts'
import type { EntryKind, FileType } from './change-metadata.ts'
import { type Comparison, comparePoints, type Pair } from './compare-trees.ts'
import { diffContents } from './diff-contents.ts'
import type { OpenHistory } from './open-history.ts'
import { sameState } from './same-state.ts'

export interface StatQuery extends Comparison {
  /** The path that the page before ended with; empty for the first. */
  readonly after: string
  readonly limit: number
}

export interface FileStat {
  readonly path: string
  /** Where it was at the earlier time; null: not there. */
  readonly from: string | null
  readonly type: FileType
  readonly action: EntryKind
  /** Lines; null: not compared line by line, or pruned. */
  readonly added: number | null
  readonly removed: number | null
}

export interface Stat {
  /** Of the whole comparison, whatever the page. */
  readonly counts: Readonly<Record<EntryKind, number>>
  readonly next: string | null
}

/**
 * What became of each file and folder between two versions: one at a time, so that the caller may stop between them, at
 * last how many there are. Errors: as of `resolveVersion`; those of the object store.
 */
export function* statVersions(history: OpenHistory, query: StatQuery): Generator<FileStat, Stat> {
  const changed = comparePoints(history.sqlite, query).flatMap((pair) => {
    const action = actionOf(pair)
    return action === null ? [] : [{ ...pair, action }]
  })
  const counts = { create: 0, edit: 0, delete: 0, rename: 0, attributes: 0 }
  for (const { action } of changed) counts[action]++
  const rest = query.after === '' ? changed : changed.filter(({ path }) => path > query.after)
  const page = rest.slice(0, query.limit)
  for (const { path, from, to, action } of page) {
    const { type } = (to ?? from)?.version.state ?? { type: 'file' }
    yield { path, from: from?.path ?? null, type, action, ...lines(history, { path, from, to }) }
  }
  return { counts, next: rest.length > page.length ? (page.at(-1)?.path ?? null) : null }
}

/** Null: it is again what it was. */
function actionOf({ from, to }: Pair): EntryKind | null {
  if (!from) return to && 'create'
  if (!to) return 'delete'
  if (from.path !== to.path) return 'rename'
  if (sameState(from.version.state, to.version.state)) return null
  const content = [from, to].map(({ version: { state } }) =>
    JSON.stringify([state.type, state.object, state.target, state.special]),
  )
  return content[0] === content[1] ? 'attributes' : 'edit'
}

function lines({ store, versions }: OpenHistory, { from, to }: Pair): Pick<FileStat, 'added' | 'removed'> {
  if ([from, to].some((side) => versions.time(side?.version.state.object) !== null)) {
    return from?.version.state.object === to?.version.state.object
      ? { added: 0, removed: 0 }
      : { added: null, removed: null }
  }
  const change = diffContents(store, from?.version.state ?? null, to?.version.state ?? null, { context: 0 })
  switch (change.kind) {
    case 'same':
      return { added: 0, removed: 0 }
    case 'binary':
    case 'forgotten':
      return { added: null, removed: null }
    case 'text':
      return countLines(Buffer.from(change.hunks))
    default:
      return assertNever(change, 'difference')
  }
}

function countLines(hunks: Buffer): { added: number; removed: number } {
  const counted = { added: 0, removed: 0 }
  for (let at = 0; at < hunks.length; at = hunks.indexOf(0x0a, at) + 1) {
    if (hunks[at] === 0x2b) counted.added++
    else if (hunks[at] === 0x2d) counted.removed++
    if (hunks.indexOf(0x0a, at) < 0) break
  }
  return counted
}
