import { damagedNode } from './bytes.ts'
import type { DirectoryEntry, Link } from './directory-entry.ts'
import { hashOfName, slotAt } from './name-hash.ts'
import type { TreeNodes } from './tree-nodes.ts'

/** An object that a tree needs: a node of its own, or the content of a file. */
export interface Reached {
  readonly kind: 'tree' | 'content'
  readonly address: string
}

/**
 * All objects below a directory's entry but what `seen` has, which gets them. Nodes are read and checked on the way, to
 * the last: also that each name is where it is looked for, which is the one thing that reading a node does not tell.
 *
 * Errors: E_OBJECT_MISSING, E_OBJECT_DAMAGED.
 */
export function* reachableBelow(nodes: TreeNodes, entry: DirectoryEntry, seen: Set<string>): Generator<Reached> {
  const { object } = entry.state
  if (object !== undefined && !seen.has(object)) {
    seen.add(object)
    yield { kind: 'content', address: object }
  }
  if (entry.below) yield* reachable(nodes, entry.below, [], seen)
}

/** `slots` lead to the node from the root of its directory. */
function* reachable(nodes: TreeNodes, at: Link, slots: readonly number[], seen: Set<string>): Generator<Reached> {
  // The same node elsewhere in a directory would be in the wrong place.
  const place = slots.length === 0 ? at.address : `${at.address}/${slots.join('/')}`
  if (seen.has(place)) return
  const node = nodes.read(at, slots.length)
  seen.add(place)
  yield { kind: 'tree', address: at.address }
  if (node.kind === 'branch') {
    for (const [slot, child] of node.children.entries()) {
      if (child) yield* reachable(nodes, child, [...slots, slot], seen)
    }
    return
  }
  for (const entry of node.entries) {
    const hash = slots.length === 0 ? '' : hashOfName(entry.name)
    if (slots.some((slot, level) => slotAt(hash, level) !== slot)) {
      throw damagedNode(at.address, 'a name is where it would not be found')
    }
    yield* reachableBelow(nodes, entry, seen)
  }
}
