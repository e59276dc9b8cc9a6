import { mkdirSync, statSync } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { ChangeEntry, ChangeKind } from '../../src-main/engine/history/change-metadata.ts'
import type { RecordedChange } from '../../src-main/engine/history/history-index.ts'
import { projectLayout, type ProjectLayout } from '../../src-main/engine/project/layout.ts'
import { collect, type Collected } from '../../src-main/engine/store/collect.ts'
import { Mmr } from '../../src-main/engine/store/mmr/mmr.ts'
import { ObjectStore, type StoredContent } from '../../src-main/engine/store/object-store.ts'
import { Timeline } from '../../src-main/engine/store/timeline.ts'

type Entry = Omit<ChangeEntry, 'operations'>

/** A store and its seals, written as the recorder writes them, without Pijul and without a mount. */
export class SealedProject {
  private constructor(
    readonly layout: ProjectLayout,
    readonly store: ObjectStore,
    readonly timeline: Timeline,
  ) {}

  static async create(root: string): Promise<SealedProject> {
    const layout = projectLayout(root)
    for (const folder of [root, layout.objects, layout.refs, join(layout.refs, 'heads')])
      mkdirSync(folder, { recursive: true })
    const store = ObjectStore.open(layout.objects, { write: true })
    const channel = { log: () => Promise.resolve([]) }
    return new SealedProject(layout, store, await Timeline.open(store, layout, channel))
  }

  /** What the index gets of a change that is sealed next. */
  change(kind: ChangeKind, entries: readonly Entry[]): RecordedChange {
    const n = this.timeline.sealed + 1
    return {
      hash: pijulHash(n),
      state: pijulHash(-n),
      n,
      metadata: {
        ...{ version: 1, kind, first: n, last: n, time: [1_764_000_000 + n, 0], author: 'bench <bench@localhost>' },
        programs: [{ name: 'vim', pid: 42, start: 1000 }],
        entries: entries.map((entry) => ({ program: 0, ...entry, operations: [n, n] })),
      },
    }
  }

  async seal(kind: ChangeKind, entries: readonly Entry[]): Promise<RecordedChange> {
    const change = this.change(kind, entries)
    await this.timeline.append([change])
    return change
  }

  async collect(): Promise<Collected> {
    const range = Mmr.open(this.layout.mmr, 'read')
    return collect(this.store, { range, tags: () => Promise.resolve([]), contents: [], pruned: new Set() }).finally(
      () => range.close(),
    )
  }

  /** Bytes of store, range and head. */
  async bytes(): Promise<number> {
    const { objects, refs, mmr } = this.layout
    return (await bytesBelow(objects)) + (await bytesBelow(refs)) + statSync(mmr).size
  }

  close(): void {
    this.timeline.close()
    this.store.close()
  }
}

export function fileEntry(
  path: string,
  { hash, size }: Pick<StoredContent, 'hash' | 'size'>,
  kind: 'create' | 'edit',
): Entry {
  const mtime: [number, number] = [1_764_000_000, 0]
  return { kind, type: 'file', path, ino: 7, mode: 0o644, uid: 0, gid: 0, mtime, size, object: hash, text: true }
}

/** As random as Pijul's are, so that they compress no better. */
export function pijulHash(n: number): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
  let state = Math.imul(n, 0x9e3779b1) | 1
  return Array.from({ length: 53 }, () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return letters[(state >>> 9) & 31]
  }).join('')
}

/** Bytes of all files below a folder. */
export async function bytesBelow(folder: string): Promise<number> {
  let bytes = 0
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true }))
    if (entry.isFile()) bytes += (await stat(join(entry.parentPath, entry.name))).size
  return bytes
}
