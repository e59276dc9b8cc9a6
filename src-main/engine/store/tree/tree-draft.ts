import { directoryOf, nameOf } from '../../history/paths.ts'
import { type DirectoryEntry, type Link, type PresentState, UNTOLD_DIRECTORY } from './directory-entry.ts'
import { findEntry } from './hamt.ts'
import { updateHamt } from './hamt-update.ts'
import { isName } from './node-codec.ts'
import type { TreeNodes } from './tree-nodes.ts'

/** A file or directory of the draft. */
export interface DraftNode {
  parent: DraftNode | null
  name: string
  /** In the draft's tree, as far as itself is concerned: one below something that was detached still says so. */
  attached: boolean
  readonly state: PresentState
  /** As it is stored. */
  readonly below: Link | null
  /** Names below it that somebody asked for. */
  readonly names: Map<string, Name>
  /** Its entry in the tree that the draft began with. */
  readonly stored: DirectoryEntry | null
}

interface Name {
  readonly stored: DirectoryEntry | null
  node: DraftNode | null
}

type Writable<T> = { -readonly [K in keyof T]: T[K] }

/**
 * A tree while it is being changed: what was asked for and what changed is in memory, and `flush` writes each node that
 * differs once. Nothing but a directory has anything below it.
 */
export class TreeDraft {
  readonly top: DraftNode

  constructor(
    private readonly nodes: TreeNodes,
    /** Address of the tree it begins with; null: an empty one. */
    private readonly root: string | null,
  ) {
    this.top = root === null ? newNode(UNTOLD_DIRECTORY) : nodeOf(nodes.root(root))
    this.top.attached = true
  }

  /** What is at a path now. */
  find(path: string): DraftNode | null {
    let at: DraftNode | null = this.top
    for (const name of path === '' ? [] : path.split('/')) at = at && this.child(at, name)
    return at
  }

  /** The directory at a path; where there is none, it begins, and so do those above it. */
  directory(path: string): DraftNode {
    if (path === '') return this.top
    const there = this.find(path)
    if (there?.state.type === 'directory') return there
    return this.set(path, UNTOLD_DIRECTORY)
  }

  /** Makes what is at a path, or something new there, have this state. Only a directory keeps what is below it. */
  set(path: string, state: PresentState): DraftNode {
    const there = this.find(path)
    const node = there ?? newNode(state)
    this.setState(node, state)
    if (!there) this.attach(node, path)
    return node
  }

  setState(node: DraftNode, state: PresentState): void {
    const changed: Writable<DraftNode> = node
    changed.state = state
    if (state.type === 'directory') return
    changed.below = null
    node.names.clear()
  }

  /** Takes something from its name, with all below it. */
  detach(node: DraftNode): void {
    if (!node.parent) throw new Error('The root of a tree stays where it is.')
    this.nameIn(node.parent, node.name).node = null
    node.attached = false
  }

  /** Puts something detached at a path; what is there goes. */
  attach(node: DraftNode, path: string): void {
    const parent = this.directory(directoryOf(path))
    const name = this.nameIn(parent, nameOf(path))
    if (name.node) name.node.attached = false
    name.node = node
    Object.assign(node, { parent, name: nameOf(path), attached: true })
  }

  /** Stores the tree as it is now. Returns its address. */
  flush(): string {
    const entry = this.entryOf(this.top)
    return entry === this.top.stored && this.root !== null ? this.root : this.nodes.putRoot(entry, this.root)
  }

  private child(parent: DraftNode, name: string): DraftNode | null {
    return parent.state.type === 'directory' ? this.nameIn(parent, name).node : null
  }

  private nameIn(parent: DraftNode, name: string): Name {
    let known = parent.names.get(name)
    if (!known) {
      if (!isName(name)) throw new Error(`No file can have the name "${name}".`)
      const stored = findEntry(this.nodes, parent.below, name)
      known = { stored, node: stored && nodeOf(stored, parent) }
      parent.names.set(name, known)
    }
    return known
  }

  /** The entry that is stored where nothing differs. */
  private entryOf(node: DraftNode): DirectoryEntry {
    const { name, state, stored } = node
    const changes = new Map<string, DirectoryEntry | null>()
    for (const [name, { stored, node: kid }] of node.names) {
      const entry = kid && this.entryOf(kid)
      if (entry !== stored) changes.set(name, entry)
    }
    const below = changes.size === 0 ? node.below : updateHamt(this.nodes, node.below, changes)
    const same = stored?.name === name && stored.state === state && stored.below?.address === below?.address
    return same ? stored : { name, state, below }
  }
}

function newNode(state: PresentState): DraftNode {
  return { parent: null, name: '', attached: false, state, below: null, names: new Map(), stored: null }
}

function nodeOf(stored: DirectoryEntry, parent: DraftNode | null = null): DraftNode {
  const { name, state, below } = stored
  return { parent, name, attached: true, state, below, names: new Map(), stored }
}
