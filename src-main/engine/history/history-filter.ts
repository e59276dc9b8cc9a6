import { z } from 'zod'
import { changeKinds } from './change-metadata.ts'
import type { SqlValue } from './sqlite.ts'

/** Which versions a list tells of; what is absent does not narrow it. */
export const historyFilter = z.object({
  /** Seconds and nanoseconds, both included. */
  since: z.tuple([z.number(), z.number()]).optional(),
  until: z.tuple([z.number(), z.number()]).optional(),
  /** Name of the program, whatever its case. */
  program: z.string().optional(),
  /** As lists show it: an import and a restore are that, whatever they did to the path. */
  kind: z.enum(changeKinds).optional(),
  /** Only deletions; `gone`: only of what has not come back since. */
  deleted: z.enum(['all', 'gone']).optional(),
  /** Part of the path (latin1), whatever the case of ASCII letters; with `*`, `?`, `[`: all of it, or of its last names. */
  path: z.string().optional(),
  /** Part of the change's message. */
  message: z.string().optional(),
})

export type HistoryFilter = z.infer<typeof historyFilter>

/** What narrows a list of changes; `sealed`: to seals made by hand. */
export const changeFilter = historyFilter
  .pick({ since: true, until: true, message: true })
  .extend({ sealed: z.boolean().optional() })

export type ChangeFilter = z.infer<typeof changeFilter>

export interface Condition {
  readonly sql: string
  readonly values: readonly SqlValue[]
}

/** The part of a filter that is about changes: of `change c`. */
export function changeCondition({ since, until, message, sealed }: ChangeFilter): Condition {
  return all([
    sealed && { sql: `c.kind = 'seal'`, values: [] },
    since && { sql: '(c.sec, c.nsec) >= (?, ?)', values: since },
    until && { sql: '(c.sec, c.nsec) <= (?, ?)', values: until },
    message !== undefined && { sql: `c.note LIKE ? ESCAPE '\\'`, values: [containing(message)] },
  ])
}

/** Whether a filter asks for more than a change tells by itself. */
export function narrowsVersions({ program, kind, deleted, path }: HistoryFilter): boolean {
  return [program, kind === 'seal' ? undefined : kind, deleted, path].some((part) => part !== undefined)
}

/** All of a filter: of `version v JOIN change c`. */
export function versionCondition(filter: HistoryFilter): Condition {
  const { since, until, program, kind, deleted, path } = filter
  return all([
    changeCondition(filter),
    // Bounds on ids spare a walk through all versions beyond them.
    since && { sql: `v.id >= (SELECT min(first_version) FROM change WHERE (sec, nsec) >= (?, ?))`, values: since },
    until && { sql: `v.id <= (SELECT max(last_version) FROM change WHERE (sec, nsec) <= (?, ?))`, values: until },
    program !== undefined && {
      sql: 'v.program_name = (SELECT id FROM program_name WHERE name = ?)',
      values: [program],
    },
    kind !== undefined && kindCondition(kind),
    deleted && { sql: `v.kind = 'delete'`, values: [] },
    deleted === 'gone' && { sql: 'v.id = (SELECT max(id) FROM version WHERE file = v.file)', values: [] },
    path !== undefined && pathCondition(path),
  ])
}

/** A text of which a value holds a part, for LIKE with `\` as ESCAPE. */
export function containing(text: string): string {
  return `%${text.replace(/[\\%_]/g, '\\$&')}%`
}

function kindCondition(kind: NonNullable<HistoryFilter['kind']>): Condition {
  if (kind === 'import' || kind === 'restore' || kind === 'several') return { sql: 'c.kind = ?', values: [kind] }
  return { sql: `v.kind = ? AND c.kind NOT IN ('import', 'restore')`, values: [kind] }
}

function pathCondition(path: string): Condition {
  const glob = /[*?[]/.test(path)
  const test = glob ? ['GLOB ?', `GLOB '*/' || ?`] : [`LIKE ? ESCAPE '\\'`]
  const sql = ['v.path', 'v.origin'].flatMap((column) => test.map((compare) => `${column} ${compare}`)).join(' OR ')
  return { sql: `(${sql})`, values: Array.from({ length: 2 * test.length }, () => (glob ? path : containing(path))) }
}

function all(conditions: readonly (Condition | false | undefined)[]): Condition {
  const held = conditions.filter((condition) => condition !== undefined && condition !== false)
  return {
    sql: held.length === 0 ? '1' : held.map(({ sql }) => sql).join(' AND '),
    values: held.flatMap(({ values }) => values),
  }
}
