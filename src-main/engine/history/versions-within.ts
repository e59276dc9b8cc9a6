import { z } from 'zod'
import type { Condition } from './history-filter.ts'
import { ROOT } from './index-schema.ts'
import type { Sqlite, SqlRow, SqlValue } from './sqlite.ts'

/** Versions in the order of their ids, by an index: `from` has `version v`, `id` is what they are ordered by. */
interface Source {
  readonly from: string
  readonly id: string
  readonly where: string
  readonly values: readonly SqlValue[]
}

/** A file's own versions, and those that what was below it got while it was there; of the root, all. No version is in both. */
function sourcesOf(file: number): readonly Source[] {
  if (file === ROOT) return [{ from: 'version v', id: 'v.id', where: '1', values: [] }]
  return [
    { from: 'version v', id: 'v.id', where: 'v.file = ?', values: [file] },
    {
      // The order of a CROSS JOIN is kept, so the newest come first without sorting.
      from: 'below b CROSS JOIN version v ON v.id = b.version',
      id: 'b.version',
      where: 'b.folder = ?',
      values: [file],
    },
  ]
}

export interface Within {
  readonly file: number
  readonly condition: Condition
  /** Only versions before this one. */
  readonly before: number
  readonly limit: number
}

/**
 * The newest versions of a file (`ROOT`: of the project) and of all that was below it while it was there, that a condition
 * on `v` and on what `joins` adds fits. `columns` has `v.id` as `id`. What it costs goes by the limit, however much there is.
 */
export function newestWithin(
  sqlite: Sqlite,
  { file, condition, before, limit }: Within,
  columns: string,
  joins: string,
): SqlRow[] {
  const [first = [], ...others] = sourcesOf(file).map(({ from, id, where, values }) =>
    sqlite.all(
      `SELECT ${columns} FROM ${from} ${joins} WHERE ${where} AND ${id} < ? AND ${condition.sql} ORDER BY ${id} DESC LIMIT ?`,
      ...[...values, before, ...condition.values, limit],
    ),
  )
  if (others.every((rows) => rows.length === 0)) return first
  const rows = [first, ...others].flat().map((row) => ({ id: idRow.parse(row).id, row }))
  return rows
    .sort((a, b) => b.id - a.id)
    .slice(0, limit)
    .map(({ row }) => row)
}

const idRow = z.object({ id: z.number() })

/** Ids of the same versions of a file that is not the root, which is named twice; in any order, for what counts them. */
export const IDS_WITHIN = `SELECT id FROM version WHERE file = ? UNION ALL SELECT version FROM below WHERE folder = ?`
