import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { PresentState } from '../../../../src-main/engine/store/tree/directory-entry.ts'
import { hashOfName, slotAt } from '../../../../src-main/engine/store/tree/name-hash.ts'
import { nodesFrom } from '../../../../src-main/engine/store/tree/node-store.ts'
import { type TreeEdit, Trees } from '../../../../src-main/engine/store/tree/tree.ts'
import { CountedStore } from './counted-store.ts'

const state = (ino: number, more: Partial<PresentState> = {}): PresentState => ({
  type: 'file',
  ino,
  mode: 0o644,
  size: 10,
  present: true,
  ...more,
})
const folder = (ino: number): PresentState => state(ino, { type: 'directory', size: undefined })
const set = (path: string, ino = 1): Extract<TreeEdit, { kind: 'set' }> => ({ kind: 'set', path, state: state(ino) })
const remove = (path: string): TreeEdit => ({ kind: 'remove', path })
const move = (from: string, to: string): TreeEdit => ({ kind: 'move', from, to })

const fresh = (): { store: CountedStore; trees: Trees; empty: string } => {
  const store = new CountedStore()
  const trees = new Trees(store)
  return { store, trees, empty: trees.empty() }
}

const paths = (trees: Trees, root: string): string[] => [...trees.walk(root, '')].map(({ path }) => path)

/** Names whose hashes begin alike, so that a small directory is already deep. */
function crowd(count: number, levels: number): string[] {
  const names: string[] = []
  for (let n = 0; names.length < count; n++) {
    const hash = hashOfName(`n${n}`)
    if (Array.from({ length: levels }, (_, level) => slotAt(hash, level)).every((slot) => slot === 0)) {
      names.push(`n${n}`)
    }
  }
  return names
}
const crowded = crowd(40, 2)

describe('a directory against a plain map', () => {
  const steps = (names: fc.Arbitrary<string>): fc.Arbitrary<[string, number][]> =>
    // 0: removed.
    fc.array(fc.tuple(names, fc.nat(3)), { maxLength: 200 })
  const plain = fc.nat(5000).map((n) => `file ${n}`)
  const anyNames = fc.oneof(plain, fc.nat(60).map(String), fc.constantFrom(...crowded))

  it('has the same content, and one address for it, whatever way it came to be', () => {
    fc.assert(
      fc.property(fc.nat(60), fc.array(steps(anyNames), { maxLength: 6 }), (size, batches) => {
        const { trees, empty } = fresh()
        const map = new Map<string, number>()
        let root = empty
        const take = (batch: [string, number][]): void => {
          for (const [name, ino] of batch) {
            if (ino === 0) map.delete(name)
            else map.set(name, ino)
          }
          root = trees.edit(
            root,
            batch.map(([name, ino]) => (ino === 0 ? remove(name) : set(name, ino))),
          )
          expectSame(trees, root, map)
        }
        take(Array.from({ length: size }, (_, n) => [String(n), 1]))
        for (const batch of batches) take(batch)
        const backwards = [...map].reverse().map(([name, ino]) => set(name, ino))
        expect(trees.edit(empty, backwards)).toBe(root)
        expect(
          trees.edit(
            root,
            [...map.keys()].map((name) => remove(name)),
          ),
        ).toBe(empty)
      }),
      { numRuns: 60 },
    )
  })

  it('holds at all sizes around those at which it splits, one name at a time', () => {
    const { trees, empty } = fresh()
    const names = [...crowded, ...Array.from({ length: 30 }, (_, n) => `name ${n}`)]
    const roots = [empty]
    for (const name of names) roots.push(trees.edit(roots.at(-1) ?? '', [set(name)]))
    for (let size = names.length; size > 0; size--) {
      const less = trees.edit(roots[size] ?? '', [remove(names[size - 1] ?? '')])
      expect(less).toBe(roots[size - 1])
      const atOnce = names.slice(0, size).map((name) => set(name))
      expect(trees.edit(empty, atOnce)).toBe(roots[size])
    }
  })

  it('holds thousands', () => {
    const { trees, empty } = fresh()
    const map = new Map(Array.from({ length: 5000 }, (_, n) => [`file ${n}`, n]))
    const root = trees.edit(
      empty,
      [...map].map(([name, ino]) => set(name, ino)),
    )
    expectSame(trees, root, map)
    const one = [...map].reduce((at, [name, ino]) => (ino % 100 === 0 ? trees.edit(at, [remove(name)]) : at), root)
    expect(trees.lookup(one, 'file 100')).toBeNull()
    expect(trees.lookup(one, '')?.below).toMatchObject({ entries: 4950, files: 4950, bytes: 49500 })
  })

  function expectSame(trees: Trees, root: string, map: ReadonlyMap<string, number>): void {
    const sorted = [...map].sort(([a], [b]) => (a < b ? -1 : 1))
    expect(trees.list(root, '')?.map(({ name, state }) => [name, state.ino])).toEqual(sorted)
    expect(trees.lookup(root, '')?.below?.entries ?? 0).toBe(map.size)
    for (const [name, ino] of sorted.slice(0, 20)) expect(trees.lookup(root, name)?.state.ino).toBe(ino)
    expect(trees.lookup(root, 'nothing has this name')).toBeNull()
  }
})

