import { directoryOf, nameOf } from '../../history/paths.ts'
import { type DirectoryEntry, type Link, type PresentState, UNTOLD_DIRECTORY } from './directory-entry.ts'
import { findEntry } from './hamt.ts'
import { updateHamt } from './hamt-update.ts'
import { isName } from './node-codec.ts'
import type { TreeNodes } from './tree-nodes.ts'

/** A file or directory of a draft. */
export class DraftNode {
  /** Where it is; null: it was taken from there, or it is the root. What is below it stays in it. */
  slot: Slot | null = null
  /** Names below it that somebody asked for. */
  slots: Map<string, Slot> | null = null
  /** What is stored of the directory. */
  below: Link | null

  constructor(
    private current: PresentState,
    /** Its entry in the tree that the draft began with. */
    readonly stored: DirectoryEntry | null,
  ) {
    this.below = stored?.below ?? null
  }

  get state(): PresentState {
    return this.current
  }

  /** Only a directory keeps what is below it. */
  set state(state: PresentState) {
    this.current = state
    if (state.type === 'directory') return
    this.below = null
    this.slots = null
  }
}

/** A name in a directory. */
interface Slot {
  readonly name: string
  /** What is stored there. */
  readonly stored: DirectoryEntry | null
  node: DraftNode | null
}

/**
 * A tree while it is being changed: what was asked for and what changed is in memory, and `flush` writes each node that
 * differs once. Nothing but a directory has anything below it.
 */
export class TreeDraft {
  private readonly top: DraftNode

  constructor(
    private readonly nodes: TreeNodes,
    /** Address of the tree it begins with; null: an empty one. */
    private readonly root: string | null,
  ) {
    const entry = root === null ? null : nodes.root(root)
    this.top = new DraftNode(entry?.state ?? UNTOLD_DIRECTORY, entry)
  }

  /** What is at a path now. */
  find(path: string): DraftNode | null {
    let at: DraftNode | null = this.top
    for (const name of path === '' ? [] : path.split('/')) {
      at = at?.state.type === 'directory' ? this.slotIn(at, name).node : null
    }
    return at
  }

  /** The directory at a path; where there is none, it begins, and so do those above it. */
  directory(path: string): DraftNode {
    const there = this.find(path)
    return there?.state.type === 'directory' ? there : this.set(path, () => UNTOLD_DIRECTORY)
  }

  /** Gives a state to what is at a path, or to something new there. */
  set(path: string, next: (before: PresentState | null) => PresentState): DraftNode {
    const there = path === '' ? this.top : this.slotAt(path).node
    if (there) {
      there.state = next(there.state)
      return there
    }
    const node = new DraftNode(next(null), null)
    this.attach(node, path)
    return node
  }

  /** Takes something from its name, with all below it. */
  detach(node: DraftNode): void {
    if (!node.slot) throw new Error('The root of a tree stays where it is.')
    node.slot.node = null
    node.slot = null
  }

  /** Puts something detached at a path; what is there goes. */
  attach(node: DraftNode, path: string): void {
    const slot = this.slotAt(path)
    if (slot.node) this.detach(slot.node)
    slot.node = node
    node.slot = slot
  }

  /** Stores the tree as it is now. Returns its address. */
  flush(): string {
    const entry = this.entryOf(this.top)
    return entry === this.top.stored && this.root !== null ? this.root : this.nodes.putRoot(entry, this.root)
  }

  private slotAt(path: string): Slot {
    return this.slotIn(this.directory(directoryOf(path)), nameOf(path))
  }

  private slotIn(parent: DraftNode, name: string): Slot {
    parent.slots ??= new Map()
    let slot = parent.slots.get(name)
    if (!slot) {
      if (!isName(name)) throw new Error(`No file can have the name "${name}".`)
      const stored = findEntry(this.nodes, parent.below, name)
      slot = { name, stored, node: stored && new DraftNode(stored.state, stored) }
      if (slot.node) slot.node.slot = slot
      parent.slots.set(name, slot)
    }
    return slot
  }

  /** The very entry that is stored, where nothing differs. */
  private entryOf(node: DraftNode): DirectoryEntry {
    const { slot, slots, state, stored } = node
    const changes = new Map<string, DirectoryEntry | null>()
    for (const { name, stored, node: kid } of slots?.values() ?? []) {
      const entry = kid && this.entryOf(kid)
      if (entry !== stored) changes.set(name, entry)
    }
    const below = changes.size === 0 ? node.below : updateHamt(this.nodes, node.below, changes)
    const name = slot?.name ?? ''
    const same = stored?.name === name && stored.state === state && stored.below?.address === below?.address
    return same ? stored : { name, state, below }
  }
}
