import { existsSync, rmSync } from 'node:fs'
import { z } from 'zod'
import { isFullDisk, Sqlite, sqliteCode } from './sqlite.ts'

/**
 * `search.db`: where texts may be found. It follows from index.db and the contents, so it may be deleted at any time; it
 * is filled behind the recorder's back, in lots.
 *
 * A lot stands for the versions `first` to `last` (ids of index.db): its one row in an FTS5 table, under the lot's number, has
 * the trigrams of all lines that those versions brought. So what a lot answers are candidates; the contents say whether.
 * What is too little for a lot yet waits in `tail`, as it is: a lot of a few words would take more than the words.
 *
 * The FTS5 tables are parts, each of the lots of some time: when all is larger than it may be, the oldest part goes. Lots
 * that were added one by one take twice what they take once they are merged, which is done (`compact`) when a part has grown by
 * half: `text` is how much there is in it, `compacted` how much there was then.
 */
const SCHEMA_VERSION = 2
/** An empty table takes a page, and of a small project there is little more than empty tables. */
const PAGE_BYTES = 1024
/** Pages merged at a time. */
const MERGE_PAGES = 500
const GROWN = 1.5
/** Characters of text whose merging takes no time. */
const SMALL = 1_000_000
/** More than this part of the file may not be free. */
const FREE_PART = 8

const SCHEMA = `
CREATE TABLE part (
  id INTEGER PRIMARY KEY, first_lot INTEGER NOT NULL, text INTEGER NOT NULL, compacted INTEGER NOT NULL
) STRICT;
CREATE TABLE lot (id INTEGER PRIMARY KEY, first INTEGER NOT NULL, last INTEGER NOT NULL) STRICT;
CREATE TABLE tail (
  id INTEGER PRIMARY KEY CHECK (id = 1), first INTEGER NOT NULL, last INTEGER NOT NULL, read INTEGER NOT NULL,
  versions INTEGER NOT NULL, text TEXT NOT NULL
) STRICT;
CREATE TABLE done (id INTEGER PRIMARY KEY CHECK (id = 1), version INTEGER NOT NULL, hash TEXT NOT NULL) STRICT;
PRAGMA user_version = ${SCHEMA_VERSION};
`

export interface Lot {
  readonly first: number
  readonly last: number
}

/** A lot with the lines that it brought, and what it took to find them: characters read, versions. */
export interface LotText extends Lot {
  readonly text: string
  readonly read: number
  readonly versions: number
}

/** Up to which version it is filled, and the hash of that version's change, by which another index.db is noticed. */
export interface Done {
  readonly version: number
  readonly hash: string
}

const doneRow = z.object({ version: z.number(), hash: z.string() })
const partRow = z.object({ id: z.number(), first_lot: z.number(), text: z.number(), compacted: z.number() })
const lotRow = z.object({ first: z.number(), last: z.number() })
const tailRow = lotRow.extend({ read: z.number(), versions: z.number(), text: z.string() })

export class SearchDatabase {
  /** The part that is being compacted. */
  private merging = 0

  private constructor(private readonly sqlite: Sqlite) {}

  /** Opens it, or makes an empty one; one of another format is made anew. Errors: those that are its damage. */
  static open(file: string): SearchDatabase {
    const found = prepared(file)
    if (found) return new SearchDatabase(found)
    SearchDatabase.remove(file)
    return SearchDatabase.open(file)
  }

  /** Null: there is none. */
  static openExisting(file: string): SearchDatabase | null {
    return existsSync(file) ? SearchDatabase.open(file) : null
  }

  static remove(file: string): void {
    for (const part of ['', '-wal', '-shm']) rmSync(file + part, { force: true })
  }

  /** Whether an error of any of the methods says that the file is not what was written into it. */
  static isDamage(error: unknown): boolean {
    if (error instanceof z.ZodError) return true
    const code = sqliteCode(error)
    // What is damaged may also look like a table that is missing. A disk and a lock are no damage.
    return code !== null && !isFullDisk(error) && !/^SQLITE_(BUSY|LOCKED|NOMEM|IOERR|CANTOPEN|PERM|READONLY)/.test(code)
  }

  close(): void {
    this.sqlite.close()
  }

  done(): Done | null {
    const row = this.sqlite.get('SELECT version, hash FROM done')
    return row && doneRow.parse(row)
  }

  /** What waits to become a lot; null: nothing does. */
  tail(): LotText | null {
    const row = this.sqlite.get('SELECT first, last, read, versions, text FROM tail')
    return row && tailRow.parse(row)
  }

  /** Has the lot wait, and remembers how far everything is, in one transaction. */
  keep({ first, last, read, versions, text }: LotText, done: Done): void {
    this.sqlite.transaction(() => {
      this.sqlite.run('INSERT OR REPLACE INTO tail VALUES (1, ?, ?, ?, ?, ?)', first, last, read, versions, text)
      this.setDone(done)
    })
  }

