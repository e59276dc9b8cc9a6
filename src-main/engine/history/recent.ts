import { z } from 'zod'
import { type EntryKind, entryKinds, type FileType, fileTypes } from './change-metadata.ts'
import { ROOT } from './index-schema.ts'
import { locateAt, pathAt } from './locate.ts'
import { directoryOf } from './paths.ts'
import { hashOf } from './read-moment.ts'
import { NOW } from './restore-steps.ts'
import type { Sqlite } from './sqlite.ts'

/** One thing that is gone or that changed; a folder that went whole is one. Paths are latin1 strings. */
export interface RecentThing {
  readonly path: string
  readonly type: FileType
  readonly action: EntryKind
  /** Files below a folder; 1 for a file. */
  readonly files: number
  /** Null: unknown. */
  readonly program: string | null
  readonly time: readonly [number, number]
  readonly change: number
  /** Hash of the change before; null: there was nothing before. */
  readonly before: string | null
  /** Its versions since the beginning of the time asked about. */
  readonly versions: number
}

/** Rows read at a time. */
const LOT = 5000

/** What went since a time and is still gone, and what changed since and is there, the newest first. */
export function recent(
  sqlite: Sqlite,
  { since, limit }: { readonly since: readonly [number, number]; readonly limit: number },
): { removed: RecentThing[]; changed: RecentThing[] } {
  const row = sqlite.get('SELECT min(first_version) AS first FROM change WHERE (sec, nsec) >= (?, ?)', ...since)
  const { first } = z.object({ first: z.number().nullable() }).parse(row)
  if (first === null) return { removed: [], changed: [] }
  return { removed: removedSince(sqlite, first, limit), changed: changedSince(sqlite, first, limit) }
}

/** A thing while what belongs to it is still being read. */
interface Gone {
  readonly id: number
  readonly moment: number
  files: number
  /** The first of the changes that took it and what was in it. */
  begin: number
}

/**
 * A folder comes before what was in it, as it goes last; what went with it in the same moment is only counted. What came
 * and went within one moment (a temporary file) is left out, and so is what something else stands in place of.
 */
function removedSince(sqlite: Sqlite, first: number, limit: number): RecentThing[] {
  const things: Gone[] = []
  /** By path; of the moment that is read. */
  const folders = new Map<string, Gone>()
  const take = ([id, path, change, moment, folder]: Deletion): void => {
    const above = folderAbove(folders, path)
    if (above) {
      if (folder === 0) above.files++
      above.begin = Math.min(above.begin, change)
      return
    }
    if (things.length >= limit || !isGone(sqlite, id, moment) || locateAt(sqlite, path, NOW) !== null) return
    const thing = { id, moment, files: 1 - folder, begin: change }
    things.push(thing)
    if (folder === 1) folders.set(path, thing)
  }
  for (let [below, moment] = [NOW, 0]; ;) {
    const row = z.object({ rows: z.string() }).parse(sqlite.get(DELETIONS, first, below, LOT))
    const rows = deletions.parse(JSON.parse(row.rows))
    for (const deletion of rows) {
      if (deletion[3] !== moment) folders.clear()
      ;[below, , , moment] = deletion
      if (things.length >= limit && folders.size === 0) break
      take(deletion)
    }
    if ((things.length >= limit && folders.size === 0) || rows.length < LOT) break
  }
  return things.map(({ id, files, begin }) => {
    const thing = thingRow.parse(sqlite.get(`${THINGS} WHERE v.id = ?`, id))
    const before = hashOf(sqlite, begin - 1)
    return { ...present(thing), files, before, versions: thing.number - numberBefore(sqlite, thing.file, first) }
  })
}

/** One JSON array of arrays: reading tens of thousands of rows one by one costs more than finding them. */
const DELETIONS = `
  SELECT json_group_array(json_array(id, path, change, moment, folder)) AS rows FROM (
    SELECT v.id, v.path, v.change, (SELECT moment FROM change WHERE sequence = v.change) moment,
      v.state ->> 'type' = 'directory' folder FROM version v
    WHERE v.kind = 'delete' AND v.id >= ? AND v.id < ? ORDER BY v.id DESC LIMIT ?)`
type Deletion = z.infer<typeof deletions>[number]
const deletions = z.array(z.tuple([z.number(), z.string(), z.number(), z.number(), z.number()]))

