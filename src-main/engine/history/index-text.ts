import { IzeError } from '../ize-error.ts'
import type { OpenHistory } from './open-history.ts'
import { SearchDatabase } from './search-database.ts'
import { type TextHit, type TextQuery, searchText } from './search-history.ts'
import { behind, isOf, SearchIndex } from './search-index.ts'
import { isFullDisk } from './sqlite.ts'

export interface TextHits {
  readonly hits: readonly TextHit[]
  readonly next: number | null
  /** The newest changes whose texts were not looked into, as search.db has not got so far. */
  readonly behind: number
  /** Time of the first change whose texts were; null: all were. */
  readonly coveredFrom: readonly [number, number] | null
  /** search.db could not be read, and was removed: it is to be filled anew. */
  readonly damaged: boolean
}

/**
 * Fills search.db to its end, letting others in after each lot; one that cannot be read is made anew, which is told. A limit
 * of no bytes: there is to be none. Errors: E_SPACE.
 */
export async function indexText(
  history: OpenHistory,
  limit: number,
  signal: AbortSignal,
): Promise<{ damaged: boolean }> {
  const { search } = history
  if (limit === 0) {
    SearchDatabase.remove(search)
    return { damaged: false }
  }
  for (let damaged = false; ; damaged = true) {
    try {
      await fill(history, limit, signal)
      return { damaged }
    } catch (error) {
      if (damaged || !SearchDatabase.isDamage(error)) throw roomless(error)
      SearchDatabase.remove(search)
    }
  }
}

async function fill({ sqlite, store, search }: OpenHistory, limit: number, signal: AbortSignal): Promise<void> {
  const database = SearchIndex.open(sqlite, search)
  try {
    const index = new SearchIndex(sqlite, store, database, limit)
    while (!signal.aborted && (index.turn() || database.compact())) await breath()
    database.settle()
  } finally {
    database.close()
  }
}

/** How many of the newest changes search.db lacks. */
export function textLag({ sqlite, search }: OpenHistory): { behind: number } {
  let database: SearchDatabase | null = null
  try {
    database = SearchDatabase.openExisting(search)
    const done = database?.done() ?? null
    return { behind: behind(sqlite, done && isOf(sqlite, done) ? done : null) }
  } catch (error) {
    if (!SearchDatabase.isDamage(error)) throw error
    return { behind: behind(sqlite, null) }
  } finally {
    database?.close()
  }
}

/** One page of `searchText`, letting others in between texts. Errors: those of it; E_CANCELLED. */
export async function findText(history: OpenHistory, query: TextQuery, signal: AbortSignal): Promise<TextHits> {
  const { sqlite, search } = history
  const nothing = { hits: [], next: null, coveredFrom: null }
  let database: SearchDatabase | null = null
  try {
    database = SearchDatabase.openExisting(search)
    const done = database?.done() ?? null
    if (!database || !done || !isOf(sqlite, done)) return { ...nothing, behind: behind(sqlite, null), damaged: false }
    const { hits, next } = await collect(searchText(history, database, query), signal)
    const coveredFrom = timeOf(history, database.coveredFrom())
    return { hits, next, behind: behind(sqlite, done), coveredFrom, damaged: false }
  } catch (error) {
    if (!SearchDatabase.isDamage(error)) throw error
    SearchDatabase.remove(search)
    return { ...nothing, behind: behind(sqlite, null), damaged: true }
  } finally {
    database?.close()
  }
}

async function collect(
  running: Generator<TextHit | null, number | null>,
  signal: AbortSignal,
): Promise<Pick<TextHits, 'hits' | 'next'>> {
  const hits: TextHit[] = []
  for (;;) {
    const { done: ended, value } = running.next()
    if (ended) return { hits, next: value }
    if (value) hits.push(value)
    await breath()
    if (signal.aborted) throw new IzeError('E_CANCELLED', 'The search was cancelled.')
  }
}

/** A full disk, said as one. */
function roomless(error: unknown): unknown {
  if (!isFullDisk(error)) return error
  const message =
    'There is not enough room on the disk for the index of texts: names are searched all the same. Make room.'
  return new IzeError('E_SPACE', message, {}, { cause: error })
}

function timeOf({ sqlite }: OpenHistory, version: number | null): readonly [number, number] | null {
  if (version === null) return null
  const row = sqlite.get(
    'SELECT c.sec, c.nsec FROM version v JOIN change c ON c.sequence = v.change WHERE v.id = ?',
    version,
  )
  return row && [Number(row['sec']), Number(row['nsec'])]
}

function breath(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
