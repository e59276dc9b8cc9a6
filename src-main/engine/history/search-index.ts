import { z } from 'zod'
import type { ObjectStore } from '../store/object-store.ts'
import { type Done, type LotText, SearchDatabase } from './search-database.ts'
import { TEXT_OBJECT, Texts } from './search-text.ts'
import type { Sqlite } from './sqlite.ts'

/** A lot is full with the version with which it has one of these: new text, texts read, versions. */
const LOT_TEXT = 24 * 1024
const LOT_READ = 2 * 1024 * 1024
const LOT_VERSIONS = 1024
const EMPTY: LotText = { first: 0, last: 0, text: '', read: 0, versions: 0 }
/** Versions that are asked for at once. */
const PAGE = 1000

const versionRow = z.object({
  id: z.number(),
  hash: z.string(),
  object: z.string().nullable(),
  previous: z.string().nullable(),
})

/** Fills search.db: takes in what index.db has and it has not, lot by lot. */
export class SearchIndex {
  private readonly texts: Texts
  private done: Done
  /** What waits to become a lot. */
  private lot: LotText
  /** Versions behind `done` that were asked for already, the next one last. */
  private ahead: z.infer<typeof versionRow>[] = []

  constructor(
    private readonly sqlite: Sqlite,
    store: ObjectStore,
    private readonly database: SearchDatabase,
    /** Bytes it may have on the disk. */
    private readonly limit: number,
  ) {
    this.texts = new Texts(store)
    this.done = database.done() ?? { version: 0, hash: '' }
    this.lot = database.tail() ?? EMPTY
  }

  /** Opens search.db as far as it follows from this index.db; one that does not is made anew. */
  static open(sqlite: Sqlite, file: string): SearchDatabase {
    const database = SearchDatabase.open(file)
    const done = database.done()
    if (done === null || isOf(sqlite, done)) return database
    database.close()
    SearchDatabase.remove(file)
    return SearchDatabase.open(file)
  }

  /** Takes in what makes one lot full, or all that there is; false when there is no more. */
  turn(): boolean {
    if (this.ahead.length === 0) this.ahead = this.next()
    if (this.ahead.length === 0) return false
    let lot = this.lot
    for (let version = this.ahead.pop(); version; version = isFull(lot) ? undefined : this.ahead.pop()) {
      lot = this.with(lot, version)
      this.done = { version: version.id, hash: version.hash }
    }
    if (isFull(lot)) this.database.add(lot, this.done, this.limit)
    else this.database.keep(lot, this.done)
    this.lot = isFull(lot) ? EMPTY : lot
    return true
  }

  private with(lot: LotText, { id, object, previous }: z.infer<typeof versionRow>): LotText {
    if (object === null || object === previous) return lot
    const whole = this.texts.of(object)
    const text = lot.text + newLines(whole, previous === null ? '' : this.texts.of(previous))
    const first = lot.first === 0 ? id : lot.first
    return { first, last: id, text, read: lot.read + whole.length, versions: lot.versions + 1 }
  }

  private next(): z.infer<typeof versionRow>[] {
    const rows = this.sqlite.all(
      `SELECT v.id, c.hash, ${TEXT_OBJECT} AS object,
        (SELECT ${TEXT_OBJECT} FROM version v WHERE v.file = w.file AND v.id < w.id ORDER BY v.id DESC LIMIT 1) AS previous
       FROM version w JOIN version v ON v.id = w.id JOIN change c ON c.sequence = w.change
       WHERE w.id > ? ORDER BY w.id LIMIT ${PAGE}`,
      this.done.version,
    )
    return rows.map((row) => versionRow.parse(row)).reverse()
  }
}

function isFull({ text, read, versions }: LotText): boolean {
  return text.length >= LOT_TEXT || read >= LOT_READ || versions >= LOT_VERSIONS
}

/** How many changes search.db lacks. */
export function behind(sqlite: Sqlite, done: Done | null): number {
  const row = sqlite.get(
    `SELECT coalesce((SELECT max(sequence) FROM change WHERE last_version > ?), 0)
      - coalesce((SELECT change FROM version WHERE id = ?), 0) AS behind`,
    done?.version ?? 0,
    done?.version ?? 0,
  )
  return Math.max(0, z.object({ behind: z.number() }).parse(row).behind)
}

export function isOf(sqlite: Sqlite, { version, hash }: Done): boolean {
  const row = sqlite.get('SELECT c.hash FROM version v JOIN change c ON c.sequence = v.change WHERE v.id = ?', version)
  return row?.['hash'] === hash
}

/** The lines that an earlier text had not. */
function newLines(text: string, earlier: string): string {
  if (earlier === '') return `${text}\n`
  const had = new Set(earlier.split('\n'))
  let lines = ''
  for (const line of text.split('\n')) if (!had.has(line)) lines += `${line}\n`
  return lines
}
