import { z } from 'zod'
import type { ObjectStore } from '../store/object-store.ts'
import { type ContentDiff, diffContents } from './diff-contents.ts'
import { ROOT } from './index-schema.ts'
import { pathAt } from './locate.ts'
import { pointOf, type Resolved, resolveVersion, versionAt } from './resolve-version.ts'
import type { Sqlite } from './sqlite.ts'
import type { Version } from './version-rows.ts'

export interface DiffQuery {
  readonly path: string
  /** Null: what was before `to`. */
  readonly from: string | null
  /** Null: the newest. */
  readonly to: string | null
  /** Lines around each difference. */
  readonly context: number
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
 * How a file, or each file of a folder or of the project, differs between two versions: one difference at a time, so
 * that the caller may stop between them, at last how many files were left out.
 * Errors: as of `resolveVersion`; those of the object store.
 */
export function* diffVersions(sqlite: Sqlite, store: ObjectStore, query: DiffQuery): Generator<FileDiff, number> {
  const { path, context } = query
  const to = resolveVersion(sqlite, path, query.to)
  const from = query.from === null ? before(sqlite, to) : resolveVersion(sqlite, path, query.from)
  const folder = [from?.version, to.version].some((version) => version?.state.type === 'directory')
  if (!folder) {
    yield fileDiff(store, path, present(from?.version), present(to.version), context)
    return 0
  }
  const pairs = changedFiles(sqlite, to.file, from?.point ?? 0, to.point)
  for (const { path, from, to } of pairs.slice(0, FILES)) yield fileDiff(store, path, from, to, context)
  return Math.max(0, pairs.length - FILES)
}

function fileDiff(
  store: ObjectStore,
  path: string,
  from: Version | null,
  to: Version | null,
  context: number,
): FileDiff {
  return { path, from, to, change: diffContents(store, from?.state ?? null, to?.state ?? null, context) }
}

/** What a path was just before the change of a version. */
function before(sqlite: Sqlite, to: Resolved): Pick<Resolved, 'version' | 'point'> | null {
  if (to.file !== ROOT && to.version.state.type !== 'directory') {
    const version = versionAt(sqlite, to.file, to.version.id - 1)
    return version && { version, point: version.id }
  }
  const { sequence } = to.version.change
  const earlier = sequence === 0 ? 0 : pointOf(sqlite, sequence - 1)
  return { version: to.version, point: earlier }
}

interface Pair {
  readonly path: string
  readonly from: Version | null
  readonly to: Version | null
}

/** The files, not the folders, that got versions between two points and were below a directory at one of them. */
function changedFiles(sqlite: Sqlite, directory: number, earlier: number, later: number): Pair[] {
  const [first, last] = earlier < later ? [earlier, later] : [later, earlier]
  const rows = sqlite.all('SELECT DISTINCT file FROM version WHERE id > ? AND id <= ?', first, last)
  const pairs = rows.flatMap((row): Pair[] => {
    const { file } = z.object({ file: z.number() }).parse(row)
    const [from, to] = [earlier, later].map((point) => {
      const path = pathAt(sqlite, directory, file, point)
      const version = path === null ? null : present(versionAt(sqlite, file, point))
      return path === null || version === null || version.state.type === 'directory' ? null : { path, version }
    })
    const path = to?.path ?? from?.path
    if (path === undefined) return []
    return [{ path, from: from?.version ?? null, to: to?.version ?? null }]
  })
  return pairs.sort((a, b) => (a.path < b.path ? -1 : 1))
}

function present(version: Version | null | undefined): Version | null {
  return version?.state.present ? version : null
}