describe('sharing', () => {
  const many = (trees: Trees, empty: string): string =>
    trees.edit(
      empty,
      Array.from({ length: 50_000 }, (_, n) => set(`d${n % 500}/s${n % 5000}/f${n}`, n)),
    )

  it('writes the nodes from one edit to the root and no other, each once', () => {
    const { store, trees, empty } = fresh()
    const root = many(trees, empty)
    expect(trees.lookup(root, '')?.below).toMatchObject({ entries: 500, files: 50_000, bytes: 500_000 })
    const depth = trees.nodesOfPath(root, 'd7/s7/f7').length
    expect(depth).toBeLessThanOrEqual(6)
    store.reset()
    const edited = trees.edit(root, [set('d7/s7/f7', 0), set('d7/s7/f7', 99)])
    expect(store.puts).toBe(depth)
    expect(store.bytes).toBeLessThan(10_000)
    // Each of them takes the place of one that was on the way to the old entry.
    const old = trees.nodesOfPath(root, 'd7/s7/f7').map((bytes) => nodesFrom([]).put(bytes, null))
    expect(store.predecessors.sort()).toEqual(old.sort())
    store.reset()
    expect(trees.edit(edited, [set('d7/s7/f7', 7)])).toBe(root)
    expect(trees.edit(root, [set('new/f'), remove('new')])).toBe(root)
    store.reset()
    // A directory moves as a whole.
    const moved = trees.edit(root, [move('d7', 'd8/moved')])
    expect(store.puts).toBeLessThanOrEqual(8)
    expect(trees.lookup(moved, '')?.below).toMatchObject({ entries: 499, files: 50_000 })
    expect(trees.lookup(moved, 'd8/moved')?.below).toEqual(trees.lookup(root, 'd7')?.below)
  })

  it('shares with any tree all nodes but those on the way to what changed', () => {
    const path = fc.tuple(fc.nat(6), fc.nat(400)).map(([d, f]) => `d${d}/f${f}`)
    const nodes = (trees: Trees, root: string): Set<string> =>
      new Set([...trees.reachable(root)].map(({ address }) => address))
    fc.assert(
      fc.property(fc.uniqueArray(path, { minLength: 1, maxLength: 300 }), fc.nat(), path, (all, pick, another) => {
        const { store, trees, empty } = fresh()
        const root = trees.edit(
          empty,
          all.map((one) => set(one)),
        )
        const before = nodes(trees, root)
        const old = all[pick % all.length] ?? ''
        for (const [edit, back] of [
          [set(old, 2), set(old, 1)],
          [set(another, 3), all.includes(another) ? set(another, 1) : null],
        ] as const) {
          store.reset()
          const other = trees.edit(root, [edit])
          const written = store.puts
          const made = [...nodes(trees, other)].filter((address) => !before.has(address))
          // Each once, and no other.
          expect(written).toBe(made.length)
          expect(trees.nodesOfPath(other, edit.path).length).toBeLessThanOrEqual(written)
          if (back) {
            expect(written).toBe(trees.nodesOfPath(root, edit.path).length)
            expect(trees.edit(other, [back])).toBe(root)
          }
        }
      }),
      { numRuns: 40 },
    )
  })

  it('reads for a difference what differs, and for a batch each node once', () => {
    const { store, trees, empty } = fresh()
    const root = many(trees, empty)
    const picked = Array.from({ length: 20 }, (_, n) => n * 2500 + 7)
    const other = trees.edit(
      root,
      picked.map((n) => set(`d${n % 500}/s${n % 5000}/f${n}`, 0)),
    )
    // Nothing is in memory.
    const reader = new Trees(store)
    store.reset()
    const found = [...reader.diff(root, other)]
    expect(found.map(({ path }) => path).sort()).toEqual(picked.map((n) => `d${n % 500}/s${n % 5000}/f${n}`).sort())
    expect(store.gets).toBeLessThanOrEqual(2 * picked.length * 6)
    store.reset()
    expect([...new Trees(store).diff(root, root)]).toEqual([])
    expect(store.gets).toBe(1)
  })
})

