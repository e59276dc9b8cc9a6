import { z } from 'zod'
import { ROOT } from './index-schema.ts'
import { pathAt } from './locate.ts'
import { pointBefore, type Resolved, resolveVersion, versionAt } from './resolve-version.ts'
import type { Sqlite } from './sqlite.ts'
import { walkTree } from './tree-walk.ts'
import type { Version } from './version-rows.ts'

export interface Comparison {
  readonly path: string
  /** Null: what was before `to`. */
  readonly from: string | null
  /** Null: the newest. */
  readonly to: string | null
}

/** A file or a folder at one of the two times: where it was, and as what. */
export interface Side {
  readonly path: string
  readonly version: Version
}

/** Something that got a version between two times. Null: it was not there then. */
export interface Pair {
  readonly path: string
  readonly from: Side | null
  readonly to: Side | null
}

/** A folder at a point in time. */
type Folder = Pick<Resolved, 'file' | 'point'>

/**
 * What differs between two versions: of a file that file, of a folder or of the project what is below it, in the order
 * of paths (the later one). What moved with a folder above it, and is the same otherwise, is not told.
 * Errors: as of `resolveVersion`.
 */
export function comparePoints(sqlite: Sqlite, { path, ...names }: Comparison): readonly Pair[] {
  const to = resolveVersion(sqlite, path, names.to)
  const from = names.from === null ? before(sqlite, to) : resolveVersion(sqlite, path, names.from)
  const folder = [from?.version, to.version].some((version) => version?.state.type === 'directory')
  if (folder) return remembered(sqlite, from ?? { file: to.file, point: 0 }, to)
  return [{ path, from: side(from?.version), to: side(to.version) }]
}

/** What a path was just before the change of a version. */
function before(sqlite: Sqlite, to: Resolved): Resolved | null {
  if (to.file !== ROOT && to.version.state.type !== 'directory') {
    const version = versionAt(sqlite, to.file, to.version.id - 1)
    return version && { file: to.file, version, point: version.id }
  }
  return { file: to.file, version: to.version, point: pointBefore(sqlite, to.version.change.sequence) }
}

const last = new WeakMap<Sqlite, { readonly key: string; readonly pairs: readonly Pair[] }>()

/** Pages of one comparison come one after the other: the last one is kept. */
function remembered(sqlite: Sqlite, earlier: Folder, later: Folder): readonly Pair[] {
  const newest = sqlite.get('SELECT max(id) AS newest FROM version')?.['newest']
  const key = JSON.stringify([earlier.file, earlier.point, later.file, later.point, newest])
  const known = last.get(sqlite)
  if (known?.key === key) return known.pairs
  const pairs = changedBelow(sqlite, earlier, later)
  last.set(sqlite, { key, pairs })
  return pairs
}

function changedBelow(sqlite: Sqlite, earlier: Folder, later: Folder): readonly Pair[] {
  const pairs = candidates(sqlite, earlier, later).flatMap((file): Pair[] => {
    const [from, to] = [earlier, later].map(({ file: directory, point }) => {
      const path = file === directory ? null : pathAt(sqlite, directory, file, point)
      return path === null ? null : side(versionAt(sqlite, file, point), path)
    })
    const path = to?.path ?? from?.path
    if (path === undefined || from?.version.id === to?.version.id) return []
    return [{ path, from: from ?? null, to: to ?? null }]
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

function side(version: Version | null | undefined, path?: string): Side | null {
  return version?.state.present ? { path: path ?? version.path, version } : null
}
