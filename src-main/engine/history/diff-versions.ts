import { z } from 'zod'
import type { ObjectStore } from '../store/object-store.ts'
import { type ContentDiff, diffContents } from './diff-contents.ts'
import { ROOT } from './index-schema.ts'
import { pathAt } from './locate.ts'
import { pointBefore, type Resolved, resolveVersion, versionAt } from './resolve-version.ts'
import type { Sqlite } from './sqlite.ts'
import { walkTree } from './tree-walk.ts'
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
  const pairs = changedFiles(sqlite, from ?? { file: to.file, point: 0 }, to)
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
function before(sqlite: Sqlite, to: Resolved): Resolved | null {
  if (to.file !== ROOT && to.version.state.type !== 'directory') {
    const version = versionAt(sqlite, to.file, to.version.id - 1)
    return version && { file: to.file, version, point: version.id }
  }
  return { file: to.file, version: to.version, point: pointBefore(sqlite, to.version.change.sequence) }
}

interface Pair {
  readonly path: string
  readonly from: Version | null
  readonly to: Version | null
}

/** A folder at a point in time. */
type Folder = Pick<Resolved, 'file' | 'point'>

/** The files, not the folders, that differ below two folders. */
function changedFiles(sqlite: Sqlite, earlier: Folder, later: Folder): Pair[] {
  const pairs = candidates(sqlite, earlier, later).flatMap((file): Pair[] => {
    const [from, to] = [earlier, later].map(({ file: directory, point }) => {
      const path = pathAt(sqlite, directory, file, point)
      const version = path === null ? null : present(versionAt(sqlite, file, point))
      return path === null || version === null || version.state.type === 'directory' ? null : { path, version }
    })
    const path = to?.path ?? from?.path
    if (path === undefined || from?.version.id === to?.version.id) return []
    return [{ path, from: from?.version ?? null, to: to?.version ?? null }]
  })
  return pairs.sort((a, b) => (a.path < b.path ? -1 : 1))
}

/** One folder at two times differs by what got versions in between; two folders by anything in them. */
function candidates(sqlite: Sqlite, a: Folder, b: Folder): number[] {
  if (a.file !== b.file) {
    return [
      ...new Set([a, b].flatMap(({ file, point }) => [...walkTree(sqlite, file, point)].map((entry) => entry.file))),
    ]
  }
  const [first, last] = [Math.min(a.point, b.point), Math.max(a.point, b.point)]
  return sqlite
    .all('SELECT DISTINCT file FROM version WHERE id > ? AND id <= ?', first, last)
    .map((row) => z.object({ file: z.number() }).parse(row).file)
}

function present(version: Version | null | undefined): Version | null {
  return version?.state.present ? version : null
}
