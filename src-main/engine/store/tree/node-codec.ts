import { ByteReader, ByteWriter } from './bytes.ts'
import { assertNever } from '../../assert-never.ts'
import { type DirectoryEntry, type Link, sumOf, type Totals, totalsOf } from './directory-entry.ts'
import { readEntry, readLink, writeEntry, writeLink } from './entry-codec.ts'

/** Slots of a branch, and the most entries of a leaf. */
export const WIDTH = 32

/**
 * A node of a tree. Its encoding (see README.md) is canonical: equal nodes have equal bytes, hence one address, and
 * other bytes are no node.
 */
export type TreeNode = Leaf | Branch | Root

/** A node of a directory's HAMT. */
export type HamtNode = Leaf | Branch

export interface Leaf {
  readonly kind: 'leaf'
  readonly totals: Totals
  /** 1 to 32, sorted by name. */
  readonly entries: readonly DirectoryEntry[]
}

export interface Branch {
  readonly kind: 'branch'
  /** More than 32 entries, or else it would be a leaf. */
  readonly totals: Totals
  /** 32 slots. */
  readonly children: readonly (Link | null)[]
}

/** The top of a tree: the project's own directory, as an entry without a name. */
export interface Root {
  readonly kind: 'root'
  readonly entry: DirectoryEntry
}

export const leafOf = (entries: readonly DirectoryEntry[]): Leaf => ({
  kind: 'leaf',
  totals: sumOf(entries.map(totalsOf)),
  entries,
})

export const branchOf = (children: readonly (Link | null)[]): Branch => ({
  kind: 'branch',
  totals: sumOf(children),
  children,
})

const VERSION = 1
const KINDS = { leaf: 1, branch: 2, root: 3 } as const

const writer = new ByteWriter()

export function encodeNode(node: TreeNode): Buffer {
  writer.reset()
  writer.byte(VERSION)
  writer.byte(KINDS[node.kind])
  switch (node.kind) {
    case 'leaf':
      writer.byte(node.entries.length)
      for (const entry of node.entries) writeEntry(writer, entry)
      break
    case 'branch':
      writer.u32(node.children.reduce((bits, child, slot) => (child ? bits | (1 << slot) : bits), 0) >>> 0)
      for (const child of node.children) if (child) writeLink(writer, child)
      break
    case 'root':
      writeEntry(writer, node.entry)
      break
    default:
      assertNever(node, 'kind of tree node')
  }
  return writer.bytes()
}

/** Errors: E_OBJECT_DAMAGED for whatever `encodeNode` does not write. */
export function decodeNode(bytes: Buffer, address: string): TreeNode {
  const from = new ByteReader(bytes, address)
  const version = from.byte()
  if (version !== VERSION) from.fail(`its format is ${version}, not ${VERSION}`)
  const node = decodeKind(from, from.byte())
  from.end()
  return node
}

function decodeKind(from: ByteReader, kind: number): TreeNode {
  switch (kind) {
    case KINDS.leaf:
      return decodeLeaf(from)
    case KINDS.branch:
      return decodeBranch(from)
    case KINDS.root:
      return decodeRoot(from)
    default:
      return from.fail(`there is no kind ${kind} of node`)
  }
}

function decodeLeaf(from: ByteReader): Leaf {
  const count = from.byte()
  if (count === 0 || count > WIDTH) from.fail(`a leaf has ${count} entries`)
  const entries: DirectoryEntry[] = []
  for (let last = ''; entries.length < count;) {
    const entry = readEntry(from)
    if (!isName(entry.name)) from.fail('an entry has a name that no file can have')
    if (entry.name <= last) from.fail('its entries are not sorted')
    entries.push(entry)
    last = entry.name
  }
  return leafOf(entries)
}

function decodeBranch(from: ByteReader): Branch {
  const bits = from.u32()
  const children = Array.from({ length: WIDTH }, (_, slot) => ((bits >>> slot) & 1 ? readLink(from) : null))
  const branch = branchOf(children)
  if (branch.totals.entries <= WIDTH || children.some((child) => child?.entries === 0)) {
    from.fail('it branches for fewer entries than it should')
  }
  return branch
}

function decodeRoot(from: ByteReader): Root {
  const entry = readEntry(from)
  if (entry.name !== '' || entry.state.type !== 'directory') from.fail('its root is no directory without a name')
  return { kind: 'root', entry }
}

/** Whether a directory can have this name. */
export function isName(name: string): boolean {
  return name !== '' && name !== '.' && name !== '..' && !name.includes('/') && !name.includes('\0')
}
