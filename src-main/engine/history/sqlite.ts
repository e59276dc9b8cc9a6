import Libsql from 'libsql'

/**
 * The only file that knows which SQLite is used. Synchronous, so only worker threads open a database.
 *
 * Statements are prepared once per text and kept. Rows come back as plain objects keyed by column name.
 */
export type SqlValue = string | number | null
export type SqlRow = Readonly<Record<string, unknown>>

/** How long a connection waits for another one's lock before it fails with SQLITE_BUSY. */
const BUSY_MS = 10_000

/** SQLite's own name of an error, such as SQLITE_CORRUPT; null: it is none of SQLite's. */
export function sqliteCode(error: unknown): string | null {
  const code = error instanceof Error && 'code' in error ? error.code : null
  return typeof code === 'string' && code.startsWith('SQLITE_') ? code : null
}

export function isFullDisk(error: unknown): boolean {
  const code = sqliteCode(error) ?? (error instanceof Error && 'code' in error ? error.code : null)
  return ['SQLITE_FULL', 'SQLITE_IOERR_SHMSIZE', 'ENOSPC', 'EDQUOT'].includes(String(code))
}

export class Sqlite {
  private readonly statements = new Map<string, Libsql.Statement>()

  private constructor(
    readonly file: string,
    private readonly database: Libsql.Database,
  ) {}

  /**
   * Opens a database file (made when missing) in WAL mode with synchronous NORMAL: a commit survives the death of the
   * process at once, the death of the machine from the next checkpoint on, and the file is whole in either case.
   * `pageBytes`: of a new file's pages, and that what is free in it can be given back (`PRAGMA incremental_vacuum`).
   */
  static open(file: string, { pageBytes }: { readonly pageBytes?: number } = {}): Sqlite {
    const sqlite = new Sqlite(file, new Libsql(file))
    sqlite.database.pragma(`busy_timeout = ${BUSY_MS}`)
    // Of a new file; others keep theirs.
    if (pageBytes !== undefined) {
      sqlite.database.pragma(`page_size = ${pageBytes}`)
      sqlite.database.pragma('auto_vacuum = INCREMENTAL')
    }
    sqlite.database.pragma('journal_mode = WAL')
    sqlite.database.pragma('synchronous = NORMAL')
    sqlite.database.pragma('journal_size_limit = 4194304')
    return sqlite
  }

  /** Opens an existing database for reading; writing through it fails. The caller has made sure that the file exists. */
  static openForReading(file: string): Sqlite {
    const sqlite = new Sqlite(file, new Libsql(file))
    sqlite.database.pragma(`busy_timeout = ${BUSY_MS}`)
    sqlite.database.pragma('query_only = ON')
    return sqlite
  }

  exec(sql: string): void {
    this.database.exec(sql)
  }

  run(sql: string, ...values: readonly SqlValue[]): void {
    this.prepare(sql).run(values)
  }

  get(sql: string, ...values: readonly SqlValue[]): SqlRow | null {
    const row = this.prepare(sql).get(values) as SqlRow | undefined
    return row ?? null
  }

  all(sql: string, ...values: readonly SqlValue[]): SqlRow[] {
    return this.prepare(sql).all(values) as SqlRow[]
  }

  /** Runs `work` in one transaction: all of it or, when it throws, nothing. */
  transaction<T>(work: () => T): T {
    this.database.exec('BEGIN IMMEDIATE')
    try {
      const result = work()
      this.database.exec('COMMIT')
      return result
    } catch (error) {
      // After some errors (a full disk) SQLite has rolled back by itself.
      if (this.database.inTransaction) this.database.exec('ROLLBACK')
      throw error
    }
  }

  /** A consistent view for several reads while another thread may write. */
  snapshot<T>(work: () => T): T {
    this.database.exec('BEGIN')
    try {
      return work()
    } finally {
      this.database.exec('COMMIT')
    }
  }

  close(): void {
    this.statements.clear()
    this.database.close()
  }

  private prepare(sql: string): Libsql.Statement {
    let statement = this.statements.get(sql)
    if (!statement) {
      statement = this.database.prepare(sql)
      this.statements.set(sql, statement)
    }
    return statement
  }
}
