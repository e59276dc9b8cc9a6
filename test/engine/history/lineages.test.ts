import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { ChangeEntry } from '../../../src-main/engine/history/change-metadata.ts'
import { HistoryIndex } from '../../../src-main/engine/history/history-index.ts'
import { FOREVER, openIndexForReading } from '../../../src-main/engine/history/index-schema.ts'
import { pointOf } from '../../../src-main/engine/history/resolve-version.ts'
import { walkTree } from '../../../src-main/engine/history/tree-walk.ts'
import { Changes, created, deleted, directory, edited, file, renamed } from './changes.ts'

/** A tree that knows, of each path, its file and how many versions that has; done the slow and plain way. */
class Model {
  private live = new Map<string, { id: number; count: number; directory: boolean }>()
  private readonly dead = new Map<string, { id: number; count: number; directory: boolean }>()
  private next = 0

  tree(): string[] {
    return [...this.live].map(([path, { id, count }]) => `${path} ${id} ${count}`).sort()
  }

  has(path: string): boolean {
    return this.live.has(path)
  }

  isDirectory(path: string): boolean {
    return path === '' || this.live.get(path)?.directory === true
  }

  put(path: string, directory: boolean): void {
    const known = this.live.get(path) ?? this.dead.get(path) ?? { id: this.next++, count: 0 }
    this.live.set(path, { ...known, count: known.count + 1, directory })
    this.dead.delete(path)
  }

  remove(path: string): void {
    for (const [at, file] of [...this.live]) {
      if (at !== path && !at.startsWith(`${path}/`)) continue
      this.live.delete(at)
      this.dead.set(at, { ...file, count: file.count + 1 })
    }
  }

  rename(from: string, to: string): void {
    const moved = (at: string): string | null =>
      at === from ? to : at.startsWith(`${from}/`) ? to + at.slice(from.length) : null
    if (this.live.has(to)) this.remove(to)
    for (const at of [...this.dead.keys()]) if (at === to || at.startsWith(`${to}/`)) this.dead.delete(at)
    // What died below a folder goes with it; what died at the new name, or below a folder there, was another one's.
    for (const map of [this.live, this.dead]) {
      const entries = [...map]
      for (const [at] of entries) if (moved(at) !== null) map.delete(at)
      for (const [at, file] of entries) {
        const target = moved(at)
        if (target !== null && at !== from) map.set(target, file)
        else if (target !== null && map === this.live) map.set(target, { ...file, count: file.count + 1 })
      }
    }
  }
}

const names = fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'))
const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ what: fc.constant('file' as const), path: names }) },
  { weight: 2, arbitrary: fc.record({ what: fc.constant('directory' as const), path: names }) },
  { weight: 2, arbitrary: fc.record({ what: fc.constant('delete' as const), path: names }) },
  { weight: 3, arbitrary: fc.record({ what: fc.constant('rename' as const), path: names, from: names }) },
)

it('any work on a tree gives the files, numbers and paths that a plain model gives, now and at every point', () => {
  fc.assert(
    fc.property(fc.array(fc.array(step, { minLength: 1, maxLength: 6 }), { maxLength: 15 }), (lists) => {
      const folder = mkdtempSync(join(tmpdir(), 'ize-lineages-'))
      const index = HistoryIndex.open(join(folder, 'index.db'))
      const reader = openIndexForReading(join(folder, 'index.db'))
      const changes = new Changes()
      const model = new Model()
      /** Ids of the model by those of the index: they must stand for each other. */
      const same = new Map<number, string>()
      const tree = (point: number): string[] =>
        [...walkTree(reader, 0, point)]
          .map(({ path, file, number }) => `${path} ${same.get(file) ?? '?'} ${number}`)
          .sort()
      const after: string[][] = []
      try {
        for (const list of lists) {
          const entries = list.flatMap((one) => entriesFor(one, model))
          index.append([changes.add('several', ...entries)])
          for (const line of model.tree()) {
            const [path = '', id = ''] = line.split(' ')
            const found = index.fileAt(path)?.file ?? -1
            if (!same.has(found)) same.set(found, id)
          }
          expect(tree(FOREVER - 1)).toEqual(model.tree())
          after.push(model.tree())
        }
        after.forEach((then, n) => expect(tree(pointOf(reader, n + 1))).toEqual(then))
      } finally {
        reader.close()
        index.close()
        rmSync(folder, { recursive: true })
      }
    }),
    { numRuns: 100 },
  )
})

/** Entries for a step, as far as the tree allows it, which the model takes at once. */
function entriesFor(
  { what, path, from = '' }: { what: string; path: string; from?: string },
  model: Model,
): Omit<ChangeEntry, 'operations'>[] {
  const parent = path.split('/').slice(0, -1).join('/')
  if (!model.isDirectory(parent)) return []
  switch (what) {
    case 'delete':
      if (!model.has(path)) return []
      model.remove(path)
      return [deleted(path)]
    case 'rename': {
      if (!model.has(from) || `${path}/`.startsWith(`${from}/`) || `${from}/`.startsWith(`${path}/`)) return []
      const entries = model.has(path) ? [deleted(path)] : []
      const isDirectory = model.isDirectory(from)
      model.rename(from, path)
      return [...entries, renamed(from, isDirectory ? directory(path) : file(path, from))]
    }
    default: {
      const isDirectory = what === 'directory'
      if (model.has(path) && model.isDirectory(path) !== isDirectory) return []
      const known = model.has(path)
      model.put(path, isDirectory)
      const entry = isDirectory ? directory(path) : file(path, what)
      return [known ? edited(entry) : created(entry)]
    }
  }
}
