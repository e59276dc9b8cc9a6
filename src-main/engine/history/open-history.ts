import { statSync } from 'node:fs'
import { projectLayout } from '../project/layout.ts'
import { ObjectStore } from '../store/object-store.ts'
import { Pruned, prunedFiles } from '../store/retention/pruned.ts'
import { openIndexForReading } from './index-schema.ts'
import { PrunedVersions } from './pruned-versions.ts'
import type { Sqlite } from './sqlite.ts'

export interface OpenHistory {
  readonly sqlite: Sqlite
  readonly store: ObjectStore
  /** Path of search.db, which may be missing. */
  readonly search: string
  /** What was pruned, as of the question's beginning. */
  readonly versions: PrunedVersions
}

interface Entry extends Omit<OpenHistory, 'versions'> {
  /** Of index.db: a rebuilt one is another file. */
  readonly inode: number
  versions: { readonly of: string; readonly known: PrunedVersions }
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
      const of = stateOf(root)
      if (entry.versions.of !== of) entry.versions = { of, known: versionsOf(root, entry) }
      return await work({ ...entry, versions: entry.versions.known })
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
      const opened = { inode, sqlite, store: ObjectStore.open(objects), search, uses: 0, forgotten: false }
      const entry = { ...opened, versions: { of: stateOf(root), known: versionsOf(root, opened) } }
      this.entries.set(root, entry)
      return entry
    } catch (error) {
      sqlite.close()
      throw error
    }
  }
}

function versionsOf(root: string, { sqlite, store }: Pick<OpenHistory, 'sqlite' | 'store'>): PrunedVersions {
  return new PrunedVersions(sqlite, store, Pruned.read(root))
}

/** What tells one state of the files from another. */
function stateOf(root: string): string {
  const facts = prunedFiles(root).map((file) => statSync(file, { throwIfNoEntry: false }))
  return JSON.stringify(facts.map((fact) => fact && [fact.ino, fact.size, fact.mtimeMs]))
}

function closeUnused({ uses, forgotten, store, sqlite }: Entry): void {
  if (uses > 0 || !forgotten) return
  store.close()
  sqlite.close()
}
