import type { ChangeEntry } from '../../history/change-metadata.ts'
import { assertNever } from '../../assert-never.ts'
import { applyEntries } from './apply-entries.ts'
import { type DirectoryEntry, type PresentState } from './directory-entry.ts'
import { entriesOf, findEntry } from './hamt.ts'
import type { NodeStore } from './node-store.ts'
import { type Reached, reachableBelow } from './reachable.ts'
import { type Difference, diffEntries } from './tree-diff.ts'
import { TreeDraft } from './tree-draft.ts'
import { TreeNodes } from './tree-nodes.ts'

/** Something that is in a tree, `path` below where the walk began. */
export interface WalkedEntry {
  readonly path: string
  readonly state: PresentState
}

/** One step of work on a tree; a path is that of the tree which the steps before it left. */
export type TreeEdit =
  /** A new state for what is at the path, or something new there. Missing directories above it begin. */
  | { readonly kind: 'set'; readonly path: string; readonly state: PresentState }
  /** With all below it; nothing happens where nothing is. */
  | { readonly kind: 'remove'; readonly path: string }
  /** With all below it, in the place of what is at `to`. `from` exists, and `to` is not below it. */
  | { readonly kind: 'move'; readonly from: string; readonly to: string }

/**
 * The trees of a store. A tree is named by its address (64 hex digits), and never changes: work on one gives the address
 * of another, which shares all nodes that do not differ. Paths are relative to the tree, one char per byte, empty for
 * its root.
 *
 * Errors of all that reads: E_OBJECT_MISSING, E_OBJECT_DAMAGED.
 */
export class Trees {
  private readonly nodes: TreeNodes

  constructor(nodes: NodeStore) {
    this.nodes = new TreeNodes(nodes)
  }

  /** The tree with nothing in it. */
  empty(): string {
    return new TreeDraft(this.nodes, null).flush()
  }

  /** The entry at a path; null: there is none. A directory's tells how much is below it. */
  lookup(root: string, path: string): DirectoryEntry | null {
    return this.follow(root, path)
  }

  /** What is directly in a directory, sorted by name; null: there is no directory at the path. */
  list(root: string, path: string): readonly DirectoryEntry[] | null {
    const entry = this.follow(root, path)
    return entry?.state.type === 'directory' ? entriesOf(this.nodes, entry.below) : null
  }

  /**
   * All that is below a path, in the order of names' bytes, each directory before what is in it. `after` is a path that
   * an earlier walk ended with: this one goes on behind it.
   */
  *walk(root: string, path: string, { after = '' }: { after?: string } = {}): Generator<WalkedEntry> {
    const entry = this.follow(root, path)
    if (entry) yield* this.walkBelow(entry, '', after === '' ? [] : after.split('/'))
  }

  /** What differs between two trees, in the order of a walk; costs what differs. The path of the root itself is empty. */
  diff(before: string, after: string): Generator<Difference> {
    return diffEntries(this.nodes, '', this.nodes.root(before), this.nodes.root(after))
  }

  /** The tree after some work, all of it written at once. */
  edit(root: string, edits: Iterable<TreeEdit>): string {
    const draft = new TreeDraft(this.nodes, root)
    for (const edit of edits) applyEdit(draft, edit)
    return draft.flush()
  }

  /** The tree after a change whose metadata has these entries. */
  apply(root: string, entries: readonly ChangeEntry[]): string {
    const draft = new TreeDraft(this.nodes, root)
    applyEntries(draft, entries)
    return draft.flush()
  }

  /**
   * The bytes of all nodes that `lookup` of a path reads: it finds the same in `nodesFrom` of them, also that there is
   * nothing.
   */
  nodesOfPath(root: string, path: string): Buffer[] {
    const addresses = [root]
    this.follow(root, path, ({ address }) => addresses.push(address))
    return addresses.map((address) => this.nodes.bytes(address))
  }

  /**
   * All objects that a tree needs but what `seen` has, which gets them: for what is to be kept, and to check a tree, since
   * each node is read and checked as far as it can be. `seen` is of use to this function alone.
   */
  *reachable(root: string, seen = new Set<string>()): Generator<Reached> {
    if (seen.has(root)) return
    const entry = this.nodes.root(root)
    seen.add(root)
    yield { kind: 'tree', address: root }
    yield* reachableBelow(this.nodes, entry, seen)
  }

  private follow(root: string, path: string, visit?: Parameters<typeof findEntry>[3]): DirectoryEntry | null {
    let at: DirectoryEntry | null = this.nodes.root(root)
    for (const name of path === '' ? [] : path.split('/')) at = at && findEntry(this.nodes, at.below, name, visit)
    return at
  }

  private *walkBelow(directory: DirectoryEntry, prefix: string, after: readonly string[]): Generator<WalkedEntry> {
    const [behind = ''] = after
    for (const entry of entriesOf(this.nodes, directory.below)) {
      if (entry.name < behind) continue
      const path = prefix + entry.name
      if (entry.name !== behind) yield { path, state: entry.state }
      yield* this.walkBelow(entry, `${path}/`, entry.name === behind ? after.slice(1) : [])
    }
  }
}

function applyEdit(draft: TreeDraft, edit: TreeEdit): void {
  switch (edit.kind) {
    case 'set':
      draft.set(edit.path, () => edit.state)
      return
    case 'remove': {
      const there = draft.find(edit.path)
      if (there) draft.detach(there)
      return
    }
    case 'move': {
      const moved = draft.find(edit.from)
      if (!moved || `${edit.to}/`.startsWith(`${edit.from}/`)) {
        throw new Error(`"${edit.from}" cannot be moved to "${edit.to}".`)
      }
      draft.detach(moved)
      draft.attach(moved, edit.to)
      return
    }
    default:
      assertNever(edit, 'edit of a tree')
  }
}
