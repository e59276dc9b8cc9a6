import { z } from 'zod'
import { containing } from './history-filter.ts'
import { FOREVER, ROOT } from './index-schema.ts'
import { pathAt } from './locate.ts'
import { versionAt } from './resolve-version.ts'
import type { Sqlite } from './sqlite.ts'
import type { Version } from './version-rows.ts'

export interface NameHit {
  /** Where it is now; of what is gone, where it was last. */
  readonly path: string
  readonly newest: Version
}

export interface ProgramHit {
  readonly name: string
  /** How many versions it made, and its last change's time. */
  readonly versions: number
  readonly time: readonly [number, number]
}

const NOW = FOREVER - 1
const fileRow = z.object({ file: z.number() })

/**
 * Files and folders that have or had a name which holds a text (latin1), whatever the case of its ASCII letters; a text
 * with a slash is looked for in whole paths. Those that changed last come first.
 */
export function findNames(sqlite: Sqlite, text: string, limit: number): NameHit[] {
  const files = text.includes('/')
    ? `SELECT DISTINCT file FROM version WHERE path LIKE ?1 ESCAPE '\\'`
    : `SELECT DISTINCT file FROM place WHERE name LIKE ?1 ESCAPE '\\'`
  const rows = sqlite.all(
    `SELECT f.file, (SELECT max(id) FROM version WHERE file = f.file) AS newest FROM (${files}) f ORDER BY newest DESC LIMIT ?2`,
    containing(text),
    limit,
  )
  return rows.flatMap((row) => {
    const { file } = fileRow.parse(row)
    const newest = versionAt(sqlite, file, NOW)
    return newest ? [{ path: pathAt(sqlite, ROOT, file, NOW) ?? newest.path, newest }] : []
  })
}

const programRow = z.object({ name: z.string(), versions: z.number(), sec: z.number(), nsec: z.number() })

/** Programs whose name holds a text and that changed something, those that did so last first. */
export function findPrograms(sqlite: Sqlite, text: string, limit: number): ProgramHit[] {
  const rows = sqlite.all(
    `SELECT name, versions, sec, nsec FROM (
       SELECT g.name, count(*) AS versions, max(v.change) AS change
       FROM program_name g JOIN version v ON v.program_name = g.id WHERE g.name LIKE ? ESCAPE '\\' GROUP BY g.id
     ) JOIN change c ON c.sequence = change ORDER BY change DESC LIMIT ?`,
    containing(text),
    limit,
  )
  return rows.map((row) => {
    const { sec, nsec, ...program } = programRow.parse(row)
    return { ...program, time: [sec, nsec] }
  })
}
