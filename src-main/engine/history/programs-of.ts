import { z } from 'zod'
import { type Program, programSchema } from './change-metadata.ts'
import type { Sqlite } from './sqlite.ts'

/** The processes that made the versions of consecutive changes (first and last included), in the order of their names. */
export function programsOf(sqlite: Sqlite, changes: readonly [first: number, last: number]): Program[] {
  const rows = sqlite.all(
    `SELECT detail FROM program WHERE id IN (
       SELECT p.value FROM change c, json_each(c.programs) p WHERE c.sequence BETWEEN ? AND ?) ORDER BY name, id`,
    ...changes,
  )
  return rows.map((row) => programSchema.parse(JSON.parse(detailRow.parse(row).detail)))
}

const detailRow = z.object({ detail: z.string() })
