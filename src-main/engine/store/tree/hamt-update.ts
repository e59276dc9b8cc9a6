import { byName, type DirectoryEntry, type Link, sumOf, type Totals } from './directory-entry.ts'
import { entriesOf } from './hamt.ts'
import { hashOfName, slotAt } from './name-hash.ts'
import { type Branch, branchOf, type Leaf, leafOf, WIDTH } from './node-codec.ts'
import type { TreeNodes } from './tree-nodes.ts'

/**
 * The directory after names got a new entry, or none (null). Each node that differs is put once, all others are shared.
 * Whatever way a set of entries came to be, its nodes are the same: up to 32 entries are a leaf, more are a branch.
 */
export function updateHamt(
  nodes: TreeNodes,
  directory: Link | null,
  changes: ReadonlyMap<string, DirectoryEntry | null>,
): Link | null {
  const list = [...changes].map(([name, entry]) => ({ name, entry }))
  const part = new Update(nodes).change(directory, list, 0)
  return part && store(nodes, part)
}

interface NameChange {
  readonly name: string
  readonly entry: DirectoryEntry | null
}

/** A subtree after the update: one that is stored, or one that is to be, once it is certain that it is no part of a leaf. */
type Part = Link | NewLeaf | NewBranch

interface NewLeaf extends Totals {
  readonly leaf: Leaf
  readonly predecessor: string | null
}

interface NewBranch extends Totals {
  readonly parts: readonly (Part | null)[]
  readonly predecessor: string | null
}

class Update {
  /** Asked for only where a directory branches: most are one leaf. */
  private readonly hashes = new Map<string, string>()

  constructor(private readonly nodes: TreeNodes) {}

  change(at: Link | null, changes: readonly NameChange[], level: number): Part | null {
    if (changes.length === 0) return at
    if (!at) return this.changeLeaf([], changes, level, null)
    const node = this.nodes.read(at, level)
    if (node.kind === 'branch') return this.changeBranch(at, node, changes, level)
    return this.changeLeaf(node.entries, changes, level, at.address)
  }

  private changeLeaf(
    before: readonly DirectoryEntry[],
    changes: readonly NameChange[],
    level: number,
    predecessor: string | null,
  ): Part | null {
    const entries = new Map(before.map((entry) => [entry.name, entry]))
    for (const { name, entry } of changes) {
      if (entry) entries.set(name, entry)
      else entries.delete(name)
    }
    return this.build([...entries.values()].sort(byName), level, predecessor)
  }

  private changeBranch(at: Link, { children }: Branch, changes: readonly NameChange[], level: number): Part | null {
    const groups = this.intoSlots(changes, level)
    const parts = children.map((child, slot) => this.change(child, groups[slot] ?? [], level + 1))
    const totals = sumOf(parts)
    if (totals.entries > WIDTH) return { parts, predecessor: at.address, ...totals }
    const entries = parts.flatMap((part) => (part ? this.entriesOf(part, level + 1) : []))
    return this.build(entries.sort(byName), level, at.address)
  }

  /** A new subtree of sorted entries. */
  private build(entries: readonly DirectoryEntry[], level: number, predecessor: string | null): Part | null {
    if (entries.length === 0) return null
    if (entries.length <= WIDTH) {
      const leaf = leafOf(entries)
      return { leaf, predecessor, ...leaf.totals }
    }
    const parts = this.intoSlots(entries, level).map((group) => this.build(group, level + 1, predecessor))
    return { parts, predecessor, ...sumOf(parts) }
  }

  private entriesOf(part: Part, level: number): readonly DirectoryEntry[] {
    if ('leaf' in part) return part.leaf.entries
    if ('parts' in part) return part.parts.flatMap((one) => (one ? this.entriesOf(one, level + 1) : []))
    return entriesOf(this.nodes, part, level)
  }

  /** Groups keep their order. */
  private intoSlots<T extends { readonly name: string }>(named: readonly T[], level: number): T[][] {
    const groups = Array.from({ length: WIDTH }, (): T[] => [])
    for (const one of named) {
      let hash = this.hashes.get(one.name)
      if (hash === undefined) this.hashes.set(one.name, (hash = hashOfName(one.name)))
      groups[slotAt(hash, level)]?.push(one)
    }
    return groups
  }
}

function store(nodes: TreeNodes, part: Part): Link {
  if ('leaf' in part) return nodes.put(part.leaf, part.predecessor)
  if ('parts' in part) {
    return nodes.put(branchOf(part.parts.map((one) => one && store(nodes, one))), part.predecessor)
  }
  return part
}