/** It has not come back since, and was there before the moment that took it. */
function isGone(sqlite: Sqlite, id: number, moment: number): boolean {
  const row = sqlite.get(
    `SELECT 1 FROM version v WHERE v.id = ? AND v.file < (SELECT first_version FROM change WHERE sequence = ?)
       AND NOT EXISTS (SELECT 1 FROM version w WHERE w.file = v.file AND w.id > v.id)`,
    id,
    moment,
  )
  return row !== null
}

function folderAbove(folders: ReadonlyMap<string, Gone>, path: string): Gone | null {
  if (folders.size === 0) return null
  for (let above = directoryOf(path); above !== ''; above = directoryOf(above)) {
    const folder = folders.get(above)
    if (folder) return folder
  }
  return null
}

/** Files, not folders; what an import brought did not change. */
function changedSince(sqlite: Sqlite, first: number, limit: number): RecentThing[] {
  const files = new Set<number>()
  const things: RecentThing[] = []
  for (let below = NOW; ;) {
    const row = z.object({ rows: z.string() }).parse(sqlite.get(CHANGED, first, below, LOT))
    const rows = pairs.parse(JSON.parse(row.rows))
    for (const [id, file] of rows) {
      below = id
      if (files.has(file)) continue
      files.add(file)
      const thing = changedThing(sqlite, id, first)
      if (thing) things.push(thing)
      if (things.length === limit) return things
    }
    if (rows.length < LOT) return things
  }
}

const CHANGED = `
  SELECT json_group_array(json_array(id, file)) AS rows FROM (
    SELECT v.id, v.file FROM version v CROSS JOIN change c ON c.sequence = v.change
    WHERE v.id >= ? AND v.id < ? AND c.kind <> 'import' ORDER BY v.id DESC LIMIT ?)`
const pairs = z.array(z.tuple([z.number(), z.number()]))

/** From the newest version of a file; null: that is a deletion, or it is a folder. */
function changedThing(sqlite: Sqlite, id: number, first: number): RecentThing | null {
  const thing = thingRow.parse(sqlite.get(`${THINGS} WHERE v.id = ?`, id))
  if (thing.action === 'delete' || thing.type === 'directory') return null
  const older = numberBefore(sqlite, thing.file, first)
  const number = isImport(sqlite, thing.file, older + 1) ? older + 1 : older
  const isNew = kindOf(sqlite, thing.file, number + 1) === 'create'
  const hadNone = thing.number === 1 || kindOf(sqlite, thing.file, thing.number - 1) === 'delete'
  return {
    ...present(thing),
    path: pathAt(sqlite, ROOT, thing.file, NOW) ?? thing.path,
    ...{ action: isNew ? 'create' : thing.action, files: 1 },
    ...{ before: hadNone ? null : hashOf(sqlite, thing.change - 1), versions: thing.number - number },
  }
}

function present(row: z.infer<typeof thingRow>): Omit<RecentThing, 'files' | 'before' | 'versions'> {
  const { path, type, action, program, sec, nsec, change } = row
  return { path, type, action, program, time: [sec, nsec], change }
}

/** How many versions of a file are older than one of the project. */
function numberBefore(sqlite: Sqlite, file: number, version: number): number {
  const row = sqlite.get('SELECT max(number) AS number FROM version WHERE file = ? AND id < ?', file, version)
  return z.object({ number: z.number().nullable() }).parse(row).number ?? 0
}

function isImport(sqlite: Sqlite, file: number, number: number): boolean {
  const row = sqlite.get(
    `SELECT 1 FROM version v JOIN change c ON c.sequence = v.change WHERE v.file = ? AND v.number = ? AND c.kind = 'import'`,
    file,
    number,
  )
  return row !== null
}

function kindOf(sqlite: Sqlite, file: number, number: number): EntryKind {
  const row = sqlite.get('SELECT kind FROM version WHERE file = ? AND number = ?', file, number)
  return z.object({ kind: z.enum(entryKinds) }).parse(row).kind
}

const THINGS = `
  SELECT v.file, v.path, v.kind action, v.number, v.state ->> 'type' type, c.sequence change, c.sec, c.nsec,
    g.name program
  FROM version v JOIN change c ON c.sequence = v.change LEFT JOIN program g ON g.id = v.program`

const thingRow = z.object({
  file: z.number(),
  path: z.string(),
  action: z.enum(entryKinds),
  number: z.number(),
  type: z.enum(fileTypes),
  change: z.number(),
  sec: z.number(),
  nsec: z.number(),
  program: z.string().nullable(),
})
