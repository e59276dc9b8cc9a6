import { pathToText } from '../../../src-preload/path-text.ts'
import { IzeError } from '../ize-error.ts'
import { resolveVersion } from './resolve-version.ts'
import type { Sqlite } from './sqlite.ts'
import { type TreeEntry, walkTree } from './tree-walk.ts'

export interface TreeQuery {
  readonly path: string
  /** Null: now. */
  readonly version: string | null
  /** Also what is in the folders below. */
  readonly deep: boolean
  /** `next` of the page before, empty for the first. */
  readonly after: string
  readonly limit: number
}

/**
 * What there was below a folder, in the order of names' bytes, paths relative to it; of a file that file, by an empty
 * path. Errors: as of `resolveVersion`; E_VERSION_ABSENT when nothing was there.
 */
export function treePage(
  sqlite: Sqlite,
  { path, version: name, deep, after, limit }: TreeQuery,
): { entries: TreeEntry[]; next: string | null } {
  if (path === '' && name === null && !sqlite.get('SELECT 1 FROM change LIMIT 1')) return { entries: [], next: null }
  const { file, point, version } = resolveVersion(sqlite, path, name)
  const { state, number } = version
  if (!state.present) {
    const message = `"${pathToText(path)}" was deleted in version ${number}; version ${number - 1} is the last before it.`
    throw new IzeError('E_VERSION_ABSENT', message)
  }
  if (state.type !== 'directory') return { entries: [{ path: '', file, number, state }], next: null }
  const entries: TreeEntry[] = []
  for (const entry of walkTree(sqlite, file, point, { after, deep })) {
    entries.push(entry)
    if (entries.length === limit) return { entries, next: entry.path }
  }
  return { entries, next: null }
}