  /** Adds the lot, which waits no more, unless it brought no text, and remembers how far everything is, in one transaction. */
  add({ first, last, text }: LotText, done: Done, limit: number): void {
    this.sqlite.transaction(() => {
      this.sqlite.run('DELETE FROM tail')
      if (text !== '') {
        const lot = this.number('SELECT coalesce(max(id), 0) + 1 AS n FROM lot')
        const part = this.partFor(lot, limit)
        this.sqlite.run(`INSERT INTO text_${part} (rowid, lines) VALUES (?, ?)`, lot, text)
        this.sqlite.run('INSERT INTO lot VALUES (?, ?, ?)', lot, first, last)
        this.sqlite.run('UPDATE part SET text = text + ? WHERE id = ?', text.length, part)
      }
      this.setDone(done)
    })
    while (this.bytes() > limit && this.dropOldest()) continue
  }

  /** Lots whose lines have all of these trigrams, oldest first. */
  candidates(trigrams: readonly string[]): Lot[] {
    const match = trigrams.map((trigram) => `"${trigram.replaceAll('"', '""')}"`).join(' AND ')
    const lots = this.parts().flatMap(({ id }) =>
      this.sqlite
        .all(
          `SELECT first, last FROM lot WHERE id IN (SELECT rowid FROM text_${id} WHERE text_${id} MATCH ?) ORDER BY id`,
          match,
        )
        .map((row) => lotRow.parse(row)),
    )
    const tail = this.tail()
    return tail && trigrams.every((trigram) => tail.text.includes(trigram)) ? [...lots, tail] : lots
  }

  /** The first version that is covered; null: all are. */
  coveredFrom(): number | null {
    const [oldest] = this.parts()
    return !oldest || oldest.id === 1 ? null : this.number('SELECT first AS n FROM lot WHERE id = ?', oldest.first_lot)
  }

  /** Merges some of what was added; false when there is nothing to gain any more. */
  compact(): boolean {
    const parts = this.parts()
    const part = parts.find(({ id, text, compacted }) => {
      const goesOn = id === parts.at(-1)?.id && text > SMALL
      return text > compacted * (goesOn ? GROWN : 1)
    })
    if (!part) return false
    const changes = (): number => this.number('SELECT total_changes() AS n')
    const begins = this.merging !== part.id
    const before = changes()
    this.sqlite.run(
      `INSERT INTO text_${part.id} (text_${part.id}, rank) VALUES ('merge', ?)`,
      begins ? -MERGE_PAGES : MERGE_PAGES,
    )
    this.merging = part.id
    // As FTS5 tells it: nothing but the command itself was done.
    if (begins || changes() - before >= 2) return true
    this.merging = 0
    this.sqlite.run('UPDATE part SET compacted = text WHERE id = ?', part.id)
    return true
  }

  /** Moves what was written into the one file, and gives back what is free in it: a run ends. */
  settle(): void {
    const [free, pages] = ['freelist_count', 'page_count'].map((name) =>
      Number(this.sqlite.get(`PRAGMA ${name}`)?.[name]),
    )
    if ((free ?? 0) * FREE_PART > (pages ?? 0)) this.sqlite.exec('PRAGMA incremental_vacuum')
    this.sqlite.exec('PRAGMA wal_checkpoint(TRUNCATE)')
  }

  /** What it has on the disk, what was freed in the file not counted. */
  bytes(): number {
    const of = (name: string): number => Number(this.sqlite.get(`PRAGMA ${name}`)?.[name])
    return (of('page_count') - of('freelist_count')) * of('page_size')
  }

  private setDone({ version, hash }: Done): void {
    this.sqlite.run('INSERT OR REPLACE INTO done VALUES (1, ?, ?)', version, hash)
  }

  private number(sql: string, ...values: readonly number[]): number {
    return z.object({ n: z.number() }).parse(this.sqlite.get(sql, ...values)).n
  }

  private parts(): z.infer<typeof partRow>[] {
    return this.sqlite.all('SELECT * FROM part ORDER BY id').map((row) => partRow.parse(row))
  }

  /** The newest part, or a new one when that has its share of what may be: a quarter, taken for text of all trigrams. */
  private partFor(lot: number, limit: number): number {
    const newest = this.parts().at(-1)
    if (newest && newest.text < limit / 4) return newest.id
    const id = (newest?.id ?? 0) + 1
    this.sqlite.exec(
      `CREATE VIRTUAL TABLE text_${id} USING fts5 (lines, content='', detail=none, columnsize=0, tokenize='trigram')`,
    )
    this.sqlite.run('INSERT INTO part VALUES (?, ?, 0, 0)', id, lot)
    return id
  }

  /** False when there is only the newest. */
  private dropOldest(): boolean {
    const [oldest, next] = this.parts()
    if (!oldest || !next) return false
    this.sqlite.transaction(() => {
      this.sqlite.exec(`DROP TABLE text_${oldest.id}`)
      this.sqlite.run('DELETE FROM lot WHERE id < ?', next.first_lot)
      this.sqlite.run('DELETE FROM part WHERE id = ?', oldest.id)
    })
    return true
  }
}

/** Null: it is of another format. */
function prepared(file: string): Sqlite | null {
  const sqlite = Sqlite.open(file, { pageBytes: PAGE_BYTES })
  try {
    const version = Number(sqlite.get('PRAGMA user_version')?.['user_version'])
    if (version === 0) sqlite.transaction(() => sqlite.exec(SCHEMA))
    else if (version !== SCHEMA_VERSION) {
      sqlite.close()
      return null
    }
    return sqlite
  } catch (error) {
    sqlite.close()
    throw error
  }
}
