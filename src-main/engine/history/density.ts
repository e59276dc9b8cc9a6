import { z } from 'zod'
import { locateOrFail } from './history-pages.ts'
import { ROOT } from './index-schema.ts'
import type { Sqlite, SqlValue } from './sqlite.ts'
import { IDS_WITHIN } from './versions-within.ts'

export interface DensityQuery {
  /** Null: the whole project. */
  readonly path: string | null
  /** Seconds and nanoseconds, both included. */
  readonly since: readonly [number, number]
  readonly until: readonly [number, number]
  readonly buckets: number
}

export interface Density {
  /** Oldest first. */
  readonly buckets: readonly { readonly changes: number; readonly removed: number }[]
  /** Times of the first and the last change of all; null: there is none. */
  readonly first: readonly [number, number] | null
  readonly last: readonly [number, number] | null
}

/** Changes (of a path: those that touched it or what was below it) in equal parts of a time. Errors: E_PATH_UNKNOWN. */
export function density(sqlite: Sqlite, { path, since, until, buckets }: DensityQuery): Density {
  const file = locateOrFail(sqlite, path ?? '')
  const width = until[0] - since[0] + (until[1] - since[1]) / 1e9
  const { from, values } = file === ROOT ? ALL : ofFile(file)
  const rows = sqlite.all(
    `SELECT CAST((sec - ? + (nsec - ?) / 1e9) * ? / ? AS INTEGER) bucket, count(*) changes, sum(removed) removed
     FROM ${from} WHERE (sec, nsec) >= (?, ?) AND (sec, nsec) <= (?, ?) GROUP BY bucket`,
    ...[...since, buckets, Math.max(width, 1e-9), ...values, ...since, ...until],
  )
  const counted = Array.from({ length: buckets }, () => ({ changes: 0, removed: 0 }))
  for (const { bucket, changes, removed } of rows.map((row) => bucketRow.parse(row))) {
    // The very end belongs to the last part.
    const at = counted[Math.min(bucket, buckets - 1)]
    if (!at) continue
    at.changes += changes
    at.removed += removed
  }
  return { buckets: counted, first: edge(sqlite, from, values, 'ASC'), last: edge(sqlite, from, values, 'DESC') }
}

interface Source {
  readonly from: string
  readonly values: readonly SqlValue[]
}

const ALL: Source = { from: 'change', values: [] }

function ofFile(file: number): Source {
  const own = `SELECT v.change, sum(v.kind = 'delete') removed FROM (${IDS_WITHIN}) i JOIN version v ON v.id = i.id GROUP BY v.change`
  return {
    from: `(SELECT c.sec, c.nsec, o.removed FROM (${own}) o JOIN change c ON c.sequence = o.change)`,
    values: [file, file],
  }
}

function edge(sqlite: Sqlite, from: string, values: Source['values'], order: 'ASC' | 'DESC'): [number, number] | null {
  const row = sqlite.get(`SELECT sec, nsec FROM ${from} ORDER BY sec ${order}, nsec ${order} LIMIT 1`, ...values)
  if (row === null) return null
  const { sec, nsec } = z.object({ sec: z.number(), nsec: z.number() }).parse(row)
  return [sec, nsec]
}

const bucketRow = z.object({ bucket: z.number(), changes: z.number(), removed: z.number() })
