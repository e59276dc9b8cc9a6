import { IzeError } from '../ize-error.ts'
import { type Comparison, comparePoints } from './compare-trees.ts'
import { type ContentDiff, diffContents, type DiffOptions } from './diff-contents.ts'
import type { OpenHistory } from './open-history.ts'
import type { Version } from './version-rows.ts'

export interface DiffQuery extends Comparison, DiffOptions {
  /** The path that the page before ended with; empty for the first. */
  readonly after: string
}

/** One file of a difference. `from`, `to` null: it was not there. Modes and link targets are in their states. */
export interface FileDiff {
  readonly path: string
  readonly from: Version | null
  readonly to: Version | null
  /** `pruned`: one of the two has its content no more; why, in one sentence. */
  readonly change: ContentDiff | { readonly kind: 'pruned'; readonly message: string }
}

/** Files that one answer tells in full; what is beyond is only counted. */
const FILES = 100

/**
 * How a file, or each file (not folder) of a folder or of the project, differs between two versions: one difference at a
 * time, so that the caller may stop between them, at last how many files were left out.
 * Errors: as of `resolveVersion`; those of the object store; E_PRUNED when a file alone is compared.
 */
export function* diffVersions(history: OpenHistory, query: DiffQuery): Generator<FileDiff, number> {
  const files = comparePoints(history.sqlite, query).filter(
    ({ path, from, to }) =>
      (query.after === '' || path > query.after) && [from, to].some((side) => side && !isFolder(side.version)),
  )
  for (const { path, ...sides } of files.slice(0, FILES)) {
    const [from, to] = [sides.from, sides.to].map((side) => (side && !isFolder(side.version) ? side.version : null))
    const alone = files.length === 1 && path === query.path
    const change = diffOf(history, { from: from ?? null, to: to ?? null }, query, alone)
    yield { path, from: from ?? null, to: to ?? null, change }
  }
  return Math.max(0, files.length - FILES)
}

function diffOf(
  { store, versions }: OpenHistory,
  { from, to }: Pick<FileDiff, 'from' | 'to'>,
  options: DiffOptions,
  alone: boolean,
): FileDiff['change'] {
  try {
    return diffContents(store, from?.state ?? null, to?.state ?? null, options)
  } catch (cause) {
    const error = versions.translate(cause, { file: (from ?? to)?.file })
    if (!alone && error instanceof IzeError && error.code === 'E_PRUNED')
      return { kind: 'pruned', message: error.message }
    throw error
  }
}

function isFolder({ state }: Version): boolean {
  return state.type === 'directory'
}
