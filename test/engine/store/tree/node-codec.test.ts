import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fileTypes } from '../../../../src-main/engine/history/change-metadata.ts'
import type { DirectoryEntry, PresentState } from '../../../../src-main/engine/store/tree/directory-entry.ts'
import { hashOfName, LEVELS, slotAt } from '../../../../src-main/engine/store/tree/name-hash.ts'
import {
  branchOf,
  decodeNode,
  encodeNode,
  leafOf,
  type TreeNode,
} from '../../../../src-main/engine/store/tree/node-codec.ts'
import { nodesFrom, type NodeStore } from '../../../../src-main/engine/store/tree/node-store.ts'
import { Trees } from '../../../../src-main/engine/store/tree/tree.ts'

const damaged = expect.objectContaining({ name: 'IzeError', code: 'E_OBJECT_DAMAGED' }) as Error
const ADDRESS = 'ad'.repeat(32)

const bytes = (length: number): fc.Arbitrary<string> =>
  fc.uint8Array({ minLength: 1, maxLength: length }).map((bytes) => Buffer.from(bytes).toString('latin1'))
const name = bytes(12).map((text) => text.replaceAll(/[/\0.]/g, '_'))
const address = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes).toString('hex'))
const number = fc.oneof(fc.nat(300), fc.maxSafeNat(), fc.constant(Number.MAX_SAFE_INTEGER))
const link = fc.record(
  { address, entries: fc.integer({ min: 1, max: 1000 }), files: fc.nat(), bytes: number },
  { noNullPrototype: true },
)
const xattrs = fc
  .array(fc.tuple(bytes(8), fc.uint8Array({ maxLength: 9 })), { maxLength: 3 })
  .map((all) => Object.fromEntries(all.map(([name, value]) => [`user.${name}`, Buffer.from(value).toString('base64')])))
const state: fc.Arbitrary<PresentState> = fc.record(
  {
    type: fc.constantFrom(...fileTypes),
    ino: number,
    present: fc.constant(true as const),
    mode: number,
    uid: number,
    gid: number,
    mtime: fc.tuple(fc.oneof(fc.integer(), fc.constant(-(2 ** 52)), fc.constant(2 ** 52 - 1)), fc.nat(999_999_999)),
    size: number,
    object: address,
    text: fc.boolean(),
    target: bytes(300),
    special: fc.tuple(number, number),
    xattrs,
  },
  { requiredKeys: ['type', 'ino', 'present'], noNullPrototype: true },
)
const entry: fc.Arbitrary<DirectoryEntry> = fc
  .record({ name, state, below: fc.option(link) }, { noNullPrototype: true })
  .map((one) => (one.state.type === 'directory' ? one : { ...one, below: null }))
const leaf = fc
  .uniqueArray(entry, { minLength: 1, maxLength: 32, selector: ({ name }) => name })
  .map((entries) => leafOf(entries.sort((a, b) => (a.name < b.name ? -1 : 1))))
const branch = fc
  .array(fc.option(link), { minLength: 32, maxLength: 32 })
  .map((children) => branchOf(children))
  .filter(({ totals }) => totals.entries > 32)
const root = fc.record({ state, below: fc.option(link) }).map(({ state, below }) => ({
  kind: 'root' as const,
  entry: { name: '', state: { ...state, type: 'directory' as const }, below },
}))
const node: fc.Arbitrary<TreeNode> = fc.oneof(leaf, branch, root)