describe('the difference of two trees', () => {
  const path = fc.array(fc.constantFrom('a', 'b', 'c!'), { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'))
  const work = fc.array(fc.record({ path, ino: fc.nat(2), what: fc.constantFrom('file', 'directory', 'remove') }), {
    maxLength: 20,
  })
  const toEdit = ({ path, ino, what }: { path: string; ino: number; what: string }): TreeEdit =>
    what === 'remove' ? remove(path) : { kind: 'set', path, state: what === 'file' ? state(ino) : folder(ino) }

  it('is that of their walks, in the order of a walk', () => {
    fc.assert(
      fc.property(work, work, (first, second) => {
        const { trees, empty } = fresh()
        const a = trees.edit(empty, first.map(toEdit))
        const b = trees.edit(a, second.map(toEdit))
        const [before, after] = [a, b].map((root) => new Map([...trees.walk(root, '')].map((one) => [one.path, one])))
        const wanted = [...new Set([...(before?.keys() ?? []), ...(after?.keys() ?? [])])]
          .map((path) => ({
            path,
            before: before?.get(path)?.state ?? null,
            after: after?.get(path)?.state ?? null,
          }))
          .filter(({ before, after }) => JSON.stringify(before) !== JSON.stringify(after))
          .sort((a, b) => (a.path.replaceAll('/', '\0') < b.path.replaceAll('/', '\0') ? -1 : 1))
        expect([...trees.diff(a, b)]).toEqual(wanted)
      }),
    )
  })

  it('finds directories that differ in size by a lot', () => {
    const { trees, empty } = fresh()
    const some = trees.edit(empty, [set('file 3', 1), set('other')])
    const many = trees.edit(
      empty,
      Array.from({ length: 500 }, (_, n) => set(`file ${n}`)),
    )
    expect([...trees.diff(some, many)]).toHaveLength(500)
    expect([...trees.diff(many, some)]).toHaveLength(500)
  })

  it('tells of the root itself, which has attributes too', () => {
    const { trees, empty } = fresh()
    const owned = trees.edit(empty, [{ kind: 'set', path: '', state: folder(1) }, set('a')])
    expect(trees.lookup(owned, '')?.state).toMatchObject(folder(1))
    expect([...trees.diff(empty, owned)].map(({ path }) => path)).toEqual(['', 'a'])
  })
})

describe('a walk', () => {
  it('goes on behind any path, be it there or not', () => {
    const { trees, empty } = fresh()
    const root = trees.edit(
      empty,
      ['a/b/c', 'a/b!', 'a/d', 'a!', 'b/c', 'e', '\xe9'].map((path) => set(path)),
    )
    const all = paths(trees, root)
    expect(all).toEqual(['a', 'a/b', 'a/b/c', 'a/b!', 'a/d', 'a!', 'b', 'b/c', 'e', '\xe9'])
    for (const [at, after] of all.entries()) {
      expect([...trees.walk(root, '', { after })].map(({ path }) => path)).toEqual(all.slice(at + 1))
    }
    const behind = (path: string, after: string): string[] =>
      [...trees.walk(root, path, { after })].map(({ path }) => path)
    expect(behind('', 'a/c/gone')).toEqual(all.slice(4))
    expect(behind('a', 'b/c')).toEqual(['b!', 'd'])
    expect(behind('e', '')).toEqual([])
    expect(behind('nowhere', '')).toEqual([])
    expect(trees.list(root, 'e')).toBeNull()
    expect(trees.list(root, 'nowhere')).toBeNull()
  })
})

describe('work on a tree', () => {
  it('is refused where it makes no sense', () => {
    const { trees, empty } = fresh()
    const root = trees.edit(empty, [set('a/b')])
    for (const bad of [move('a', 'a/c'), move('a', 'a'), move('gone', 'b'), set('a//b'), set('../b'), remove('')]) {
      expect(() => trees.edit(root, [bad])).toThrow()
    }
    expect(() => trees.edit(root, [{ kind: 'set', path: 'a', state: state(-1) }])).toThrow(RangeError)
  })

  it('takes from a directory what it holds when that becomes a file', () => {
    const { trees, empty } = fresh()
    const root = trees.edit(empty, [set('a/b/c')])
    expect(paths(trees, trees.edit(root, [set('a'), { kind: 'set', path: 'a', state: folder(1) }]))).toEqual(['a'])
    expect(paths(trees, trees.edit(root, [set('x'), set('x/y'), move('a/b', 'x')]))).toEqual(['a', 'x', 'x/c'])
  })
})

describe('a path', () => {
  it('may lead through thousands of directories', () => {
    const { trees, empty } = fresh()
    const path = Array.from({ length: 2000 }, () => 'd').join('/')
    const root = trees.edit(empty, [set(path)])
    expect(trees.lookup(root, path)?.state.ino).toBe(1)
    expect(trees.lookup(root, '')?.below).toEqual({
      address: expect.any(String) as string,
      entries: 1,
      files: 1,
      bytes: 10,
    })
    expect([...trees.diff(empty, root)]).toHaveLength(2000)
    expect(paths(trees, root)).toHaveLength(2000)
    expect([...trees.reachable(root)]).toHaveLength(2001)
    expect(trees.edit(root, [remove('d')])).toBe(empty)
  })
})

describe('the nodes of a path', () => {
  const names = Array.from({ length: 300 }, (_, n) => `f${n}`)

  it('prove what is there and that nothing is, with no other node', () => {
    const { trees, empty } = fresh()
    const root = trees.edit(
      empty,
      names.flatMap((name) => [set(name), set(`d/${name}`), set(`d/e/${name}`, 5)]),
    )
    for (const path of ['', 'f3', 'd', 'd/e/f299', 'd/e/gone', 'gone/f', 'f3/below']) {
      const proof = new Trees(nodesFrom(trees.nodesOfPath(root, path)))
      expect(proof.lookup(root, path)).toEqual(trees.lookup(root, path))
    }
    const nodes = trees.nodesOfPath(root, 'd/e/f299')
    expect(() => new Trees(nodesFrom(nodes)).lookup(root, 'f3')).toThrow(/missing/)
    for (const without of nodes.keys()) {
      const rest = nodes.filter((_, at) => at !== without)
      expect(() => new Trees(nodesFrom(rest)).lookup(root, 'd/e/f299')).toThrow(/missing/)
    }
  })

  it('prove nothing once any byte of them differs', () => {
    const { trees, empty } = fresh()
    const root = trees.edit(
      empty,
      names.map((name) => set(`d/${name}`)),
    )
    const nodes = trees.nodesOfPath(root, 'd/f7')
    for (const [at, node] of nodes.entries()) {
      for (let byte = 0; byte < node.length; byte += 7) {
        const forged = Buffer.from(node)
        forged[byte] = (forged[byte] ?? 0) ^ 1
        expect(() => new Trees(nodesFrom(nodes.with(at, forged))).lookup(root, 'd/f7')).toThrow(/missing/)
      }
    }
  })
})
