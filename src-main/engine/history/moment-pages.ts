import { z } from 'zod'
import {
  changeCondition,
  type Condition,
  type HistoryFilter,
  narrowsVersions,
  versionCondition,
} from './history-filter.ts'
import { locateOrFail, type Page } from './history-pages.ts'
import { FOREVER, ROOT } from './index-schema.ts'
import { type MomentRow, PATHS, readMoment } from './read-moment.ts'
import type { Sqlite } from './sqlite.ts'
import type { TaggedChanges } from './tagged-changes.ts'
import { newestWithin } from './versions-within.ts'

export interface MomentQuery extends Page {
  /** Null: the whole project. */
  readonly path: string | null
  readonly filter: HistoryFilter
  /** Only those with a tag or a seal made by hand. */
  readonly named: boolean
}

/**
 * Moments, newest first; a filter leaves those of which a version fits. `next` is the first change of the last one: a page
 * that begins `before` a change has moments which began before it, so none is ever told in parts or twice.
 * Errors: E_PATH_UNKNOWN.
 */
export function momentPage(
  sqlite: Sqlite,
  tags: TaggedChanges,
  query: MomentQuery,
): { moments: MomentRow[]; next: number | null } {
  const { filter, limit } = query
  const file = locateOrFail(sqlite, query.path ?? '')
  const named = query.named ? namedCondition(tags) : ALL
  const before = query.before ?? FOREVER
  const found =
    file === ROOT && !narrowsVersions(filter)
      ? momentsOfChanges(sqlite, both(changesOf(filter), named), before, limit + 1)
      : momentsOfVersions(sqlite, file, both(versionCondition(filter), named), before, limit + 1)
  const page = found.slice(0, limit)
  const moments = page.map(({ moment, files }) => readMoment(sqlite, moment, tags, files))
  return { moments, next: found.length > limit ? (page.at(-1)?.moment ?? null) : null }
}

/** A moment by its first change; `files`: some of those that the filter fits; null: there is no filter. */
interface Found {
  readonly moment: number
  readonly files: readonly number[] | null
}

const ALL: Condition = { sql: '1', values: [] }

function both(a: Condition, b: Condition): Condition {
  return { sql: `${a.sql} AND ${b.sql}`, values: [...a.values, ...b.values] }
}

function changesOf(filter: HistoryFilter): Condition {
  const seals: Condition = { sql: `c.kind = 'seal'`, values: [] }
  return both(changeCondition(filter), filter.kind === 'seal' ? seals : ALL)
}

function namedCondition(tags: TaggedChanges): Condition {
  const tagged = JSON.stringify([...tags.keys()])
  return {
    sql: `c.sequence IN (SELECT value FROM json_each(?) UNION SELECT sequence FROM change WHERE kind = 'seal')`,
    values: [tagged],
  }
}

function momentsOfChanges(sqlite: Sqlite, { sql, values }: Condition, before: number, limit: number): Found[] {
  const rows = sqlite.all(
    `SELECT c.moment FROM change c WHERE c.moment < ? AND ${sql} GROUP BY c.moment ORDER BY c.moment DESC LIMIT ?`,
    ...[before, ...values, limit],
  )
  return rows.map((row) => ({ moment: z.object({ moment: z.number() }).parse(row).moment, files: null }))
}

/**
 * Reads matching versions in growing lots, and goes on below the moment it came to: neither a moment of 50,000 files nor
 * a file with as many versions is read to its end.
 */
function momentsOfVersions(
  sqlite: Sqlite,
  file: number,
  { sql, values }: Condition,
  before: number,
  limit: number,
): Found[] {
  const found = new Map<number, Set<number>>()
  let below = before === FOREVER ? FOREVER : endBefore(sqlite, before)
  for (let lot = 4 * limit; found.size < limit; lot *= 2) {
    const condition = { sql: `c.moment < ? AND ${sql}`, values: [before, ...values] }
    const within = { file, condition, before: below, limit: lot }
    const rows = newestWithin(sqlite, within, 'v.id, c.moment, v.file', 'JOIN change c ON c.sequence = v.change')
    let last: number | null = null
    for (const { moment, file } of rows.map((row) => foundRow.parse(row))) {
      const files = found.get(moment) ?? new Set()
      if (files.size < PATHS) files.add(file)
      found.set(moment, files)
      last = moment
    }
    if (rows.length < lot || last === null) break
    below = firstVersion(sqlite, last)
  }
  return [...found].slice(0, limit).map(([moment, files]) => ({ moment, files: [...files] }))
}

/** The first version of a change. */
function firstVersion(sqlite: Sqlite, change: number): number {
  const row = sqlite.get('SELECT first_version AS first FROM change WHERE sequence = ?', change)
  return z.object({ first: z.number() }).parse(row).first
}

/** The first version behind the moments that began before a change. */
function endBefore(sqlite: Sqlite, change: number): number {
  const row = sqlite.get('SELECT moment FROM change WHERE moment >= ? ORDER BY moment LIMIT 1', change)
  return row === null ? FOREVER : firstVersion(sqlite, z.object({ moment: z.number() }).parse(row).moment)
}

const foundRow = z.object({ moment: z.number(), file: z.number() })
