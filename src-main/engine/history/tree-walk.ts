import { z } from 'zod'
import type { Sqlite } from './sqlite.ts'
import { type VersionState, versionStateSchema } from './version-state.ts'

/** Something that was in the tree at a point in time. */
export interface TreeEntry {
  /** Below where the walk began. */
  readonly path: string
  readonly file: number
  readonly number: number
  readonly state: VersionState
}

/** Children of one directory are read in pages of this size. */
const PAGE = 1000

/**
 * All that was below a directory after version `point`, in the order of names' bytes, each directory before what is in
 * it. `after` is a path that an earlier walk ended with: this one goes on behind it. Not `deep`: only what is directly in it.
 */
export function* walkTree(
  sqlite: Sqlite,
  directory: number,
  point: number,
  { after = '', deep = true }: { readonly after?: string; readonly deep?: boolean } = {},
): Generator<TreeEntry> {
  yield* walk({ sqlite, point, deep }, directory, '', after === '' ? [] : after.split('/'))
}

interface Walk {
  readonly sqlite: Sqlite
  readonly point: number
  readonly deep: boolean
}

function* walk(of: Walk, directory: number, prefix: string, after: readonly string[]): Generator<TreeEntry> {
  let [name = ''] = after
  if (name !== '' && of.deep) {
    const [inside] = children(of, directory, prefix, name, '>=', 1)
    if (inside?.path === prefix + name && inside.state.type === 'directory') {
      yield* walk(of, inside.file, `${inside.path}/`, after.slice(1))
    }
  }
  for (;;) {
    const page = children(of, directory, prefix, name, '>', PAGE)
    for (const entry of page) {
      yield entry
      if (of.deep && entry.state.type === 'directory') yield* walk(of, entry.file, `${entry.path}/`, [])
    }
    const last = page.at(-1)
    if (!last || page.length < PAGE) return
    name = last.path.slice(prefix.length)
  }
}

function children(
  { sqlite, point }: Walk,
  directory: number,
  prefix: string,
  name: string,
  compare: '>' | '>=',
  limit: number,
): TreeEntry[] {
  const rows = sqlite.all(
    `SELECT p.name, p.file, v.number, v.state FROM place p
     JOIN version v ON v.id = (SELECT max(id) FROM version WHERE file = p.file AND id <= ?)
     WHERE p.parent = ? AND p.name ${compare} ? AND p.since <= ? AND p.until > ? ORDER BY p.name LIMIT ?`,
    ...[point, directory, name, point, point, limit],
  )
  return rows.map((row) => {
    const { name, file, number, state } = childRow.parse(row)
    return { path: prefix + name, file, number, state: versionStateSchema.parse(JSON.parse(state)) }
  })
}

const childRow = z.object({ name: z.string(), file: z.number(), number: z.number(), state: z.string() })
