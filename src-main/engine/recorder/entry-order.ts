import { depth } from './effect.ts'
import type { Draft } from './draft.ts'
import { isBelowAny, PathTracker } from './path-tracker.ts'

export interface Drafts {
  readonly goneFiles: readonly Draft[]
  readonly changes: readonly Draft[]
  readonly goneDirectories: readonly Draft[]
}

/**
 * Puts the entries of a change into an order in which each makes sense on the tree that the ones before it left: files
 * that go, deepest first; what comes or changes, from the top down; directories that go, deepest first; what takes the
 * place of these. Paths of where something was are brought to where it is when its turn comes.
 */
export function orderEntries({ goneFiles, changes, goneDirectories }: Drafts): Draft[] {
  const fromTop = [...changes].sort((a, b) => depth(a.entry.path) - depth(b.entry.path))
  const deepest = (drafts: readonly Draft[]): Draft[] =>
    [...drafts].sort((a, b) => depth(b.entry.path) - depth(a.entry.path))

  const moves = new PathTracker()
  for (const { entry } of fromTop)
    if (entry.type === 'directory' && entry.from) moves.move(moves.now(entry.from), entry.path)
  const gone = new Set(goneDirectories.map(({ entry }) => moves.now(entry.path)))
  const goneBefore = new Set(goneDirectories.map(({ entry }) => entry.path))
  const isLate = ({ entry }: Draft): boolean => gone.has(entry.path) || isBelowAny(entry.path, gone)

  const tracker = new PathTracker()
  const take = (draft: Draft): Draft => {
    const { entry } = draft
    if (entry.kind === 'delete') {
      entry.path = tracker.now(entry.path)
    } else if (entry.from !== undefined) {
      entry.from = tracker.now(entry.from)
      tracker.move(entry.from, entry.path)
    }
    return draft
  }
  return [
    ...deepest(goneFiles).map(take),
    ...fromTop.filter((draft) => !isLate(draft)).map(take),
    ...deepest(goneDirectories).map(take),
    ...fromTop.filter(isLate).map((draft) => take(withoutLostOrigin(draft, goneBefore))),
  ]
}

/** Where it was went with its directory, whose name it now stands below: it begins anew. */
function withoutLostOrigin(draft: Draft, gone: ReadonlySet<string>): Draft {
  const { from, ...entry } = draft.entry
  if (from === undefined || !isBelowAny(from, gone)) return draft
  return {
    entry: { ...entry, kind: 'create' },
    content: draft.inode.isFile ? draft.inode : null,
    inode: draft.inode,
    was: '',
  }
}
