import { z } from 'zod'
import { pathToText } from '../../../src-preload/path-text.ts'
import { IzeError } from '../ize-error.ts'
import { changeKinds, entryKinds } from './change-metadata.ts'
import { changeCondition, type ChangeFilter, type HistoryFilter, versionCondition } from './history-filter.ts'
import { FOREVER } from './index-schema.ts'
import { locate } from './locate.ts'
import { programsOf } from './programs-of.ts'
import type { Sqlite } from './sqlite.ts'
import { type Version, VERSION_COLUMNS, VERSION_JOINS, versionOf } from './version-rows.ts'
import { newestWithin } from './versions-within.ts'

export interface Page {
  /** `next` of the page before; null: the newest. */
  readonly before: number | null
  readonly limit: number
}

export interface ChangeSummary {
  readonly sequence: number
  readonly hash: string
  readonly kind: Version['change']['kind']
  readonly time: readonly [number, number]
  readonly note: string | null
  readonly operations: readonly [number, number]
  /** The first of what it touched. */
  readonly entries: readonly z.infer<typeof touched>[]
  /** How many paths it touched. */
  readonly count: number
  readonly programs: readonly string[]
}

/** How many of a change's paths a summary names. */
const SUMMARY_ENTRIES = 5

/**
 * Versions, newest first: of the whole project (`path` null or empty), of a file through all its names, or of a folder
 * and of everything that was below it, while it was there. Errors: E_PATH_UNKNOWN.
 */
export function versionPage(
  sqlite: Sqlite,
  path: string | null,
  { before, limit }: Page,
  filter: HistoryFilter = {},
): { versions: Version[]; next: number | null } {
  const found = locateOrFail(sqlite, path ?? '')
  const condition = versionCondition(filter)
  const within = { file: found, condition, before: before ?? FOREVER, limit: limit + 1 }
  const rows = newestWithin(sqlite, within, VERSION_COLUMNS, VERSION_JOINS)
  const versions = rows.slice(0, limit).map(versionOf)
  return { versions, next: rows.length > limit ? (versions.at(-1)?.id ?? null) : null }
}

/** Changes of the project, newest first, as lists show them. */
export function changePage(
  sqlite: Sqlite,
  { before, limit }: Page,
  filter: ChangeFilter = {},
): { changes: ChangeSummary[]; next: number | null } {
  const { sql, values } = changeCondition(filter)
  const rows = sqlite.all(
    `SELECT c.* FROM change c WHERE c.sequence < ? AND ${sql} ORDER BY c.sequence DESC LIMIT ?`,
    before ?? FOREVER,
    ...values,
    limit + 1,
  )
  const changes = rows.slice(0, limit).map((row) => summaryOf(sqlite, changeRow.parse(row)))
  return { changes, next: rows.length > limit ? (changes.at(-1)?.sequence ?? null) : null }
}

function summaryOf(sqlite: Sqlite, row: z.infer<typeof changeRow>): ChangeSummary {
  const { sequence, hash, kind, note, first_version: first, last_version: last } = row
  const entries = sqlite.all(
    `SELECT path, kind, origin AS "from" FROM version WHERE id BETWEEN ? AND ? ORDER BY id LIMIT ${SUMMARY_ENTRIES}`,
    first,
    last,
  )
  const programs = programsOf(sqlite, [sequence, sequence])
  return {
    sequence,
    hash,
    kind,
    note,
    time: [row.sec, row.nsec],
    operations: [row.first_op, row.last_op],
    entries: entries.map((entry) => touched.parse(entry)),
    count: last - first + 1,
    programs: [...new Set(programs.map(({ name }) => name))],
  }
}

/** Whether each path is or was in the project. */
export function knownPaths(sqlite: Sqlite, paths: readonly string[]): boolean[] {
  return paths.map((path) => locate(sqlite, path) !== null)
}

/** The file (`ROOT` for the project) that is or was last at a path. Errors: E_PATH_UNKNOWN. */
export function locateOrFail(sqlite: Sqlite, path: string): number {
  const found = locate(sqlite, path)
  if (found) return found.file
  throw new IzeError('E_PATH_UNKNOWN', `Nothing named "${pathToText(path)}" is or was in the history of this project.`)
}

const touched = z.object({ path: z.string(), kind: z.enum(entryKinds), from: z.string().nullable() })

const changeRow = z.object({
  sequence: z.number(),
  hash: z.string(),
  kind: z.enum(changeKinds),
  sec: z.number(),
  nsec: z.number(),
  first_op: z.number(),
  last_op: z.number(),
  first_version: z.number(),
  last_version: z.number(),
  note: z.string().nullable(),
})
