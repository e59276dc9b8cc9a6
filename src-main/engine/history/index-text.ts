import { IzeError } from '../ize-error.ts'
import type { OpenHistory } from './open-history.ts'
import { SearchDatabase } from './search-database.ts'
import { type TextHit, type TextQuery, searchText } from './search-history.ts'
import { behind, isOf, SearchIndex } from './search-index.ts'

export interface TextHits {
  readonly hits: readonly TextHit[]
  readonly next: number | null
  /** The newest changes whose texts were not looked into, as search.db has not got so far. */
  readonly behind: number
  /** Time of the first change whose texts were; null: all were. */
  readonly coveredFrom: readonly [number, number] | null
}

/** Fills search.db to its end, letting others in after each lot. A limit of no bytes: there is to be none. */
export async function indexText(
  { sqlite, store, search }: OpenHistory,
  limit: number,
  signal: AbortSignal,
): Promise<null> {
  if (limit === 0) {
    SearchDatabase.remove(search)
    return null
  }
  const database = SearchIndex.open(sqlite, search)
  try {
    const index = new SearchIndex(sqlite, store, database, limit)
    while (!signal.aborted && index.turn()) await breath()
    database.settle()
    database.close()
  } catch (error) {
    database.close()
    // It follows from what else there is: the next run makes it anew.
    if (!(error instanceof IzeError)) SearchDatabase.remove(search)
    throw error
  }
  return null
}

/** One page of `searchText`, letting others in between texts. Errors: those of it; E_CANCELLED. */
export async function findText(history: OpenHistory, query: TextQuery, signal: AbortSignal): Promise<TextHits> {
  const { sqlite, search } = history
  const database = SearchDatabase.openExisting(search)
  try {
    const done = database?.done() ?? null
    if (!database || !done || !isOf(sqlite, done)) {
      return { hits: [], next: null, behind: behind(sqlite, null), coveredFrom: null }
    }
    const hits: TextHit[] = []
    const running = searchText(history, database, query)
    for (;;) {
      const { done: ended, value } = running.next()
      if (ended)
        return { hits, next: value, behind: behind(sqlite, done), coveredFrom: timeOf(history, database.coveredFrom()) }
      if (value) hits.push(value)
      await breath()
      if (signal.aborted) throw new IzeError('E_CANCELLED', 'The search was cancelled.')
    }
  } finally {
    database?.close()
  }
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
