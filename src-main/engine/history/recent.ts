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
const LOT = 2000

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
interface Gone extends z.infer<typeof goneRow> {
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
  const take = (row: z.infer<typeof goneRow>): void => {
    const folder = folderAbove(folders, row.path)
    if (folder) {
      if (row.type !== 'directory') folder.files++
      folder.begin = Math.min(folder.begin, row.change)
      return
    }
    if (things.length >= limit || locateAt(sqlite, row.path, NOW) !== null) return
    const thing = { ...row, files: row.type === 'directory' ? 0 : 1, begin: row.change }
    things.push(thing)
    if (row.type === 'directory') folders.set(row.path, thing)
  }
  for (let [below, moment] = [NOW, 0]; ;) {
    const rows = sqlite.all(DELETIONS, first, below, LOT).map((row) => goneRow.parse(row))
    for (const row of rows) {
      if (row.moment !== moment) folders.clear()
      ;[below, moment] = [row.id, row.moment]
      if (things.length >= limit && folders.size === 0) break
      take(row)
    }
    const full = things.length >= limit && folders.size === 0
    if (full || rows.length < LOT) break
  }
  return things.map(({ begin, ...thing }) => ({
    ...present(thing),
    ...{ action: 'delete', files: thing.files, before: hashOf(sqlite, begin - 1) },
    versions: versionsSince(sqlite, thing.file, first),
  }))
}

const DELETIONS = `
  SELECT v.id, v.file, v.path, v.state ->> 'type' type, c.sequence change, c.moment, c.sec, c.nsec, g.name program
  FROM version v JOIN change c ON c.sequence = v.change LEFT JOIN program g ON g.id = v.program
  WHERE v.kind = 'delete' AND v.id >= ? AND v.id < ?
    AND v.file < (SELECT first_version FROM change WHERE sequence = c.moment)
    AND NOT EXISTS (SELECT 1 FROM version w WHERE w.file = v.file AND w.id > v.id)
  ORDER BY v.id DESC LIMIT ?`

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
  const rows = sqlite.all(
    `SELECT v.id, v.file, v.path, v.kind action, v.number, v.state ->> 'type' type, r.first, r.versions,
       c.sequence change, c.sec, c.nsec, g.name program
     FROM (SELECT w.file, min(w.id) first, max(w.id) last, count(*) versions FROM version w
       JOIN change d ON d.sequence = w.change WHERE w.id >= ? AND d.kind <> 'import' GROUP BY w.file) r
     JOIN version v ON v.id = r.last JOIN change c ON c.sequence = v.change LEFT JOIN program g ON g.id = v.program
     WHERE v.kind <> 'delete' AND v.state ->> 'type' <> 'directory' ORDER BY v.id DESC LIMIT ?`,
    first,
    limit,
  )
  return rows.map((row) => {
    const { action, first: begin, versions, ...thing } = changedRow.parse(row)
    const isNew = kindOf(sqlite, begin) === 'create'
    const before = thing.number === 1 || kindOf(sqlite, previous(sqlite, thing)) === 'delete'
    return {
      ...present(thing),
      ...{ path: pathAt(sqlite, ROOT, thing.file, NOW) ?? thing.path, action: isNew ? 'create' : action, files: 1 },
      ...{ before: before ? null : hashOf(sqlite, thing.change - 1), versions },
    }
  })
}

function present(row: z.infer<typeof thingRow>): Pick<RecentThing, 'path' | 'type' | 'program' | 'time' | 'change'> {
  const { path, type, program, sec, nsec, change } = row
  return { path, type, program, time: [sec, nsec], change }
}

function versionsSince(sqlite: Sqlite, file: number, first: number): number {
  const row = sqlite.get('SELECT count(*) n FROM version WHERE file = ? AND id >= ?', file, first)
  return z.object({ n: z.number() }).parse(row).n
}

/** Id of the file's version before another one. */
function previous(sqlite: Sqlite, { file, id }: { readonly file: number; readonly id: number }): number {
  const row = sqlite.get('SELECT max(id) id FROM version WHERE file = ? AND id < ?', file, id)
  return z.object({ id: z.number() }).parse(row).id
}

function kindOf(sqlite: Sqlite, version: number): EntryKind {
  const row = sqlite.get('SELECT kind FROM version WHERE id = ?', version)
  return z.object({ kind: z.enum(entryKinds) }).parse(row).kind
}

const thingRow = z.object({
  id: z.number(),
  file: z.number(),
  path: z.string(),
  type: z.enum(fileTypes),
  change: z.number(),
  sec: z.number(),
  nsec: z.number(),
  program: z.string().nullable(),
})
const goneRow = thingRow.extend({ moment: z.number() })
const changedRow = thingRow.extend({
  action: z.enum(entryKinds),
  number: z.number(),
  first: z.number(),
  versions: z.number(),
})
