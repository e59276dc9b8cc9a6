import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type ChangeEntry, entryKinds, fileTypes } from '../../../../src-main/engine/history/change-metadata.ts'
import { HistoryIndex } from '../../../../src-main/engine/history/history-index.ts'
import { FOREVER, openIndexForReading } from '../../../../src-main/engine/history/index-schema.ts'
import { pointOf } from '../../../../src-main/engine/history/resolve-version.ts'
import type { Sqlite } from '../../../../src-main/engine/history/sqlite.ts'
import { walkTree } from '../../../../src-main/engine/history/tree-walk.ts'
import { nodesFrom } from '../../../../src-main/engine/store/tree/node-store.ts'
import { Trees } from '../../../../src-main/engine/store/tree/tree.ts'
import { Changes, created, deleted, directory, edited, file, renamed } from '../../history/changes.ts'

type Told = Omit<ChangeEntry, 'operations'>

/** An index and trees that take in the same changes. */
class Both {
  private readonly folder = mkdtempSync(join(tmpdir(), 'ize-tree-'))
  private readonly index = HistoryIndex.open(join(this.folder, 'index.db'))
  private readonly sqlite: Sqlite = openIndexForReading(join(this.folder, 'index.db'))
  private readonly changes = new Changes()
  readonly trees = new Trees(nodesFrom([]))
  readonly roots = [this.trees.empty()]

  apply(...entries: Told[]): void {
    const change = this.changes.add('several', ...entries)
    this.index.append([change])
    this.roots.push(this.trees.apply(this.roots.at(-1) ?? '', change.metadata.entries))
    expect(this.walk()).toEqual(this.indexed(FOREVER - 1))
  }

  walk(n = this.roots.length - 1): unknown[] {
    return [...this.trees.walk(this.roots[n] ?? '', '')]
  }

  paths(): string[] {
    return [...this.trees.walk(this.roots.at(-1) ?? '', '')].map(({ path }) => path)
  }

  expectSameHistory(): void {
    for (let n = 1; n < this.roots.length; n++) expect(this.walk(n)).toEqual(this.indexed(pointOf(this.sqlite, n)))
  }

  indexed(point: number): unknown[] {
    return [...walkTree(this.sqlite, 0, point)].map(({ path, state }) => ({ path, state }))
  }

  close(): void {
    this.sqlite.close()
    this.index.close()
    rmSync(this.folder, { recursive: true })
  }
}

function withBoth(use: (both: Both) => void): void {
  const both = new Both()
  try {
    use(both)
    both.expectSameHistory()
  } finally {
    both.close()
  }
}

const path = fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'))
const optional = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(value, { nil: undefined })

/** Whatever a change could say, sense or nonsense: nothing here looks at what the tree has. */
const anyEntry: fc.Arbitrary<Told> = fc
  .record({
    kind: fc.constantFrom(...entryKinds, 'rename' as const),
    type: fc.constantFrom(...fileTypes, 'directory' as const, 'file' as const),
    path,
    from: optional(path),
    ino: fc.nat(9),
    mode: optional(fc.nat(0o7777)),
    uid: optional(fc.nat(3)),
    gid: optional(fc.nat(3)),
    mtime: optional(fc.tuple(fc.integer({ min: -5, max: 5 }), fc.nat(999_999_999))),
    size: optional(fc.nat(1000)),
    object: optional(fc.constantFrom('0'.repeat(64), 'ab'.repeat(32))),
    text: optional(fc.boolean()),
    target: optional(fc.constantFrom('a', '../b')),
    special: optional(fc.constant<[number, number]>([0o010000, 0])),
    xattrs: optional(fc.constantFrom<Record<string, string>[]>({}, { 'user.a': 'AA==' }, { 'user.b': '' })),
  })
  .map((entry) => Object.fromEntries(Object.entries(entry).filter(([, value]) => value !== undefined)) as Told)

it('whatever changes say, the tree after each is the one that the index has', () => {
  const change = fc.array(anyEntry, { minLength: 1, maxLength: 10 })
  fc.assert(
    fc.property(fc.array(change, { maxLength: 8 }), (changes) =>
      withBoth((both) => {
        for (const entries of changes) both.apply(...entries)
      }),
    ),
    { numRuns: 100 },
  )
})

it('two names are swapped, and a chain of renames moves along, in one change', () => {
  withBoth((both) => {
    both.apply(created(directory('a')), created(file('a/1', 'one')), created(directory('b')), created(file('c', 'c')))
    both.apply(renamed('a', directory('b')), renamed('b', directory('a')))
    expect(both.paths()).toEqual(['a', 'b', 'b/1', 'c'])
    both.apply(renamed('b', directory('c')), renamed('a', directory('b')), renamed('c', file('a', 'c')))
    expect(both.paths()).toEqual(['a', 'b', 'c', 'c/1'])
  })
})

it('a directory moves into what is its own name before, and out of one that dies', () => {
  withBoth((both) => {
    both.apply(created(directory('a')), created(directory('a/b')), created(file('a/b/1', 'one')))
    both.apply(renamed('a', directory('a/deeper')))
    expect(both.paths()).toEqual(['a', 'a/deeper', 'a/deeper/b', 'a/deeper/b/1'])
    both.apply(renamed('a/deeper/b', directory('top')), deleted('a', 'directory'))
    expect(both.paths()).toEqual(['top', 'top/1'])
  })
})

it('a directory becomes a file and a directory again, with and without a deletion told', () => {
  withBoth((both) => {
    both.apply(created(directory('a')), created(file('a/1', 'one')))
    both.apply(deleted('a/1'), deleted('a', 'directory'), created(file('a', 'now a file')))
    both.apply(deleted('a'), created(directory('a')), created(file('a/2', 'two')))
    expect(both.paths()).toEqual(['a', 'a/2'])
    both.apply(edited(file('a', 'a file')))
    both.apply(edited(directory('a')))
    expect(both.paths()).toEqual(['a'])
    both.apply(edited(file('a', 'a file')))
    both.apply(created(file('a/3', 'below a file')))
    expect(both.paths()).toEqual(['a', 'a/3'])
  })
})

it('what came and went between two changes is not there, nor the directory that it came and went with', () => {
  withBoth((both) => {
    both.apply(deleted('a/b/1'), deleted('a/b', 'directory'), deleted('a', 'directory'))
    expect(both.paths()).toEqual([])
  })
})

it('an entry changes what it tells and leaves the rest', () => {
  withBoth((both) => {
    both.apply(created(file('a', 'one', { xattrs: { 'user.kept': 'AA==' } })))
    both.apply({ kind: 'attributes', type: 'file', path: 'a', ino: 7, uid: 5 })
    const one = file('a', 'one')
    expect(both.walk()).toMatchObject([{ state: { uid: 5, object: one.object, xattrs: { 'user.kept': 'AA==' } } }])
  })
})