describe('a node', () => {
  it('is read as it was written, and what a version did not tell stays untold', () => {
    fc.assert(
      fc.property(node, (node) => {
        expect(decodeNode(encodeNode(node), ADDRESS)).toStrictEqual(node)
      }),
      { numRuns: 300 },
    )
  })

  it('has one encoding: other bytes are damaged, or another node', () => {
    const spoil = fc.record({ at: fc.nat(), byte: fc.nat(255), cut: fc.nat(40), more: fc.uint8Array({ maxLength: 2 }) })
    fc.assert(
      fc.property(node, spoil, (node, { at, byte, cut, more }) => {
        const good = encodeNode(node)
        const flipped = Buffer.from(good)
        flipped[at % good.length] = byte
        expectCanonical(flipped)
        if (cut > 0) expect(() => decodeNode(good.subarray(0, -cut), ADDRESS)).toThrow(damaged)
        if (more.length > 0) expect(() => decodeNode(Buffer.concat([good, more]), ADDRESS)).toThrow(damaged)
      }),
      { numRuns: 1000 },
    )
  })

  function expectCanonical(bytes: Buffer): void {
    let node: TreeNode
    try {
      node = decodeNode(bytes, ADDRESS)
    } catch (error) {
      expect(error).toEqual(damaged)
      return
    }
    expect(encodeNode(node)).toEqual(bytes)
  }

  const file = (name: string): DirectoryEntry => ({ name, state: { type: 'file', ino: 1, present: true }, below: null })
  const below = { address: ADDRESS, entries: 1, files: 0, bytes: 0 }

  it.each<[string, TreeNode]>([
    ['an empty leaf', leafOf([])],
    ['33 entries in a leaf', leafOf(Array.from({ length: 33 }, (_, n) => file(`${n + 10}`)))],
    ['entries that are not sorted', leafOf([file('b'), file('a')])],
    ['a name twice', leafOf([file('a'), file('a')])],
    ['an empty name', leafOf([file('')])],
    ['a name that leads elsewhere', leafOf([file('..')])],
    ['a name with a slash', leafOf([file('a/b')])],
    ['something below a file', leafOf([{ ...file('a'), below }])],
    ['a branch for what fits into a leaf', branchOf([{ ...below, entries: 32 }, ...Array<null>(31).fill(null)])],
    [
      'a branch with an empty child',
      branchOf([
        { ...below, entries: 33 },
        { ...below, entries: 0 },
      ]),
    ],
    ['a root that is a file', { kind: 'root', entry: file('') }],
    [
      'a root with a name',
      { kind: 'root', entry: { name: 'a', state: { type: 'directory', ino: 1, present: true }, below } },
    ],
  ])('is damaged when it has %s', (_, node) => {
    expect(() => decodeNode(encodeNode(node), ADDRESS)).toThrow(damaged)
  })

  it('is damaged when its numbers are too long or too large, its format or kind unknown', () => {
    const good = encodeNode(leafOf([file('a')]))
    // version, kind, count, length and name, word (2), ino
    expect(good.toString('hex')).toBe('010101' + '0161' + '0000' + '01')
    for (const bad of ['', '01', '02' + '0101016100000', '0104', '010101' + '0161' + '0000' + '8100']) {
      expect(() => decodeNode(Buffer.from(bad, 'hex'), ADDRESS)).toThrow(damaged)
    }
    const large = `010101${'0161'}0000${'ff'.repeat(7)}`
    expect(() => decodeNode(Buffer.from(`${large}7f`, 'hex'), ADDRESS)).toThrow(damaged)
    expect(() => decodeNode(Buffer.from(`${large}ff01`, 'hex'), ADDRESS)).toThrow(damaged)
  })
})

