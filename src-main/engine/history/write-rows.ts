import type { Sqlite, SqlValue } from './sqlite.ts'

/** Rows for one statement: each call into SQLite has a price, so many rows go in few calls. */
const SIZES = [64, 8, 1] as const

/** Runs `{insert} VALUES (?, …), (?, …)…` for all rows, each of `columns` values. */
export function writeRows(
  sqlite: Sqlite,
  insert: string,
  columns: number,
  rows: readonly (readonly SqlValue[])[],
): void {
  const tuple = `(${Array.from({ length: columns }, () => '?').join(', ')})`
  let at = 0
  for (const size of SIZES) {
    const sql = `${insert} VALUES ${Array.from({ length: size }, () => tuple).join(', ')}`
    for (; rows.length - at >= size; at += size) sqlite.run(sql, ...rows.slice(at, at + size).flat())
  }
}
