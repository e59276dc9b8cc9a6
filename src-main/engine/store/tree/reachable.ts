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
  yield* content(entry, seen)
  // Directories may lie thousands deep: what waits stands in a list, not on the stack.
  const waiting: Place[] = entry.below ? [{ at: entry.below, slots: [] }] : []
  for (let place = waiting.pop(); place; place = waiting.pop()) {
    const { at, slots } = place
    // The same node elsewhere in a directory would be in the wrong place.
    const key = slots.length === 0 ? at.address : `${at.address}/${slots.join('/')}`
    if (seen.has(key)) continue
    const node = nodes.read(at, slots.length)
    seen.add(key)
    yield { kind: 'tree', address: at.address }
    if (node.kind === 'branch') {
      for (const [slot, child] of node.children.entries()) {
        if (child) waiting.push({ at: child, slots: [...slots, slot] })
      }
      continue
    }
    for (const below of node.entries) {
      const hash = slots.length === 0 ? '' : hashOfName(below.name)
      if (slots.some((slot, level) => slotAt(hash, level) !== slot)) {
        throw damagedNode(at.address, 'a name is where it would not be found')
      }
      yield* content(below, seen)
      if (below.below) waiting.push({ at: below.below, slots: [] })
    }
  }
}

/** A node, and the slots that lead to it from the root of its directory. */
interface Place {
  readonly at: Link
  readonly slots: readonly number[]
}

function* content({ state: { object } }: DirectoryEntry, seen: Set<string>): Generator<Reached> {
  if (object === undefined || seen.has(object)) return
  seen.add(object)
  yield { kind: 'content', address: object }
}
