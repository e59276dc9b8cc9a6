import { z } from 'zod'
import { type ChangeKind, changeKinds, type EntryKind, entryKinds, type Program } from './change-metadata.ts'
import { programsOf } from './programs-of.ts'
import type { Sqlite } from './sqlite.ts'
import type { TaggedChanges } from './tagged-changes.ts'

/** What one program did within seconds: consecutive changes. Paths are latin1 strings. */
export interface MomentRow {
  readonly first: number
  readonly last: number
  /** Times of its first and its last change. */
  readonly from: readonly [number, number]
  readonly time: readonly [number, number]
  readonly kind: ChangeKind
  /** Hash of the change before it; null: it is the first of all. */
  readonly before: string | null
  /** Hash of its last change. */
  readonly after: string
  /** Processes, in the order of their names. */
  readonly programs: readonly Program[]
  /** Files and folders it touched, and how many of them are gone after it. */
  readonly count: number
  readonly removed: number
  /** How many of both are folders. */
  readonly folders: number
  readonly removedFolders: number
  /** The first of those that the filter fits. */
  readonly paths: readonly { readonly path: string; readonly kind: EntryKind; readonly from: string | null }[]
  readonly note: string | null
  /** Tags, and messages of seals made by hand. */
  readonly names: readonly string[]
}

/** How many paths a row names. */
export const PATHS = 5

/** The moment that begins with a change. `files`: whose paths to name; null: of the first it touched. */
export function readMoment(
  sqlite: Sqlite,
  first: number,
  tags: TaggedChanges,
  files: readonly number[] | null,
): MomentRow {
  const { last, alike } = extentRow.parse(
    sqlite.get('SELECT max(sequence) last, min(kind) = max(kind) alike FROM change WHERE moment = ?', first),
  )
  const [begin, end] = [changeAt(sqlite, first), changeAt(sqlite, last)]
  const span: Span = [begin.first_version, end.last_version]
  const tagged = [...tags].filter(([change]) => change >= first && change <= last)
  return {
    first,
    last,
    from: [begin.sec, begin.nsec],
    time: [end.sec, end.nsec],
    kind: alike === 1 ? end.kind : 'several',
    before: hashOf(sqlite, first - 1),
    after: end.hash,
    programs: programsOf(sqlite, [first, last]),
    count: end.moment_files,
    removed: end.moment_gone,
    folders: end.moment_folders,
    removedFolders: end.moment_gone_folders,
    paths: (files ?? firstFiles(sqlite, span)).map((file) => outcome(sqlite, file, span)),
    note: end.kind === 'seal' ? null : end.note,
    names: [...(end.kind === 'seal' && end.note !== null ? [end.note] : []), ...tagged.flatMap(([, names]) => names)],
  }
}

/** Ids of the first and the last version. */
type Span = readonly [number, number]

/** Each file once; read in growing lots, as one file may have been saved over and over. */
function firstFiles(sqlite: Sqlite, [first, last]: Span): number[] {
  const files = new Set<number>()
  for (let [from, lot] = [first, PATHS]; files.size < PATHS; [from, lot] = [from + lot, lot * 4]) {
    const rows = sqlite.all('SELECT file FROM version WHERE id BETWEEN ? AND ? ORDER BY id LIMIT ?', from, last, lot)
    for (const row of rows) files.add(z.object({ file: z.number() }).parse(row).file)
    if (rows.length < lot) break
  }
  return [...files].slice(0, PATHS)
}

/** What became of a file from the first to the last version. */
function outcome(sqlite: Sqlite, file: number, span: Span): MomentRow['paths'][number] {
  const version = (more: string): z.infer<typeof versionRow> | null =>
    versionRow
      .nullable()
      .parse(
        sqlite.get(
          `SELECT kind, path, origin FROM version WHERE file = ? AND id BETWEEN ? AND ? ${more} LIMIT 1`,
          ...[file, ...span],
        ),
      )
  const [begin, end] = [version('ORDER BY id'), version('ORDER BY id DESC')]
  if (!begin || !end) throw new Error(`File ${file} has no version from ${span[0]} to ${span[1]}.`)
  if (end.kind === 'delete') return { path: end.path, kind: 'delete', from: null }
  if (begin.kind === 'create') return { path: end.path, kind: 'create', from: null }
  const renamed = version(`AND kind = 'rename' ORDER BY id`)
  return { path: end.path, kind: renamed ? 'rename' : end.kind, from: renamed?.origin ?? null }
}

/** Null: there is no such change. */
export function hashOf(sqlite: Sqlite, sequence: number): string | null {
  const row = sqlite.get('SELECT hash FROM change WHERE sequence = ?', sequence)
  return row && z.object({ hash: z.string() }).parse(row).hash
}

function changeAt(sqlite: Sqlite, sequence: number): z.infer<typeof changeRow> {
  return changeRow.parse(sqlite.get('SELECT * FROM change WHERE sequence = ?', sequence))
}

const changeRow = z.object({
  hash: z.string(),
  kind: z.enum(changeKinds),
  sec: z.number(),
  nsec: z.number(),
  first_version: z.number(),
  last_version: z.number(),
  note: z.string().nullable(),
  moment_files: z.number(),
  moment_gone: z.number(),
  moment_folders: z.number(),
  moment_gone_folders: z.number(),
})
const extentRow = z.object({ last: z.number(), alike: z.number() })
const versionRow = z.object({ kind: z.enum(entryKinds), path: z.string(), origin: z.string().nullable() })