describe('a tree', () => {
  const set = (path: string) =>
    ({ kind: 'set', path, state: { type: 'file', ino: 1, size: 2, present: true } }) as const
  const build = (): { store: NodeStore; kept: Map<string, Buffer>; root: string } => {
    const kept = new Map<string, Buffer>()
    const inner = nodesFrom([])
    const store: NodeStore = {
      get: (address) => kept.get(address) ?? inner.get(address),
      put: (bytes) => {
        const address = inner.put(bytes, null)
        kept.set(address, bytes)
        return address
      },
    }
    const trees = new Trees(store)
    const root = trees.edit(
      trees.empty(),
      Array.from({ length: 100 }, (_, n) => set(`${n % 2 === 0 ? 'd/' : ''}${n}`)),
    )
    return { store, kept, root }
  }

  it('keeps its addresses: they are a format', () => {
    const trees = new Trees(nodesFrom([]))
    const empty = trees.empty()
    const one = trees.edit(empty, [set('a/caf\xe9')])
    const many = build().root
    expect([empty, one, many]).toEqual([
      '8e4ee5ce0025c165699ecde0c806f0ed0e5c674559ca09be5ce0885d9ef73407',
      '7933e98e46e109c1af0a970b0cd8f357ed85684f04e5f4455c711bfbd3284510',
      '169b2d4a763b9f0d440af35184cb7b310db569d11c98ddb9de1768074c0187a9',
    ])
    expect([hashOfName('a'), hashOfName('caf\xe9')]).toEqual([
      'ad9aaba6ff89fa7fb135cd471419176ef3178aab63d04665ed036b9fab661b3a',
      'e2073b3237098af98e48b4f2c9ae413ca83791885194e3f401d8f07be3c1c7f3',
    ])
    expect([0, 1, 2, 3, 7, LEVELS - 1].map((level) => slotAt(hashOfName('a'), level))).toEqual([21, 22, 13, 10, 31, 29])
  })

  it('takes all bits of a hash in turn', () => {
    const bits = [...hashOfName('a')].map((digit) => Number.parseInt(digit, 16).toString(2).padStart(4, '0')).join('')
    for (let level = 0; level < LEVELS; level++) {
      expect(slotAt(hashOfName('a'), level)).toBe(Number.parseInt(bits.slice(5 * level, 5 * level + 5), 2))
    }
  })

  it('tells all that it needs, once', () => {
    const { store, kept, root } = build()
    const trees = new Trees(store)
    const object = 'cd'.repeat(32)
    const state: PresentState = { type: 'file', ino: 1, object, present: true }
    const other = trees.edit(root, [
      { kind: 'set', path: 'd/0', state },
      { kind: 'set', path: 'same', state },
    ])
    const seen = new Set<string>()
    const first = [...trees.reachable(root, seen)].map(({ address }) => address)
    const second = [...trees.reachable(other, seen)]
    expect(second.filter(({ kind }) => kind === 'content')).toEqual([{ kind: 'content', address: object }])
    const all = [...first, ...second.map(({ address }) => address)]
    expect(new Set(all).size).toBe(all.length)
    kept.delete(trees.empty())
    expect([...kept.keys(), object].sort()).toEqual(all.sort())
    expect([...trees.reachable(other, seen)]).toEqual([])
  })

  it('is damaged when a node is not what the one above it tells, or in the wrong place', () => {
    const { kept, root } = build()
    const nodes = [...kept].flatMap(([address, bytes]) => {
      const node = decodeNode(bytes, address)
      return node.kind === 'branch' ? [{ address, node }] : []
    })
    expect(nodes.length).toBeGreaterThan(0)
    for (const { address, node } of nodes) {
      const reversed = branchOf([...node.children].reverse())
      const wrong = new Map(kept).set(address, encodeNode(reversed))
      expect(() => checkAll(wrong, root)).toThrow(damaged)
      const more = node.children.map((child) => child && { ...child, bytes: child.bytes + 1 })
      expect(() => checkAll(new Map(kept).set(address, encodeNode(branchOf(more))), root)).toThrow(damaged)
    }
    const leaf = [...kept].find(([address, bytes]) => decodeNode(bytes, address).kind === 'leaf')
    expect(() => new Trees(storeOf(kept)).lookup(leaf?.[0] ?? '', '')).toThrow(damaged)
    expect(() => checkAll(new Map(kept).set(nodes[0]?.address ?? '', kept.get(root) ?? Buffer.alloc(0)), root)).toThrow(
      damaged,
    )
  })

  /** A store that does not hash what it gives. */
  const storeOf = (kept: ReadonlyMap<string, Buffer>): NodeStore => ({
    get: (address) => kept.get(address) ?? Buffer.alloc(0),
    put: () => '',
  })

  function checkAll(kept: ReadonlyMap<string, Buffer>, root: string): void {
    for (const { kind } of new Trees(storeOf(kept)).reachable(root)) expect(kind).toBe('tree')
  }
})
