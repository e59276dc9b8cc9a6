import { z } from 'zod'
import { IzeError } from '../ize-error.ts'
import type { ChangeEntry, ChangeMetadata, Program } from './change-metadata.ts'
import { openIndex } from './index-schema.ts'
import { Lineages } from './lineages.ts'
import { locate } from './locate.ts'
import { MomentCounts } from './moment-counts.ts'
import { continues, type Moment, type MomentChange } from './moment-rule.ts'
import { openMoment } from './open-moment.ts'
import type { Sqlite } from './sqlite.ts'
import { type ProgramIds, TreeDraft } from './tree-draft.ts'
import { SELECT_VERSIONS, type Version, versionOf } from './version-rows.ts'

export interface RecordedChange {
  readonly hash: string
  /** Pijul's state of the channel after the change. */
  readonly state: string
  /** Place in the channel's log, from 1: `HistoryIndex.next` for the next one. */
  readonly n: number
  readonly metadata: ChangeMetadata
}

export interface LastChange {
  readonly sequence: number
  readonly hash: string
  readonly state: string
  readonly firstOp: number
  /** Everything up to here is recorded. */
  readonly lastOp: number
}

/**
 * The index as its writer, the recorder thread, sees it. Readers open their own connection (history-queries.ts); they
 * see a change as soon as `append` has returned.
 */
export class HistoryIndex {
  /** What the transactions so far have taught about the index, which nobody else writes. */
  private known = new Known()

  private constructor(private readonly sqlite: Sqlite) {}

  /** Errors: E_INDEX_DAMAGED and E_INDEX_VERSION; after both, `rebuildIndex` makes it anew from the changes. */
  static open(file: string): HistoryIndex {
    return new HistoryIndex(openIndex(file))
  }

  /**
   * Takes changes in, oldest first, in one transaction, and returns the sequence number of the newest one in the index
   * (-1: none). A change that is in it already is passed over, so after a crash the recorder appends again from
   * `last()` on. Errors: E_INDEX_DIVERGED when the index has another change at that place (rebuild it).
   */
  append(changes: readonly RecordedChange[]): number {
    try {
      return this.sqlite.transaction(() => this.appendAll(changes))
    } catch (error) {
      this.known = new Known()
      throw error
    }
  }

  /** The newest change; null: the index is empty. */
  last(): LastChange | null {
    const row = this.sqlite.get(
      `SELECT sequence, hash, state, first_op "firstOp", last_op "lastOp" FROM change ORDER BY sequence DESC LIMIT 1`,
    )
    return row && lastRow.parse(row)
  }

  /** Place in the channel's log of the change that is recorded next; the first is 1, behind Pijul's own root. */
  get next(): number {
    return (this.last()?.sequence ?? 0) + 1
  }

  /** Place of the first change that holds a later operation than the one named; null: none does. */
  firstAfter(operation: number): number | null {
    const row = this.sqlite.get('SELECT min(sequence) "first" FROM change WHERE last_op > ?', operation)
    return z.object({ first: z.number().nullable() }).parse(row).first
  }

  /** Time of the newest change: seconds and nanoseconds; null: the index is empty. */
  lastTime(): readonly [number, number] | null {
    const row = this.sqlite.get('SELECT sec, nsec FROM change ORDER BY sequence DESC LIMIT 1')
    if (!row) return null
    const { sec, nsec } = z.object({ sec: z.number(), nsec: z.number() }).parse(row)
    return [sec, nsec]
  }

  /** The newest version of the file that is at a path now; null: none is there. The root has no versions. */
  fileAt(path: string): Version | null {
    const found = locate(this.sqlite, path)
    if (!found?.alive) return null
    const row = this.sqlite.get(`${SELECT_VERSIONS} WHERE v.file = ? ORDER BY v.id DESC LIMIT 1`, found.file)
    return row && versionOf(row)
  }

  /** Addresses of the contents of all versions, each with the newest change that names it. */
  objects(): Map<string, number> {
    const rows = this.sqlite.all(
      `SELECT json_extract(state, '$.object') object, max(change) newest FROM version
       WHERE object IS NOT NULL GROUP BY object`,
    )
    return new Map(
      rows.map((row) => {
        const { object, newest } = z.object({ object: z.string(), newest: z.number() }).parse(row)
        return [object, newest]
      }),
    )
  }

  /** How much the index holds, for `ize doctor` and tests. */
  counts(): { changes: number; versions: number; places: number } {
    const row = this.sqlite.get(
      `SELECT (SELECT count(*) FROM change) changes, (SELECT count(*) FROM version) versions,
        (SELECT count(*) FROM place) places`,
    )
    return z.object({ changes: z.number(), versions: z.number(), places: z.number() }).parse(row)
  }

