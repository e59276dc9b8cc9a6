import { z } from 'zod'
import { IzeError } from '../ize-error.ts'
import { fileTypes } from './change-metadata.ts'
import { ROOT } from './index-schema.ts'
import { pathAt } from './locate.ts'
import { pointBefore, pointOf } from './resolve-version.ts'
import type { Sqlite } from './sqlite.ts'
import { walkTree } from './tree-walk.ts'

export interface MomentPaths {
  /** Versions of the project just before and after the changes. */
  readonly before: number
  readonly after: number
  /** When the first of them was made. */
  readonly time: readonly [number, number]
  /** All that may differ between the two, sorted. */
  readonly paths: readonly string[]
}

/** The paths that consecutive changes touched, with what moved below renamed folders. Errors: E_VERSION_UNKNOWN. */
export function momentPaths(sqlite: Sqlite, first: number, last: number): MomentPaths {
  const there = sqlite.get('SELECT count(*) n FROM change WHERE sequence IN (?, ?)', first, last)
  if (first > last || z.object({ n: z.number() }).parse(there).n < (first === last ? 1 : 2)) {
    throw new IzeError('E_VERSION_UNKNOWN', `The project has no changes ${first} to ${last}.`, { first, last })
  }
  const begin = z
    .object({ sec: z.number(), nsec: z.number() })
    .parse(sqlite.get('SELECT sec, nsec FROM change WHERE sequence = ?', first))
  const [before, after] = [pointBefore(sqlite, first), pointOf(sqlite, last)]
  const paths = new Set<string>()
  const rows = sqlite.all(
    `SELECT file, kind, path, origin, state ->> 'type' type FROM version WHERE id > ? AND id <= ?`,
    before,
    after,
  )
  for (const { file, kind, path, origin, type } of rows.map((row) => touchedRow.parse(row))) {
    paths.add(path)
    if (origin !== null) paths.add(origin)
    if (kind !== 'rename' || type !== 'directory') continue
    for (const point of [before, after]) {
      const top = pathAt(sqlite, ROOT, file, point)
      if (top === null) continue
      paths.add(top)
      for (const entry of walkTree(sqlite, file, point)) paths.add(`${top}/${entry.path}`)
    }
  }
  return { before, after, time: [begin.sec, begin.nsec], paths: [...paths].sort() }
}

const touchedRow = z.object({
  file: z.number(),
  kind: z.string(),
  path: z.string(),
  origin: z.string().nullable(),
  type: z.enum(fileTypes),
})
