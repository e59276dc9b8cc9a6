import { statSync } from 'node:fs'
import { projectLayout } from '../project/layout.ts'
import { ObjectStore } from '../store/object-store.ts'
import { openIndexForReading } from './index-schema.ts'
import type { Sqlite } from './sqlite.ts'

export interface OpenHistory {
  readonly sqlite: Sqlite
  readonly store: ObjectStore
  /** Path of search.db, which may be missing. */
  readonly search: string
}

interface Entry extends OpenHistory {
  /** Of index.db: a rebuilt one is another file. */
  readonly inode: number
  uses: number
  /** Nobody finds it any more; it is closed when its last use ends. */
  forgotten: boolean
}

/** The histories that a reading thread has open, by the project's directory. */
export class OpenHistories {
  private readonly entries = new Map<string, Entry>()

  /** Errors: E_INDEX_MISSING, E_INDEX_DAMAGED, E_INDEX_VERSION, E_OBJECTS, and those of `work`. */
  async use<T>(root: string, work: (history: OpenHistory) => Promise<T>): Promise<T> {
    const entry = this.open(root)
    entry.uses++
    try {
      return await work(entry)
    } finally {
      entry.uses--
      closeUnused(entry)
    }
  }

  forget(root: string): void {
    const entry = this.entries.get(root)
    if (!entry) return
    this.entries.delete(root)
    entry.forgotten = true
    closeUnused(entry)
  }

  private open(root: string): Entry {
    const { index, objects, search } = projectLayout(root)
    const inode = statSync(index, { throwIfNoEntry: false })?.ino ?? 0
    const known = this.entries.get(root)
    if (known?.inode === inode) return known
    this.forget(root)
    const sqlite = openIndexForReading(index)
    try {
      const entry = { inode, sqlite, store: ObjectStore.open(objects), search, uses: 0, forgotten: false }
      this.entries.set(root, entry)
      return entry
    } catch (error) {
      sqlite.close()
      throw error
    }
  }
}

function closeUnused({ uses, forgotten, store, sqlite }: Entry): void {
  if (uses > 0 || !forgotten) return
  store.close()
  sqlite.close()
}