  /** Moves everything into the one file, so that it can be renamed. Nobody else may have the index open. */
  seal(): void {
    // On this connection: SQLite lets go of a closed one's files only when its statements are collected.
    this.sqlite.exec('PRAGMA journal_mode = DELETE')
  }

  close(): void {
    this.sqlite.close()
  }

  private appendAll(changes: readonly RecordedChange[]): number {
    const known = this.known
    known.sequence ??= this.last()?.sequence ?? -1
    known.version ??= this.lastVersion()
    if (known.sequence >= 0 && !known.moment) ({ moment: known.moment, counts: known.counts } = openMoment(this.sqlite))
    if (known.directories.size > REMEMBERED) known.directories.clear()
    const draft = new TreeDraft(this.sqlite, known.version, known.counts)
    for (const change of changes) {
      if (change.n <= known.sequence) {
        this.expectSame(change)
        continue
      }
      this.take(change, draft)
      known.sequence = change.n
    }
    draft.flush()
    known.version = draft.lastVersion
    return known.sequence
  }

  private take({ hash, state, n, metadata }: RecordedChange, draft: TreeDraft): void {
    const firstVersion = draft.lastVersion + 1
    const programs = metadata.programs.map((program) => this.programId(program))
    const indexOf = ({ program = -1 }: ChangeEntry): number => (program in programs ? program : -1)
    const who = [...new Set(metadata.entries.map(indexOf))].sort((a, b) => a - b)
    const { moment, counts } = this.known.take(firstVersion, {
      ...{ sequence: n, kind: metadata.kind, time: metadata.time },
      programs: who.map((index) => metadata.programs[index] ?? null),
    })
    const programOf = (entry: ChangeEntry): ProgramIds | null => programs[indexOf(entry)] ?? null
    new Lineages(draft, this.known.directories, n, programOf).take(metadata.entries)
    this.sqlite.run(
      'INSERT INTO change VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
      ...[n, hash, state, metadata.kind, ...metadata.time, metadata.first, metadata.last],
      ...[firstVersion, draft.lastVersion, metadata.note ?? null],
      ...[moment, JSON.stringify(who.map((index) => programs[index]?.id ?? null))],
      ...[counts.removed, counts.files, counts.gone, counts.folders, counts.goneFolders],
    )
  }

  private programId(program: Program): ProgramIds {
    const detail = JSON.stringify(program)
    const known = this.known.programs.get(detail)
    if (known !== undefined) return known
    this.sqlite.run('INSERT OR IGNORE INTO program (name, detail) VALUES (?, ?)', program.name, detail)
    const row = this.sqlite.get('SELECT id FROM program WHERE detail = ?', detail)
    this.sqlite.run('INSERT OR IGNORE INTO program_name (name) VALUES (?)', program.name)
    const name = this.sqlite.get('SELECT id FROM program_name WHERE name = ?', program.name)
    const ids = { id: idRow.parse(row).id, name: idRow.parse(name).id }
    remember(this.known.programs, detail, ids)
    return ids
  }

  private expectSame({ hash, n }: RecordedChange): void {
    const row = this.sqlite.get('SELECT hash FROM change WHERE sequence = ?', n)
    if (row?.['hash'] === hash) return
    const message = `The history index has another change than ${hash} at place ${n}; it must be rebuilt.`
    throw new IzeError('E_INDEX_DIVERGED', message)
  }

  private lastVersion(): number {
    return z.object({ n: z.number() }).parse(this.sqlite.get('SELECT coalesce(max(id), 0) n FROM version')).n
  }
}

const lastRow = z.object({
  sequence: z.number(),
  hash: z.string(),
  state: z.string(),
  firstOp: z.number(),
  lastOp: z.number(),
})

const idRow = z.object({ id: z.number() })

class Known {
  sequence: number | null = null
  version: number | null = null
  readonly programs = new Map<string, ProgramIds>()
  readonly directories = new Map<string, number>()
  moment: Moment | null = null
  counts = new MomentCounts(0, 0, 0, 0, 0)

  /** The next change comes; which moment it is part of. */
  take(firstVersion: number, change: MomentChange): { moment: number; counts: MomentCounts } {
    const continued = this.moment !== null && continues(this.moment, change)
    const begin = this.moment && continued ? this.moment.begin : change
    this.moment = { begin, last: change }
    this.counts.begin(continued ? null : { firstVersion })
    return { moment: begin.sequence, counts: this.counts }
  }
}

/** Keeps a map of what could be asked again from growing with the project. */
function remember<K, V>(map: Map<K, V>, key: K, value: V): void {
  if (map.size >= REMEMBERED) map.clear()
  map.set(key, value)
}

const REMEMBERED = 1000
