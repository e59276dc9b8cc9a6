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
      const after: [number, string[]][] = []
      try {
        for (const list of lists) {
          for (const one of list) {
            const entries = entriesFor(one, model)
            if (entries.length > 0) index.append([changes.add('several', ...entries)])
          }
          for (const line of model.tree()) {
            const [path = '', id = ''] = line.split(' ')
            const found = index.fileAt(path)?.file ?? -1
            if (!same.has(found)) same.set(found, id)
          }
          expect(tree(FOREVER - 1)).toEqual(model.tree())
          after.push([changes.list.length, model.tree()])
        }
        for (const [n, then] of after) if (n > 0) expect(tree(pointOf(reader, n))).toEqual(then)
      } finally {
        reader.close()
        index.close()
        rmSync(folder, { recursive: true })
      }
    }),
    { numRuns: 100 },
  )
})

it('a change is told as a whole, in any order, whatever moved where', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.array(step, { minLength: 1, maxLength: 10 }), fc.nat()), { maxLength: 8 }),
      (lists) => {
        const folder = mkdtempSync(join(tmpdir(), 'ize-lineages-'))
        const index = HistoryIndex.open(join(folder, 'index.db'))
        const reader = openIndexForReading(join(folder, 'index.db'))
        const changes = new Changes()
        const nodes = new Nodes()
        const files = new Map<number, number>()
        try {
          for (const [list, salt] of lists) {
            const before = nodes.paths()
            for (const one of list) nodes.do(one)
            const after = nodes.paths()
            const entries = wholeChange(before, after)
            entries.sort((a, b) => order(a, salt) - order(b, salt))
            if (entries.length > 0) index.append([changes.add('several', ...entries)])
            const tree = [...walkTree(reader, 0, FOREVER - 1)].map(({ path, state }) => `${path} ${state.type}`)
            const wanted = [...after.values()].map(
              ({ path, directory }) => `${path} ${directory ? 'directory' : 'file'}`,
            )
            expect(tree.sort()).toEqual(wanted.sort())
            for (const [id, { path }] of after) {
              const found = index.fileAt(path)?.file ?? -1
              if (before.has(id)) expect(found).toBe(files.get(id))
              files.set(id, found)
            }
          }
        } finally {
          reader.close()
          index.close()
          rmSync(folder, { recursive: true })
        }
      },
    ),
    { numRuns: 100 },
  )
})

interface Node {
  parent: Node | null
  name: string
  readonly id: number
  readonly directory: boolean
}

interface Placed {
  readonly path: string
  readonly above: number
  readonly name: string
  readonly directory: boolean
}

/** Files with an identity, so that a whole change can be told from where each was and is. */
class Nodes {
  private readonly nodes = new Set<Node>()
  private next = 1

  paths(): Map<number, Placed> {
    return new Map(
      [...this.nodes].map((node) => {
        const { id, name, directory, parent } = node
        return [id, { path: this.path(node), above: parent?.id ?? 0, name, directory }]
      }),
    )
  }

  do({ what, path, from = '' }: { what: string; path: string; from?: string }): void {
    const slash = path.lastIndexOf('/')
    const [above, name] = [path.slice(0, Math.max(0, slash)), path.slice(slash + 1)]
    const parent = above === '' ? null : this.at(above)
    if (parent === undefined || parent?.directory === false) return
    const there = this.at(path)
    if (what === 'delete') {
      if (there) this.remove(there)
    } else if (what === 'rename') {
      const moved = this.at(from)
      if (!moved || moved === there || this.isBelow(parent, moved)) return
      if (there && this.isBelow(moved, there)) return
      if (there) this.remove(there)
      Object.assign(moved, { parent, name })
    } else if (!there) {
      this.nodes.add({ parent, name, id: this.next++, directory: what === 'directory' })
    }
  }

  private at(path: string): Node | undefined {
    return [...this.nodes].find((node) => this.path(node) === path)
  }

  private path({ parent, name }: Node): string {
    return parent ? `${this.path(parent)}/${name}` : name
  }

  private isBelow(node: Node | null, above: Node): boolean {
    for (let at = node; at; at = at.parent) if (at === above) return true
    return false
  }

  private remove(node: Node): void {
    for (const one of [...this.nodes]) if (this.isBelow(one, node)) this.nodes.delete(one)
  }
}

type Told = Omit<ChangeEntry, 'operations'>

function wholeChange(before: ReadonlyMap<number, Placed>, after: ReadonlyMap<number, Placed>): Told[] {
  const entries: Told[] = []
  const told = ({ path, directory: isDirectory }: Placed) => (isDirectory ? directory(path) : file(path, path))
  for (const [id, was] of before) {
    const is = after.get(id)
    if (!is) entries.push(deleted(was.path, was.directory ? 'directory' : 'file'))
    else if (is.above !== was.above || is.name !== was.name) entries.push(renamed(was.path, told(is)))
  }
  for (const [id, is] of after) if (!before.has(id)) entries.push(created(told(is)))
  return entries
}

function order(entry: Told, salt: number): number {
  let hash = salt
  for (const char of entry.kind + entry.path) hash = Math.imul(hash ^ char.charCodeAt(0), 0x01000193)
  return hash
}

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
