import type { ObjectStore } from '../store/object-store.ts'
import { type Comparison, comparePoints } from './compare-trees.ts'
import { type ContentDiff, diffContents } from './diff-contents.ts'
import type { Sqlite } from './sqlite.ts'
import type { Version } from './version-rows.ts'

export interface DiffQuery extends Comparison {
  /** Lines around each difference. */
  readonly context: number
  /** The path that the page before ended with; empty for the first. */
  readonly after: string
}

/** One file of a difference. `from`, `to` null: it was not there. Modes and link targets are in their states. */
export interface FileDiff {
  readonly path: string
  readonly from: Version | null
  readonly to: Version | null
  readonly change: ContentDiff
}

/** Files that one answer tells in full; what is beyond is only counted. */
const FILES = 100

/**
 * How a file, or each file (not folder) of a folder or of the project, differs between two versions: one difference at a
 * time, so that the caller may stop between them, at last how many files were left out.
 * Errors: as of `resolveVersion`; those of the object store.
 */
export function* diffVersions(sqlite: Sqlite, store: ObjectStore, query: DiffQuery): Generator<FileDiff, number> {
  const files = comparePoints(sqlite, query).filter(
    ({ path, from, to }) =>
      (query.after === '' || path > query.after) && [from, to].some((side) => side && !isFolder(side.version)),
  )
  for (const { path, ...sides } of files.slice(0, FILES)) {
    const [from, to] = [sides.from, sides.to].map((side) => (side && !isFolder(side.version) ? side.version : null))
    const change = diffContents(store, from?.state ?? null, to?.state ?? null, query.context)
    yield { path, from: from ?? null, to: to ?? null, change }
  }
  return Math.max(0, files.length - FILES)
}

function isFolder({ state }: Version): boolean {
  return state.type === 'directory'
}
