import { existsSync, rmSync } from 'node:fs'
import { z } from 'zod'
import { Sqlite } from './sqlite.ts'

/**
 * `search.db`: where texts may be found. It follows from index.db and the contents, so it may be deleted at any time; it
 * is filled behind the recorder's back, in lots.
 *
 * A lot stands for the versions `first` to `last` (ids of index.db): its one row in an FTS5 table, under `first`, has the
 * trigrams of all lines that those versions brought. So what a lot answers are candidates; the contents say whether.
 *
 * The FTS5 tables are parts, each of the lots of some time: when all is larger than it may be, the oldest part goes.
 */
const SCHEMA_VERSION = 1

const SCHEMA = `
CREATE TABLE part (id INTEGER PRIMARY KEY, text INTEGER NOT NULL) STRICT;
CREATE TABLE lot (first INTEGER PRIMARY KEY, last INTEGER NOT NULL, part INTEGER NOT NULL) STRICT;
CREATE INDEX lot_of_part ON lot (part);
CREATE TABLE done (id INTEGER PRIMARY KEY CHECK (id = 1), version INTEGER NOT NULL, hash TEXT NOT NULL) STRICT;
PRAGMA user_version = ${SCHEMA_VERSION};
`

export interface Lot {
  readonly first: number
  readonly last: number
}

/** Up to which version it is filled, and the hash of that version's change, by which another index.db is noticed. */
export interface Done {
  readonly version: number
  readonly hash: string
}

const doneRow = z.object({ version: z.number(), hash: z.string() })
const partRow = z.object({ id: z.number(), text: z.number() })
const lotRow = z.object({ first: z.number(), last: z.number() })

export class SearchDatabase {
  private constructor(private readonly sqlite: Sqlite) {}

  /** Opens it, or makes an empty one: also in place of one that cannot be read. */
  static open(file: string): SearchDatabase {
    try {
      return new SearchDatabase(prepared(file))
    } catch {
      SearchDatabase.remove(file)
      return new SearchDatabase(prepared(file))
    }
  }

  /** Null: there is none. */
  static openExisting(file: string): SearchDatabase | null {
    return existsSync(file) ? SearchDatabase.open(file) : null
  }

  static remove(file: string): void {
    for (const part of ['', '-wal', '-shm']) rmSync(file + part, { force: true })
  }

  close(): void {
    this.sqlite.close()
  }

  done(): Done | null {
    const row = this.sqlite.get('SELECT version, hash FROM done')
    return row && doneRow.parse(row)
  }

  /** Adds a lot, unless it brought no text, and remembers how far everything is, in one transaction. */
  add(lot: Lot, text: string, done: Done, limit: number): void {
    this.sqlite.transaction(() => {
      if (text !== '') {
        const part = this.partFor(limit)
        this.sqlite.run(`INSERT INTO text_${part} (rowid, lines) VALUES (?, ?)`, lot.first, text)
        this.sqlite.run('INSERT INTO lot VALUES (?, ?, ?)', lot.first, lot.last, part)
        this.sqlite.run('UPDATE part SET text = text + ? WHERE id = ?', text.length, part)
      }
      this.sqlite.run('INSERT OR REPLACE INTO done VALUES (1, ?, ?)', done.version, done.hash)
    })
    while (this.bytes() > limit && this.dropOldest()) continue
  }

  /** Lots whose lines have all of these trigrams, oldest first. */
  candidates(trigrams: readonly string[]): Lot[] {
    const match = trigrams.map((trigram) => `"${trigram.replaceAll('"', '""')}"`).join(' AND ')
    return this.parts().flatMap(({ id }) =>
      this.sqlite
        .all(
          `SELECT first, last FROM lot WHERE first IN (SELECT rowid FROM text_${id} WHERE text_${id} MATCH ?) ORDER BY first`,
          match,
        )
        .map((row) => lotRow.parse(row)),
    )
  }

  /** The first version that is covered; null: all are. */
  coveredFrom(): number | null {
    const [oldest] = this.parts()
    if (!oldest || oldest.id === 1) return null
    const row = this.sqlite.get('SELECT min(first) AS first FROM lot WHERE part = ?', oldest.id)
    return z.object({ first: z.number().nullable() }).parse(row).first
  }

  /** Moves what was written into the one file: a run ends. */
  settle(): void {
    this.sqlite.exec('PRAGMA wal_checkpoint(TRUNCATE)')
  }

  /** What it has on the disk, what was freed in the file not counted. */
  bytes(): number {
    const of = (name: string): number => Number(this.sqlite.get(`PRAGMA ${name}`)?.[name])
    return (of('page_count') - of('freelist_count')) * of('page_size')
  }

  private parts(): z.infer<typeof partRow>[] {
    return this.sqlite.all('SELECT id, text FROM part ORDER BY id').map((row) => partRow.parse(row))
  }

  /** The newest part, or a new one when that has its share of what may be: a quarter, taken for text of all trigrams. */
  private partFor(limit: number): number {
    const newest = this.parts().at(-1)
    if (newest && newest.text < limit / 4) return newest.id
    const id = (newest?.id ?? 0) + 1
    this.sqlite.exec(
      `CREATE VIRTUAL TABLE text_${id} USING fts5 (lines, content='', detail=none, columnsize=0, tokenize='trigram')`,
    )
    this.sqlite.run('INSERT INTO part VALUES (?, 0)', id)
    return id
  }

  /** False when there is only the newest. */
  private dropOldest(): boolean {
    const [oldest, ...newer] = this.parts()
    if (!oldest || newer.length === 0) return false
    this.sqlite.transaction(() => {
      this.sqlite.exec(`DROP TABLE text_${oldest.id}`)
      this.sqlite.run('DELETE FROM lot WHERE part = ?', oldest.id)
      this.sqlite.run('DELETE FROM part WHERE id = ?', oldest.id)
    })
    return true
  }
}

function prepared(file: string): Sqlite {
  const sqlite = Sqlite.open(file)
  try {
    const version = Number(sqlite.get('PRAGMA user_version')?.['user_version'])
    if (version === 0) sqlite.transaction(() => sqlite.exec(SCHEMA))
    else if (version !== SCHEMA_VERSION) throw new Error(`format ${version}`)
    return sqlite
  } catch (error) {
    sqlite.close()
    throw error
  }
}
